#include "server/ingest/pickle/python_value_writer.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ingest/pickle/python_int.h"
#include "server/ingest/pickle/python_known_types.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

constexpr absl::string_view kTypeKey = "__py__";

// Of binary ints that a record may have turned into decimal, which takes time
// quadratic in an int's size: beyond, they stay hexadecimal.
constexpr size_t kDecimalBytesPerRecord = size_t{16} << 10;

// What stands for a container inside itself.
absl::string_view RecursionName(Kind kind) {
  switch (kind) {
    case Kind::kList:
      return "list";
    case Kind::kTuple:
      return "tuple";
    case Kind::kDict:
      return "dict";
    case Kind::kSet:
    case Kind::kFrozenSet:
      return "set";
    default:
      return "object";
  }
}

const void* NodeOf(const PythonValue& value) {
  if (value.is(Kind::kObject)) return &value.object();
  return &value.container();
}

// Whether a dict can be a map: its keys are str, and none would make it look
// like another type.
bool IsMap(const PythonContainer& dict) {
  bool is_key = true;
  for (const PythonValue& value : dict) {
    const bool plain = value.is(Kind::kString) && value.text() != kTypeKey;
    if (is_key && !plain) return false;
    is_key = !is_key;
  }
  return true;
}

}  // namespace

PythonValueWriter::PythonValueWriter(const PythonValueLimits& limits)
    : limits_{std::min(limits.max_depth, kMaxValueDepth), limits.max_items,
              limits.max_bytes} {}

void PythonValueWriter::Start(ValueWriter* out) {
  out_ = out;
  begin_ = out->message().out().size();
  depth_ = 0;
  items_ = 0;
  decimal_bytes_left_ = kDecimalBytesPerRecord;
  path_.clear();
  status_ = absl::OkStatus();
}

bool PythonValueWriter::Fail(absl::string_view what) {
  status_ = absl::ResourceExhaustedError(absl::StrCat("pickle: ", what));
  return false;
}

bool PythonValueWriter::CountValue() {
  if (depth_ >= limits_.max_depth) {
    return Fail(
        absl::StrCat("values nested more than ", limits_.max_depth, " deep"));
  }
  if (++items_ > limits_.max_items) {
    return Fail(absl::StrCat("more than ", limits_.max_items,
                             " values when written out"));
  }
  const size_t size = out_->message().out().size() - begin_;
  if (size > static_cast<size_t>(limits_.max_bytes)) {
    return Fail(absl::StrCat("more than ", limits_.max_bytes,
                             " bytes when written out"));
  }
  return true;
}

bool PythonValueWriter::Enter(const void* node) {
  if (std::find(path_.begin(), path_.end(), node) != path_.end()) return false;
  path_.push_back(node);
  return true;
}

bool PythonValueWriter::Write(const PythonValue& value) {
  if (!CountValue()) return false;
  switch (value.kind()) {
    case Kind::kAbsent:
    case Kind::kNone:
      out_->None();
      return true;
    case Kind::kBool:
      out_->Bool(value.bool_value());
      return true;
    case Kind::kInt:
      out_->Int(value.int_value());
      return true;
    case Kind::kDouble:
      out_->Double(value.double_value());
      return true;
    case Kind::kString:
      out_->String(value.text());
      return true;
    case Kind::kBytes:
      out_->Bytes(value.text());
      return true;
    case Kind::kByteArray:
      return WriteTagged("bytearray", [&] {
        return Pair("value", PythonValue::Text(Kind::kBytes, value.text()));
      });
    case Kind::kGlobal:
      return WriteTagged("type",
                         [&] { return PairString("value", value.text()); });
    case Kind::kDecimalInt:
    case Kind::kBinaryInt:
      return WriteInt(value);
    default:
      return WriteContainer(value);
  }
}

bool PythonValueWriter::WriteInt(const PythonValue& value) {
  std::string text;
  absl::string_view key = "value";
  if (value.is(Kind::kDecimalInt)) {
    return WriteTagged("int", [&] { return PairString(key, value.text()); });
  }
  const absl::string_view bytes = value.text();
  if (bytes.size() <= std::min(kMaxDecimalBytes, decimal_bytes_left_)) {
    decimal_bytes_left_ -= bytes.size();
    AppendDecimal(bytes, &text);
  } else {
    key = "hex";
    AppendHex(bytes, &text);
  }
  return WriteTagged("int", [&] { return PairString(key, text); });
}

bool PythonValueWriter::WriteContainer(const PythonValue& value) {
  if (!Enter(NodeOf(value))) {
    return WriteTagged("recursion", [&] {
      return PairString("value", RecursionName(value.kind()));
    });
  }
  bool ok = false;
  switch (value.kind()) {
    case Kind::kList:
      ok = WriteElements(value.container());
      break;
    case Kind::kTuple:
      ok = WriteSequence("tuple", value.container());
      break;
    case Kind::kSet:
      ok = WriteSequence("set", value.container());
      break;
    case Kind::kFrozenSet:
      ok = WriteSequence("frozenset", value.container());
      break;
    case Kind::kDict:
      ok = WriteDict(value.container());
      break;
    default:
      ok = WriteObject(value.object());
      break;
  }
  Leave();
  return ok;
}

bool PythonValueWriter::WriteElements(const PythonContainer& elements) {
  const OpenField array = out_->BeginArray();
  ++depth_;
  for (const PythonValue& value : elements) {
    const OpenField element = out_->BeginElement();
    if (!Write(value)) return false;
    out_->message().End(element);
  }
  --depth_;
  out_->EndContainer(array);
  return true;
}

bool PythonValueWriter::WritePairs(const PythonContainer& pairs) {
  const OpenField array = out_->BeginArray();
  ++depth_;
  for (auto it = pairs.begin(); it != pairs.end(); ++it) {
    const OpenField element = out_->BeginElement();
    const OpenField pair = out_->BeginArray();
    ++depth_;
    const OpenField key = out_->BeginElement();
    if (!Write(*it)) return false;
    out_->message().End(key);
    const OpenField value = out_->BeginElement();
    if (!Write(*++it)) return false;
    out_->message().End(value);
    --depth_;
    out_->EndContainer(pair);
    out_->message().End(element);
  }
  --depth_;
  out_->EndContainer(array);
  return true;
}

bool PythonValueWriter::WriteSequence(absl::string_view name,
                                      const PythonContainer& elements) {
  return WriteTagged(name, [&] { return PairElements("value", elements); });
}

bool PythonValueWriter::WriteDict(const PythonContainer& dict) {
  if (IsMap(dict)) return WriteMap(dict);
  return WriteTagged("dict", [&] { return PairPairs("value", dict); });
}

bool PythonValueWriter::WriteMap(const PythonContainer& dict) {
  const OpenField map = out_->BeginMap();
  ++depth_;
  for (auto it = dict.begin(); it != dict.end(); ++it) {
    const absl::string_view key = it->text();
    if (!Pair(key, *++it)) return false;
  }
  --depth_;
  out_->EndContainer(map);
  return true;
}

bool PythonValueWriter::WriteObject(const PythonObject& object) {
  switch (WriteKnownObject(object, *this)) {
    case KnownOutcome::kWritten:
      return true;
    case KnownOutcome::kFailed:
      return false;
    case KnownOutcome::kUnknown:
      break;
  }
  const bool named = object.callable.is(Kind::kGlobal);
  return WriteTagged(named ? object.callable.text() : "call",
                     [&] { return WriteOtherObject(object); });
}

bool PythonValueWriter::WriteOtherObject(const PythonObject& object) {
  if (!object.callable.is(Kind::kGlobal) &&
      !Pair("callable", object.callable)) {
    return false;
  }
  if (!PairElements("args", *object.args)) return false;
  if (!object.kwargs.is(Kind::kAbsent) && !Pair("kwargs", object.kwargs)) {
    return false;
  }
  if (!object.state.is(Kind::kAbsent) && !Pair("state", object.state)) {
    return false;
  }
  if (!object.items.empty() && !PairElements("items", object.items)) {
    return false;
  }
  return object.pairs.empty() || PairPairs("pairs", object.pairs);
}

bool PythonValueWriter::WriteTagged(absl::string_view name,
                                    absl::FunctionRef<bool()> body) {
  const OpenField map = out_->BeginMap();
  ++depth_;
  if (!PairString(kTypeKey, name) || !body()) return false;
  --depth_;
  out_->EndContainer(map);
  return true;
}

bool PythonValueWriter::Pair(absl::string_view key, const PythonValue& value) {
  const ValueWriter::OpenPair pair = out_->BeginPair(key);
  if (!Write(value)) return false;
  out_->EndPair(pair);
  return true;
}

bool PythonValueWriter::PairString(absl::string_view key,
                                   absl::string_view value) {
  return Pair(key, PythonValue::Text(Kind::kString, value));
}

bool PythonValueWriter::PairInt(absl::string_view key, int64_t value) {
  return Pair(key, PythonValue::Int(value));
}

bool PythonValueWriter::PairElements(absl::string_view key,
                                     const PythonContainer& elements) {
  const ValueWriter::OpenPair pair = out_->BeginPair(key);
  if (!CountValue() || !WriteElements(elements)) return false;
  out_->EndPair(pair);
  return true;
}

bool PythonValueWriter::PairPairs(absl::string_view key,
                                  const PythonContainer& pairs) {
  const ValueWriter::OpenPair pair = out_->BeginPair(key);
  if (!CountValue() || !WritePairs(pairs)) return false;
  out_->EndPair(pair);
  return true;
}

}  // namespace logboom
