#include "tests/fault_client/server_site.h"

#include <signal.h>

#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// Bounds for what takes a fraction of them; beyond, something hangs.
constexpr absl::Duration kPatience = absl::Seconds(60);
// Somebody's connection may have the port for a moment.
constexpr int kStartAttempts = 20;

constexpr char kConfig[] = R"(
listen: {grpc: 'ADDRESS', tcp: '127.0.0.1:0'}
journal: {path: FOLDER/journal, retain_bytes: 1024GiB}
logging:
  version: 1
  formatters: {message: {format: '%(message)s'}}
  handlers:
    out: {class: logging.FileHandler, filename: FOLDER/out.log, formatter: message}
  root: {level: NOTSET, handlers: [out]}
)";

}  // namespace

absl::Status ServerSite::Start() {
  WriteConfig();
  absl::Status status;
  for (int attempt = 0; attempt < kStartAttempts; ++attempt) {
    if (attempt > 0) absl::SleepFor(absl::Milliseconds(100));
    LOGBOOM_ASSIGN_OR_RETURN(
        process_, LogboomdProcess::Start(
                      {.program = options_.server,
                       .config_file = options_.folder + "/config.yaml"}));
    const auto addresses =
        process_->WaitUntilListening(absl::Now() + kPatience);
    if (addresses.ok()) {
      address_ = addresses->grpc;
      return absl::OkStatus();
    }
    status = addresses.status();
    process_.reset();
  }
  return status;
}

void ServerSite::WriteConfig() const {
  std::ofstream(options_.folder + "/config.yaml") << absl::StrReplaceAll(
      kConfig, {{"FOLDER", options_.folder}, {"ADDRESS", address_}});
}

absl::Status ServerSite::Kill() {
  if (!process_) return absl::OkStatus();
  process_->Signal(SIGKILL);
  const auto result = process_->Wait(absl::Now() + kPatience);
  KeepMessages();
  if (!result.ok() || *result == -SIGKILL) return result.status();
  return absl::InternalError(
      absl::StrCat("the server had ended by itself, with ", *result));
}

absl::Status ServerSite::Stop() {
  if (!process_) return absl::OkStatus();
  process_->Signal(SIGTERM);
  const auto result = process_->Wait(absl::Now() + kPatience);
  KeepMessages();
  if (!result.ok() || *result == 0) return result.status();
  return absl::InternalError(absl::StrCat("the server stopped with ", *result));
}

void ServerSite::Freeze() { process_->Signal(SIGSTOP); }

void ServerSite::Thaw() { process_->Signal(SIGCONT); }

absl::StatusOr<JournalLedger> ServerSite::Drain(absl::Time deadline) {
  while (true) {
    LOGBOOM_RETURN_IF_ERROR(Stop());
    LOGBOOM_ASSIGN_OR_RETURN(JournalLedger ledger,
                             ReadJournalLedger(options_.cli, journal_folder()));
    if (ledger.pending == 0) return ledger;
    if (absl::Now() > deadline) {
      return absl::DeadlineExceededError(absl::StrCat(
          "the handler is still ", ledger.pending, " records behind"));
    }
    LOGBOOM_RETURN_IF_ERROR(Start());
    absl::SleepFor(absl::Milliseconds(500));
  }
}

void ServerSite::KeepMessages() {
  std::ofstream(options_.folder + "/server.log", std::ios::app)
      << "== pid " << process_->pid() << "\n"
      << process_->stderr_text();
  process_.reset();
}

}  // namespace logboom
