#include "server/ingest/pickle/python_record_writer.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "proto/wire/level.h"
#include "server/ingest/pickle/python_int.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;
using Key = PythonKey;

constexpr absl::string_view kOriginalPrefix = "python.";
constexpr absl::string_view kExtraPrefix = "python.extra.";

// Keys whose attribute has another name, and the kind of value it holds.
struct MappedAttribute {
  Key key;
  absl::string_view attribute;
  Kind kind;
};
constexpr MappedAttribute kMapped[] = {
    {Key::kPathname, "code.file.path", Kind::kString},
    {Key::kLineno, "code.line.number", Kind::kInt},
    {Key::kFuncName, "code.function.name", Kind::kString},
    {Key::kThread, "thread.id", Kind::kInt},
    {Key::kThreadName, "thread.name", Kind::kString},
    {Key::kProcess, "process.pid", Kind::kInt},
    {Key::kExcText, "exception.stacktrace", Kind::kString},
};

// Keys that are None in nearly every record: None is not written, absence is.
constexpr Key kUsuallyNone[] = {Key::kArgs, Key::kExcInfo, Key::kExcText,
                                Key::kStackInfo};

// Whether an extra's name would be taken for a mapped attribute or an original.
bool IsReserved(absl::string_view name) {
  if (absl::StartsWith(name, kOriginalPrefix)) return true;
  for (const MappedAttribute& mapped : kMapped) {
    if (mapped.attribute == name) return true;
  }
  return false;
}

// An int of any size, clamped to 32 bits.
int32_t ClampLevelno(const PythonValue& levelno) {
  constexpr int64_t kMin = std::numeric_limits<int32_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int32_t>::max();
  if (!levelno.is(Kind::kInt)) {
    return static_cast<int32_t>(IsNegativeInt(levelno) ? kMin : kMax);
  }
  return static_cast<int32_t>(std::clamp(levelno.int_value(), kMin, kMax));
}

}  // namespace

PythonRecordWriter::PythonRecordWriter(std::string logger,
                                       const PythonValueLimits& limits)
    : logger_(std::move(logger)), values_(limits) {}

absl::Status PythonRecordWriter::Write(const PythonItems& items,
                                       absl::string_view class_name,
                                       std::string* out) {
  RecordWriter record(out);
  values_.Start(&record.value());
  items_ = &items;
  originals_ = 0;
  if (!WriteRecord(class_name, record)) return values_.status();
  return absl::OkStatus();
}

// All attributes stand together: a reader walks from the first to the last.
bool PythonRecordWriter::WriteRecord(absl::string_view class_name,
                                     RecordWriter& record) {
  WriteCreated(record);
  WriteLevel(record);
  if (!WriteBody(record)) return false;
  WriteName(record);
  if (!WriteMappedAttributes(record) || !WriteOriginals(record) ||
      !WriteExtras(record) || !WriteUnnamed(record)) {
    return false;
  }
  WriteAbsent(record);
  if (!class_name.empty()) record.Attribute("python.class", class_name);
  return true;
}

void PythonRecordWriter::WriteCreated(RecordWriter& record) {
  const PythonValue& value = Value(Key::kCreated);
  double created;
  if (value.is(Kind::kDouble)) {
    created = value.double_value();
  } else if (value.is(Kind::kInt)) {
    created = static_cast<double>(value.int_value());
  } else {
    KeepOriginalIfPresent(Key::kCreated);
    return;
  }
  uint64_t nanos = 0;
  if (TimeFromCreated(created, &nanos)) record.Time(nanos);
  // 0 is written as no time at all.
  const bool exact = value.is(Kind::kDouble) && nanos != 0 &&
                     CreatedFromTime(nanos) == created;
  if (!exact) KeepOriginal(Key::kCreated);
}

void PythonRecordWriter::WriteLevel(RecordWriter& record) {
  const PythonValue& levelno = Value(Key::kLevelno);
  if (IsInt(levelno)) {
    const int32_t clamped = ClampLevelno(levelno);
    record.SeverityNumber(SeverityFromLevelno(clamped));
    record.Levelno(clamped);
    const bool exact = levelno.is(Kind::kInt) && levelno.int_value() == clamped;
    if (!exact) KeepOriginal(Key::kLevelno);
  } else {
    KeepOriginalIfPresent(Key::kLevelno);
  }
  const PythonValue& name = Value(Key::kLevelname);
  if (name.is(Kind::kString) && !name.text().empty()) {
    record.SeverityText(name.text());
  } else {
    KeepOriginalIfPresent(Key::kLevelname);
  }
}

bool PythonRecordWriter::WriteBody(RecordWriter& record) {
  const PythonValue& msg = Value(Key::kMsg);
  if (msg.is(Kind::kAbsent)) return true;
  const OpenField body = record.BeginBody();
  if (!values_.Write(msg)) return false;
  record.EndBody(body);
  return true;
}

void PythonRecordWriter::WriteName(RecordWriter& record) {
  const PythonValue& name = Value(Key::kName);
  const bool is_logger = name.is(Kind::kString) && !name.text().empty();
  if (!logger_.empty()) {
    record.Logger(logger_);
    KeepOriginalIfPresent(Key::kName);
  } else if (is_logger) {
    record.Logger(name.text());
  } else {
    KeepOriginalIfPresent(Key::kName);
  }
}

bool PythonRecordWriter::WriteAttribute(absl::string_view name,
                                        const PythonValue& value,
                                        RecordWriter& record) {
  switch (value.kind()) {
    case Kind::kString:
      record.Attribute(name, value.text());
      return values_.CountValue();
    case Kind::kInt:
      record.AttributeInt(name, value.int_value());
      return values_.CountValue();
    case Kind::kDouble:
      record.AttributeDouble(name, value.double_value());
      return values_.CountValue();
    default:
      break;
  }
  const ValueWriter::OpenPair pair = record.BeginAttribute(name);
  if (!values_.Write(value)) return false;
  record.EndAttribute(pair);
  return true;
}

bool PythonRecordWriter::WriteMappedAttributes(RecordWriter& record) {
  for (const MappedAttribute& mapped : kMapped) {
    const PythonValue& value = Value(mapped.key);
    if (value.is(mapped.kind)) {
      if (!WriteAttribute(mapped.attribute, value, record)) return false;
    } else if (mapped.key != Key::kExcText || !value.is(Kind::kNone)) {
      KeepOriginalIfPresent(mapped.key);
    }
  }
  if (!Value(Key::kArgs).is(Kind::kNone)) KeepOriginalIfPresent(Key::kArgs);
  for (const Key key : {Key::kExcInfo, Key::kStackInfo}) {
    const PythonValue& value = Value(key);
    if (value.is(Kind::kAbsent) || value.is(Kind::kNone)) continue;
    if (!WriteAttribute(NameOf(key), value, record)) return false;
  }
  return true;
}

bool PythonRecordWriter::WriteOriginals(RecordWriter& record) {
  for (uint32_t left = originals_; left != 0; left &= left - 1) {
    const Key key = static_cast<Key>(std::countr_zero(left));
    name_.clear();
    absl::StrAppend(&name_, kOriginalPrefix, NameOf(key));
    if (!WriteAttribute(name_, Value(key), record)) return false;
  }
  return true;
}

bool PythonRecordWriter::WriteExtras(RecordWriter& record) {
  for (const auto& [key, value] : items_->extras()) {
    absl::string_view name = key.text();
    if (IsReserved(name)) {
      name_.clear();
      absl::StrAppend(&name_, kExtraPrefix, name);
      name = name_;
    }
    if (!WriteAttribute(name, value, record)) return false;
  }
  return true;
}

bool PythonRecordWriter::WriteUnnamed(RecordWriter& record) {
  if (items_->unnamed().empty()) return true;
  std::vector<PythonValue> values;
  for (const auto& [key, value] : items_->unnamed()) {
    values.push_back(key);
    values.push_back(value);
  }
  PythonContainer::Run run{values.data(), static_cast<uint32_t>(values.size()),
                           nullptr};
  PythonContainer pairs;
  pairs.Append(&run);
  const ValueWriter::OpenPair attribute = record.BeginAttribute("python.pairs");
  if (!values_.WritePairs(pairs)) return false;
  record.EndAttribute(attribute);
  return true;
}

void PythonRecordWriter::WriteAbsent(RecordWriter& record) {
  const bool any =
      std::any_of(std::begin(kUsuallyNone), std::end(kUsuallyNone),
                  [&](Key key) { return Value(key).is(Kind::kAbsent); });
  if (!any) return;
  ValueWriter& value = record.value();
  const ValueWriter::OpenPair attribute =
      record.BeginAttribute("python.absent");
  const OpenField array = value.BeginArray();
  for (const Key key : kUsuallyNone) {
    if (!Value(key).is(Kind::kAbsent)) continue;
    const OpenField element = value.BeginElement();
    value.String(NameOf(key));
    value.message().End(element);
  }
  value.EndContainer(array);
  record.EndAttribute(attribute);
}

}  // namespace logboom
