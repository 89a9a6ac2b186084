#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"
#include "server/ingest/pickle/plain_record_writer.h"
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

  // The same for a plain dict, at once and without a status, if it is a usual
  // record: not large, its values plain, and sure to be within the limits.
  // False for any other, of which `out` has nothing.
  bool WritePlain(const PythonItems& items, std::string* out);

 private:
  static constexpr size_t kPlainBytes = size_t{16} << 10;

  const PythonValue& Value(PythonKey key) const { return items_->Value(key); }

  // Record is PlainRecordWriter or RecordWriter. With the first a function is
  // false at a value that is not plain, with the second beyond a limit.
  template <typename Record>
  bool WriteRecord(Record& record);
  // The fields; each marks its key when it does not hold the value exactly.
  template <typename Record>
  void WriteName(Record& record);
  template <typename Record>
  void WriteLevel(Record& record);
  template <typename Record>
  void WriteCreated(Record& record);
  bool WriteBody(PlainRecordWriter& record);
  bool WriteBody(RecordWriter& record);
  // The attributes.
  template <typename Record>
  bool WriteMappedAttributes(Record& record);
  template <typename Record>
  bool WriteOriginals(Record& record);
  template <typename Record>
  bool WriteExtras(Record& record);
  bool WriteAttribute(absl::string_view name, const PythonValue& value,
                      PlainRecordWriter& record);
  bool WriteAttribute(absl::string_view name, const PythonValue& value,
                      RecordWriter& record);
  bool WriteUnnamed(RecordWriter& record);
  void WriteAbsent(RecordWriter& record);

  bool LacksUsuallyNone() const;

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
  std::array<char, kPlainBytes> plain_;  // scratch
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_WRITER_H_
