#include "server/ingest/pickle/python_record.h"

#include <utility>

#include "base/status_macros.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

// The dict of a record and the class it was, if any.
struct RecordDict {
  const PythonContainer* dict = nullptr;
  absl::string_view class_name;
};

// A plain dict; an object whose state is one (a LogRecord); an object that is
// filled like one (a subclass of dict). Nothing of an object is left over.
RecordDict FindDict(const PythonValue& value) {
  if (value.is(Kind::kDict)) return RecordDict{&value.container(), ""};
  if (!value.is(Kind::kObject)) return RecordDict{};
  const PythonObject& object = value.object();
  if (!object.callable.is(Kind::kGlobal) || !object.args->empty() ||
      !object.kwargs.is(Kind::kAbsent) || !object.items.empty()) {
    return RecordDict{};
  }
  const absl::string_view class_name = object.callable.text();
  if (object.state.is(Kind::kDict) && object.pairs.empty()) {
    return RecordDict{&object.state.container(), class_name};
  }
  if (object.state.is(Kind::kAbsent)) {
    return RecordDict{&object.pairs, class_name};
  }
  return RecordDict{};
}

}  // namespace

PythonRecordDecoder::PythonRecordDecoder(PythonRecordOptions options)
    : flat_dicts_(options.unpickler),
      unpickler_(options.unpickler),
      writer_(std::move(options.logger), options.values) {}

absl::Status PythonRecordDecoder::Decode(absl::string_view pickle,
                                         std::string* record) {
  if (flat_dicts_.Read(pickle, &items_) && writer_.WritePlain(items_, record)) {
    return absl::OkStatus();
  }
  return DecodeAny(pickle, record);
}

absl::Status PythonRecordDecoder::DecodeAny(absl::string_view pickle,
                                            std::string* record) {
  LOGBOOM_ASSIGN_OR_RETURN(const PythonValue value, unpickler_.Decode(pickle));
  const RecordDict found = FindDict(value);
  if (found.dict == nullptr) {
    return absl::InvalidArgumentError("pickle: not the dict of a record");
  }
  items_.Clear();
  for (auto it = found.dict->begin(); it != found.dict->end(); ++it) {
    const PythonValue key = *it;
    items_.Add(key, *++it);
  }
  const size_t size = record->size();
  absl::Status status = writer_.Write(items_, found.class_name, record);
  if (!status.ok()) record->resize(size);
  return status;
}

}  // namespace logboom
