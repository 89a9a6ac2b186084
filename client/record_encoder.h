#ifndef LOGBOOM_CLIENT_RECORD_ENCODER_H_
#define LOGBOOM_CLIENT_RECORD_ENCODER_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <string>

#include "absl/strings/string_view.h"
#include "client/logger_levels.h"
#include "logboom/record.h"

namespace logboom {

// The attributes exception.type, exception.message and exception.stacktrace of
// a LogRecord, encoded. C++ keeps no stack: in its place are the exceptions
// nested in this one, a line each:
//
//   std::runtime_error: no order
//   caused by std::out_of_range: map::at
std::string EncodeException(const std::exception& exception);

// Encodes one record as an element of LogBatch.records, in two passes: at
// construction it finds the size, and Write writes. Records at the five levels
// allocate nothing, unless they have an exception or another's thread id.
//
// Not thread-safe. What it was made of must live as long as it does.
class RecordEncoding {
 public:
  // `call_site` is what EncodeCallSite gives: the record's own place is not
  // looked at. `trace` may be null.
  RecordEncoding(const LoggerNode& logger, const Record& record,
                 absl::string_view call_site, const TraceContext* trace);

  // In bytes, tag and length included. kImpossibleSize or more
  // (client/value_encoding.h): its values are nested too deeply.
  size_t size() const { return size_; }
  // Writes just that many bytes. Neither throws nor allocates.
  void Write(char* to) const;

 private:
  char* WriteTrace(char* to) const;

  const LoggerNode& logger_;
  const Record& record_;
  const absl::string_view call_site_;
  const TraceContext* const trace_;  // null: none
  const uint64_t time_unix_nano_;
  absl::string_view level_;  // these are fields, encoded already
  absl::string_view thread_;
  std::string owned_level_;
  std::string owned_thread_;
  std::string exception_;
  size_t record_size_ = 0;  // of the LogRecord alone
  size_t size_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_RECORD_ENCODER_H_
