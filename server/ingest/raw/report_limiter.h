#ifndef LOGBOOM_SERVER_INGEST_RAW_REPORT_LIMITER_H_
#define LOGBOOM_SERVER_INGEST_RAW_REPORT_LIMITER_H_

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace logboom {

// Keeps peers from flooding stderr: lets through at most `lines` in each period
// and counts the rest. One thread.
class ReportLimiter {
 public:
  ReportLimiter(int lines, absl::Duration period)
      : lines_(lines), period_(period) {}

  // Whether a line may be written now.
  bool Allow(absl::Time now) {
    if (now - period_begin_ >= period_) {
      period_begin_ = now;
      written_ = 0;
    }
    if (written_ == lines_) {
      ++held_back_;
      return false;
    }
    ++written_;
    return true;
  }

  // `text`, and how many lines have been held back since the last one.
  std::string WithHeldBack(absl::string_view text) {
    std::string line(text);
    if (held_back_ > 0) {
      absl::StrAppend(&line, " (", held_back_, " such lines not shown)");
    }
    held_back_ = 0;
    return line;
  }

 private:
  const int lines_;
  const absl::Duration period_;
  absl::Time period_begin_ = absl::InfinitePast();
  int written_ = 0;
  int64_t held_back_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_REPORT_LIMITER_H_
