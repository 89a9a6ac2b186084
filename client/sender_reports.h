#ifndef LOGBOOM_CLIENT_SENDER_REPORTS_H_
#define LOGBOOM_CLIENT_SENDER_REPORTS_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/loss_counts.h"

namespace logboom {

// What a sender tells the program's operator: of lasting trouble a line a
// minute at most. Not thread-safe.
class SenderReports {
 public:
  SenderReports(std::string server,
                std::function<void(const std::string&)> diagnose)
      : server_(std::move(server)), diagnose_(std::move(diagnose)) {}

  void Say(const std::string& line) { diagnose_(line); }
  // There is no stream any more, or still none.
  void Disconnected(const absl::Status& why, absl::Time now);
  // Said only behind a line about a failure.
  void Connected();
  void Losses(const LossCounts& losses, absl::Time now);
  // One a line; empty: none.
  void SpoolProblems(absl::string_view problems, absl::Time now);

 private:
  // True, once a minute.
  static bool IsTime(absl::Time now, absl::Time* next);

  const std::string server_;
  const std::function<void(const std::string&)> diagnose_;
  bool said_disconnected_ = false;
  int64_t said_losses_ = 0;
  absl::Time next_disconnected_ = absl::InfinitePast();
  absl::Time next_losses_ = absl::InfinitePast();
  absl::Time next_spool_ = absl::InfinitePast();
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SENDER_REPORTS_H_
