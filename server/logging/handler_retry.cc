#include "server/logging/handler_retry.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"

namespace logboom {

absl::Duration HandlerRetry::Failed(const absl::Status& why, absl::Time now) {
  if (now >= report_at_) {
    report_at_ = now + kReportInterval;
    reported_ = true;
    Diagnose(DiagnosticLevel::kError,
             absl::StrCat(subject_, ": ", why.message(), "; trying again"));
  }
  const absl::Duration pause = pause_;
  pause_ = std::min(pause_ * 2, 50 * first_pause_);
  return pause;
}

void HandlerRetry::Succeeded() {
  pause_ = first_pause_;
  if (!std::exchange(reported_, false)) return;
  Diagnose(DiagnosticLevel::kInfo, absl::StrCat(subject_, ": works again"));
}

}  // namespace logboom
