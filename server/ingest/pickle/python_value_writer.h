#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_WRITER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_WRITER_H_

#include <cstdint>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// What a pickle may make the service write.
struct PythonValueLimits {
  // Values nested in one another, as encoded; at most kMaxValueDepth.
  int32_t max_depth = kMaxValueDepth;
  int32_t max_items = 100'000;  // shared ones counted at each place
  int64_t max_bytes = int64_t{16} << 20;
};

// Writes Python's values as AnyValues, by the table in proto/FORMAT.md section
// 6.4. The limits count from Start() on, over all values of a record.
//
// A function is false after a failure, which status() then tells; what was
// written so far is cut off in the middle: drop it. Not thread-safe.
class PythonValueWriter {
 public:
  explicit PythonValueWriter(const PythonValueLimits& limits);

  // `out` must outlive the writing.
  void Start(ValueWriter* out);

  // Writes one value where `out` stands.
  bool Write(const PythonValue& value);
  // For a value that the caller writes.
  bool CountValue();
  // Whether so many values of all kinds but containers, written with so many
  // bytes to a record of their own, are sure to stay within the limits.
  bool HasRoomFor(size_t values, size_t bytes) const {
    return limits_.max_depth > 0 &&
           static_cast<int64_t>(values) <= limits_.max_items &&
           static_cast<int64_t>(bytes) <= limits_.max_bytes;
  }
  // Writes it as an array of [key, value] for each pair.
  bool WritePairs(const PythonContainer& pairs);

  // RESOURCE_EXHAUSTED, naming the limit.
  absl::Status status() const { return status_; }

  // For the types of python_known_types.h: a map {"__py__": name, ...}, whose
  // pairs `body` writes.
  bool WriteTagged(absl::string_view name, absl::FunctionRef<bool()> body);
  bool Pair(absl::string_view key, const PythonValue& value);
  bool PairString(absl::string_view key, absl::string_view value);
  bool PairInt(absl::string_view key, int64_t value);
  bool PairElements(absl::string_view key, const PythonContainer& elements);
  bool PairPairs(absl::string_view key, const PythonContainer& pairs);

 private:
  bool Fail(absl::string_view what);
  // Whether `node` is not around itself; then it is until Leave().
  bool Enter(const void* node);
  void Leave() { path_.pop_back(); }

  bool WriteInt(const PythonValue& value);
  bool WriteContainer(const PythonValue& value);
  bool WriteDict(const PythonContainer& dict);
  bool WriteMap(const PythonContainer& dict);
  bool WriteElements(const PythonContainer& elements);
  bool WriteSequence(absl::string_view name, const PythonContainer& elements);
  bool WriteObject(const PythonObject& object);
  bool WriteOtherObject(const PythonObject& object);

  const PythonValueLimits limits_;
  ValueWriter* out_ = nullptr;
  size_t begin_ = 0;  // where the record starts in the buffer
  int32_t depth_ = 0;
  int32_t items_ = 0;
  size_t decimal_bytes_left_ = 0;
  std::vector<const void*> path_;  // the containers being written
  absl::Status status_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_WRITER_H_
