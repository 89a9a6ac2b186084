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
// At least as many bytes as any name or prefix that is not the sender's.
constexpr size_t kLongestName = 32;
// At least as many fields and attributes as the known keys become.
constexpr size_t kKnownFields = 2 * static_cast<size_t>(Key::kOther) + 1;

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

// Bit n: a mapped attribute's name has n bytes.
constexpr uint32_t kMappedSizes = [] {
  uint32_t sizes = 0;
  for (const MappedAttribute& mapped : kMapped) {
    sizes |= uint32_t{1} << mapped.attribute.size();
  }
  return sizes;
}();

// Whether an extra's name would be taken for a mapped attribute or an original.
bool IsReserved(absl::string_view name) {
  if (absl::StartsWith(name, kOriginalPrefix)) return true;
  if (name.size() >= 32 || (kMappedSizes >> name.size() & 1) == 0) return false;
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

// An attribute whose value both writers write at once; false for any other.
template <typename Record>
bool WriteTextOrNumber(absl::string_view name, const PythonValue& value,
                       Record& record) {
  switch (value.kind()) {
    case Kind::kString:
      record.Attribute(name, value.text());
      return true;
    case Kind::kInt:
      record.AttributeInt(name, value.int_value());
      return true;
    case Kind::kDouble:
      record.AttributeDouble(name, value.double_value());
      return true;
    default:
      return false;
  }
}

}  // namespace

PythonRecordWriter::PythonRecordWriter(std::string logger,
                                       const PythonValueLimits& limits)
    : logger_(std::move(logger)), values_(limits) {}

absl::Status PythonRecordWriter::Write(const PythonItems& items,
                                       absl::string_view class_name,
                                       std::string* out) {
  items_ = &items;
  RecordWriter record(out);
  values_.Start(&record.value());
  if (!WriteRecord(record) || !WriteUnnamed(record)) return values_.status();
  WriteAbsent(record);
  if (!class_name.empty()) record.Attribute("python.class", class_name);
  return absl::OkStatus();
}

// All that is written or counted against the limits is bounded beforehand.
bool PythonRecordWriter::WritePlain(const PythonItems& items,
                                    std::string* out) {
  items_ = &items;
  const size_t fields = kKnownFields + items.extras().size();
  const size_t most_bytes =
      items.text_bytes() + logger_.size() +
      fields * (PlainRecordWriter::kMaxFieldBytes + kLongestName);
  if (most_bytes > kPlainBytes || !values_.HasRoomFor(fields, most_bytes) ||
      !items.unnamed().empty() || LacksUsuallyNone()) {
    return false;
  }
  PlainRecordWriter record(plain_.data());
  if (!WriteRecord(record)) return false;
  out->append(record.record().data(), record.record().size());
  return true;
}

// All attributes stand together: a reader walks from the first to the last.
template <typename Record>
bool PythonRecordWriter::WriteRecord(Record& record) {
  originals_ = 0;
  WriteCreated(record);
  WriteLevel(record);
  if (!WriteBody(record)) return false;
  WriteName(record);
  return WriteMappedAttributes(record) && WriteOriginals(record) &&
         WriteExtras(record);
}

template <typename Record>
void PythonRecordWriter::WriteCreated(Record& record) {
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

template <typename Record>
void PythonRecordWriter::WriteLevel(Record& record) {
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

bool PythonRecordWriter::WriteBody(PlainRecordWriter& record) {
  const PythonValue& msg = Value(Key::kMsg);
  if (!msg.is(Kind::kString)) return false;
  record.BodyText(msg.text());
  return true;
}

bool PythonRecordWriter::WriteBody(RecordWriter& record) {
  const PythonValue& msg = Value(Key::kMsg);
  if (msg.is(Kind::kAbsent)) return true;
  const OpenField body = record.BeginBody();
  if (!values_.Write(msg)) return false;
  record.EndBody(body);
  return true;
}

template <typename Record>
void PythonRecordWriter::WriteName(Record& record) {
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
                                        PlainRecordWriter& record) {
  if (WriteTextOrNumber(name, value, record)) return true;
  if (value.is(Kind::kBool)) {
    record.AttributeBool(name, value.bool_value());
  } else if (value.is(Kind::kNone)) {
    record.AttributeNone(name);
  } else {
    return false;
  }
  return true;
}

bool PythonRecordWriter::WriteAttribute(absl::string_view name,
                                        const PythonValue& value,
                                        RecordWriter& record) {
  if (WriteTextOrNumber(name, value, record)) return values_.CountValue();
  const ValueWriter::OpenPair pair = record.BeginAttribute(name);
  if (!values_.Write(value)) return false;
  record.EndAttribute(pair);
  return true;
}

template <typename Record>
bool PythonRecordWriter::WriteMappedAttributes(Record& record) {
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

template <typename Record>
bool PythonRecordWriter::WriteOriginals(Record& record) {
  for (uint32_t left = originals_; left != 0; left &= left - 1) {
    const Key key = static_cast<Key>(std::countr_zero(left));
    name_.clear();
    absl::StrAppend(&name_, kOriginalPrefix, NameOf(key));
    if (!WriteAttribute(name_, Value(key), record)) return false;
  }
  return true;
}

template <typename Record>
bool PythonRecordWriter::WriteExtras(Record& record) {
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

bool PythonRecordWriter::LacksUsuallyNone() const {
  return std::any_of(std::begin(kUsuallyNone), std::end(kUsuallyNone),
                     [&](Key key) { return Value(key).is(Kind::kAbsent); });
}

void PythonRecordWriter::WriteAbsent(RecordWriter& record) {
  if (!LacksUsuallyNone()) return;
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
