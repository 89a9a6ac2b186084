#include "client/sender_reports.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace logboom {

bool SenderReports::IsTime(absl::Time now, absl::Time* next) {
  if (now < *next) return false;
  *next = now + absl::Minutes(1);
  return true;
}

void SenderReports::Disconnected(const absl::Status& why, absl::Time now) {
  if (!IsTime(now, &next_disconnected_)) return;
  said_disconnected_ = true;
  diagnose_(absl::StrCat("no connection to ", server_, ": ", why.message(),
                         "; trying again"));
}

void SenderReports::Connected() {
  if (!std::exchange(said_disconnected_, false)) return;
  diagnose_(absl::StrCat("connected to ", server_));
}

void SenderReports::Losses(const LossCounts& losses, absl::Time now) {
  const int64_t lost = losses.sum();
  if (lost == said_losses_ || !IsTime(now, &next_losses_)) return;
  diagnose_(absl::StrCat(lost - said_losses_,
                         " records lost; so far: ", losses.ToString()));
  said_losses_ = lost;
}

void SenderReports::SpoolProblems(absl::string_view problems, absl::Time now) {
  if (problems.empty() || !IsTime(now, &next_spool_)) return;
  for (const absl::string_view line :
       absl::StrSplit(problems, '\n', absl::SkipEmpty())) {
    diagnose_(absl::StrCat("spool: ", line));
  }
}

}  // namespace logboom
