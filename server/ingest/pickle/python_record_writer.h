#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"
#include "server/ingest/pickle/python_items.h"
#include "server/ingest/pickle/python_key.h"
#include "server/ingest/pickle/python_value.h"
#include "server/ingest/pickle/python_value_writer.h"

namespace logboom {

// Writes a LogRecord.__dict__ as a LogRecord (proto/FORMAT.md section 6.1). Not
// thread-safe; reuses its memory.
class PythonRecordWriter {
 public:
  PythonRecordWriter(std::string logger, const PythonValueLimits& limits);

  // Appends the record to `out`. `class_name` is the class of what was pickled,
  // empty for a plain dict. On error (RESOURCE_EXHAUSTED, a limit) `out` has
  // part of a record behind its old end.
  absl::Status Write(const PythonItems& items, absl::string_view class_name,
                     std::string* out);

 private:
  const PythonValue& Value(PythonKey key) const { return items_->Value(key); }

  bool WriteRecord(absl::string_view class_name, RecordWriter& record);
  // The fields; each marks its key when it does not hold the value exactly.
  bool WriteBody(RecordWriter& record);
  void WriteName(RecordWriter& record);
  void WriteLevel(RecordWriter& record);
  void WriteCreated(RecordWriter& record);
  // The attributes.
  bool WriteMappedAttributes(RecordWriter& record);
  bool WriteOriginals(RecordWriter& record);
  bool WriteExtras(RecordWriter& record);
  bool WriteUnnamed(RecordWriter& record);
  void WriteAbsent(RecordWriter& record);

  bool WriteAttribute(absl::string_view name, const PythonValue& value,
                      RecordWriter& record);
  void KeepOriginal(PythonKey key) {
    originals_ |= 1u << static_cast<int>(key);
  }
  void KeepOriginalIfPresent(PythonKey key) {
    if (!Value(key).is(PythonValue::Kind::kAbsent)) KeepOriginal(key);
  }

  const std::string logger_;
  PythonValueWriter values_;
  const PythonItems* items_ = nullptr;  // those that Write() got
  uint32_t originals_ = 0;  // bit n: PythonKey n also goes to python.KEY
  std::string name_;        // scratch
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_
