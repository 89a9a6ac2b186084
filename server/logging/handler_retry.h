#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_RETRY_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_RETRY_H_

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace logboom {

// When to try again what fails for a handler, and what to say of it: one line
// when it fails, at most one a minute, and one when it works again. Not
// thread-safe.
class HandlerRetry {
 public:
  static constexpr absl::Duration kReportInterval = absl::Minutes(1);

  // `subject` begins the lines. The pause doubles up to 50 times `first_pause`.
  HandlerRetry(std::string subject, absl::Duration first_pause)
      : subject_(std::move(subject)),
        first_pause_(first_pause),
        pause_(first_pause) {}

  // Takes note of a failure; how long to wait before the next attempt.
  absl::Duration Failed(const absl::Status& why, absl::Time now);
  void Succeeded();

 private:
  const std::string subject_;
  const absl::Duration first_pause_;
  absl::Duration pause_;
  absl::Time report_at_ = absl::InfinitePast();
  bool reported_ = false;  // and nothing said since
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_RETRY_H_
