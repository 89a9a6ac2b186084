#include "server/logging/handler_runner.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/named_thread.h"
#include "base/status_macros.h"
#include "server/logging/resume_output.h"

namespace logboom {
namespace {

std::string Subject(absl::string_view name) {
  return absl::StrCat("handler ", name);
}

}  // namespace

HandlerRunner::HandlerRunner(Parts parts)
    : parts_(std::move(parts)),
      filler_(parts_.tree, parts_.index, std::move(parts_.formatter)),
      output_(parts_.name, std::move(parts_.handler),
              std::move(parts_.open_cursor), parts_.start,
              parts_.store_interval),
      retry_(Subject(parts_.name), parts_.retry_pause),
      store_retry_(Subject(parts_.name), parts_.retry_pause) {}

HandlerRunner::~HandlerRunner() { Join(absl::InfinitePast()); }

void HandlerRunner::TakePlace() {
  // What fails here the thread tries again, and reports.
  OpenCursor().IgnoreError();
}

void HandlerRunner::Start() {
  thread_ = NamedThread(Subject(parts_.name), [this] { Run(); });
}

void HandlerRunner::Drain() {
  MutexLock lock(&mu_);
  draining_.store(true);
  if (reader_ != nullptr) reader_->Interrupt();
}

void HandlerRunner::Join(absl::Time deadline) {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(&mu_);
    while (!ended_ && absl::Now() < deadline) {
      ended_changed_.WaitUntil(&mu_, deadline);
    }
  }
  stopping_.store(true);
  stop_.Give();
  Drain();
  thread_.join();
}

void HandlerRunner::Run() {
  while (!stopping_.load()) {
    const bool no_more = draining_.load();
    const absl::Status status = Advance();
    if (absl::IsCancelled(status)) break;
    if (status.ok() || absl::IsOutOfRange(status)) {
      retry_.Succeeded();
      if (status.ok()) continue;
      if (no_more) break;
      WaitForMore();
    } else if (!Pause(retry_.Failed(status, absl::Now()))) {
      break;
    }
  }
  StoreAtLast();
  MutexLock lock(&mu_);
  ended_ = true;
  ended_changed_.NotifyAll();
}

absl::Status HandlerRunner::Advance() {
  LOGBOOM_RETURN_IF_ERROR(OpenCursor());
  const absl::Status status = AdvanceAtPlace();
  if (absl::IsDataLoss(status)) {
    progress_.Reset(output_.place());
    SetReader(nullptr);
    store_at_ = absl::InfinitePast();
  }
  return status;
}

absl::Status HandlerRunner::AdvanceAtPlace() {
  const bool may_wait = parts_.delay && !output_.has_file();
  if (!output_.is_open() && !may_wait) {
    LOGBOOM_RETURN_IF_ERROR(OpenDestination());
  }
  if (reader_ == nullptr) GoTo(output_.place());
  absl::Status filled;
  if (progress_.all_written()) filled = FillBlock();
  const absl::Status wrote = WriteBlock();
  if (absl::IsDataLoss(wrote)) return wrote;
  // A destination that failed has moved all the same, perhaps.
  LOGBOOM_RETURN_IF_ERROR(StoreIfDue());
  LOGBOOM_RETURN_IF_ERROR(wrote);
  return filled;
}

absl::Status HandlerRunner::OpenCursor() {
  LOGBOOM_RETURN_IF_ERROR(output_.OpenCursor());
  if (has_started_) return absl::OkStatus();
  started_at_ = output_.place();
  progress_.Reset(started_at_);
  return absl::OkStatus();
}

absl::Status HandlerRunner::OpenDestination() {
  LOGBOOM_ASSIGN_OR_RETURN(resumed_, output_.Open(progress_));
  if (reader_ != nullptr &&
      resumed_.position.offset == progress_.done().offset) {
    // A record that was torn begins again.
    progress_.SetWritten(progress_.whole_end());
    return absl::OkStatus();
  }
  GoTo(resumed_.position);
  return absl::OkStatus();
}

void HandlerRunner::GoTo(const CursorPosition& place) {
  if (!std::exchange(has_started_, true)) started_at_ = place;
  progress_.Reset(place);
  std::unique_ptr<JournalReader> reader = parts_.new_reader(place.offset);
  if (reader->offset() > place.offset) {
    progress_.Lost(HandlerProgress::Loss::kRetentionOvertook,
                   reader->offset() - place.offset);
  }
  filler_.Follow(reader.get());
  SetReader(std::move(reader));
}

void HandlerRunner::SetReader(std::unique_ptr<JournalReader> reader) {
  MutexLock lock(&mu_);
  reader_ = std::move(reader);
  if (reader_ != nullptr && draining_.load()) reader_->Interrupt();
}

absl::Status HandlerRunner::FillBlock() {
  const absl::Status filled = filler_.Fill(&progress_, stopping_);
  const std::string& text = progress_.block().text;
  if (resumed_.kept.empty() || (text.empty() && absl::IsUnavailable(filled))) {
    return filled;
  }
  progress_.SetWritten(KeptBytes(resumed_, text));
  progress_.SetWritten(progress_.whole_end());
  resumed_.kept.clear();
  return filled;
}

absl::Status HandlerRunner::WriteBlock() {
  while (!progress_.all_written()) {
    LOGBOOM_RETURN_IF_ERROR(output_.LeaveReplacedFile(progress_, absl::Now()));
    if (output_.is_open()) {
      LOGBOOM_RETURN_IF_ERROR(output_.Write(&progress_, stop_));
    } else {
      LOGBOOM_RETURN_IF_ERROR(OpenDestination());
    }
  }
  return absl::OkStatus();
}

bool HandlerRunner::HasToStore() const {
  const bool known = output_.is_open() || !output_.has_file();
  return output_.has_cursor() && known && resumed_.kept.empty() &&
         !output_.IsStored(progress_);
}

absl::Status HandlerRunner::StoreIfDue() {
  if (!HasToStore()) return absl::OkStatus();
  const absl::Time now = absl::Now();
  if (now < store_at_) return absl::OkStatus();
  const absl::Status stored = output_.Store(progress_);
  if (absl::IsDataLoss(stored)) return stored;
  if (stored.ok()) {
    store_retry_.Succeeded();
    store_at_ = now + parts_.store_interval;
  } else {
    store_at_ = now + store_retry_.Failed(stored, now);
  }
  return absl::OkStatus();
}

void HandlerRunner::StoreAtLast() {
  if (!HasToStore()) return;
  const absl::Status stored = output_.Store(progress_);
  if (stored.ok()) return;
  if (absl::IsDataLoss(stored)) {
    progress_.Reset(output_.place());
    // Cuts what cannot be relied on.
    output_.Open(progress_).IgnoreError();
  }
  Diagnose(DiagnosticLevel::kError,
           absl::StrCat(Subject(parts_.name), ": ", stored.message(),
                        "; its place could not be stored"));
}

void HandlerRunner::WaitForMore() {
  reader_->WaitForEntry(HasToStore() ? store_at_ : absl::InfiniteFuture());
}

bool HandlerRunner::Pause(absl::Duration pause) {
  pollfd wait = {.fd = stop_.fd(), .events = POLLIN};
  return poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(pause))) <=
         0;
}

}  // namespace logboom
