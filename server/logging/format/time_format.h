#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_TIME_FORMAT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_TIME_FORMAT_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace logboom {

// time.strftime(format, time.localtime(seconds)) of CPython on Linux, always in
// the C locale: every conversion, flag and width of glibc's strftime; a result
// longer than CPython accepts is empty, as there. Keeps the text of the last
// second asked for.
//
// Not thread-safe.
class TimeFormat {
 public:
  // OK, or INVALID_ARGUMENT for a format that CPython refuses at every use: one
  // with a NUL character, or that is not UTF-8.
  static absl::Status Check(absl::string_view format);

  // `format` must have passed Check().
  explicit TimeFormat(absl::string_view format);

  // False when localtime cannot represent the time. `*text` is valid until the
  // next call.
  bool Format(int64_t unix_seconds, absl::string_view* text);

 private:
  const std::wstring format_;
  bool cached_ = false;
  int64_t cached_seconds_ = 0;
  bool cached_ok_ = false;
  std::string cached_text_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_TIME_FORMAT_H_
