#include "server/logging/handler_runner.h"

#include <poll.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"

namespace logboom {
namespace {

// Written together: large enough that the system call costs little beside the
// formatting, small enough to stay in the processor's cache.
constexpr size_t kBlockBytes = 64 * 1024;

constexpr absl::Duration kReportInterval = absl::Minutes(1);

}  // namespace

HandlerRunner::HandlerRunner(Parts parts)
    : parts_(std::move(parts)), routes_(parts_.tree, parts_.index) {
  position_ = parts_.reader->offset();
}

HandlerRunner::~HandlerRunner() { Join(absl::InfinitePast()); }

void HandlerRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void HandlerRunner::Drain() {
  draining_.store(true);
  parts_.reader->Interrupt();
}

void HandlerRunner::Join(absl::Time deadline) {
  if (!thread_.joinable()) return;
  {
    MutexLock lock(&mu_);
    while (!ended_ && absl::Now() < deadline) {
      ended_changed_.WaitUntil(&mu_, deadline);
    }
  }
  draining_.store(true);
  stopping_.store(true);
  stop_.Give();
  parts_.reader->Interrupt();
  thread_.join();
}

void HandlerRunner::Run() {
  while (!stopping_.load()) {
    const bool more = FillBlock();
    if (!WriteBlock()) break;
    if (more) continue;
    if (draining_.load()) break;
    parts_.reader->WaitForEntry(absl::InfiniteFuture());
  }
  MutexLock lock(&mu_);
  ended_ = true;
  ended_changed_.NotifyAll();
}

bool HandlerRunner::FillBlock() {
  block_.clear();
  next_offsets_.clear();
  while (block_.text.size() < kBlockBytes && !stopping_.load()) {
    const absl::StatusOr<JournalEntry> entry = parts_.reader->Next();
    if (entry.ok()) {
      HandleEntry(*entry);
      continue;
    }
    if (absl::IsOutOfRange(entry.status())) return false;
    ReportFailure(entry.status());
    return Pause(parts_.retry_pause);
  }
  return true;
}

void HandlerRunner::HandleEntry(const JournalEntry& entry) {
  if (entry.header.kind != EntryKind::kNative) return;
  const MapView resource(entry.resource, /*field=*/1);
  const absl::Time received = absl::FromUnixNanos(
      static_cast<int64_t>(entry.header.received_unix_nano));
  Offset offset = entry.header.first_offset;
  BatchView batch(entry.payload);
  for (; batch.Next(); ++offset) {
    if (offset < position_) continue;  // the reader started inside this entry
    const absl::StatusOr<RecordView> record = RecordView::Parse(batch.record());
    // Ingest has checked every record it stored.
    if (!record.ok()) continue;
    HandleRecord(MakeLogEvent(*record, resource, received, offset));
  }
}

void HandlerRunner::HandleRecord(const LogEvent& event) {
  int times = routes_.Find(event).TimesFor(event.levelno);
  for (; times > 0; --times) {
    parts_.formatter->Format(event, &block_.text);
    block_.text.push_back('\n');
    block_.ends.push_back(block_.text.size());
    next_offsets_.push_back(times > 1 ? event.offset : event.offset + 1);
  }
}

bool HandlerRunner::WriteBlock() {
  size_t written = 0;
  absl::Duration pause = parts_.retry_pause;
  while (written < block_.text.size()) {
    const absl::Status status = parts_.handler->Write(block_, &written, stop_);
    MovePosition(written);
    if (absl::IsCancelled(status)) return false;
    if (status.ok()) continue;
    ReportFailure(status);
    if (!Pause(pause)) return false;
    pause = std::min(pause * 2, 50 * parts_.retry_pause);
  }
  emitted_ += static_cast<int64_t>(block_.ends.size());
  position_ = std::max(position_, parts_.reader->offset());
  return true;
}

void HandlerRunner::MovePosition(size_t written) {
  const auto first_unwritten =
      std::upper_bound(block_.ends.begin(), block_.ends.end(), written);
  const auto whole = first_unwritten - block_.ends.begin();
  if (whole > 0) position_ = next_offsets_[static_cast<size_t>(whole) - 1];
}

bool HandlerRunner::Pause(absl::Duration pause) {
  pollfd wait = {.fd = stop_.fd(), .events = POLLIN};
  return poll(&wait, 1, static_cast<int>(absl::ToInt64Milliseconds(pause))) <=
         0;
}

void HandlerRunner::ReportFailure(const absl::Status& why) {
  const absl::Time now = absl::Now();
  if (now - last_report_ < kReportInterval) return;
  last_report_ = now;
  Diagnose(DiagnosticLevel::kError,
           absl::StrCat("handler ", parts_.name, ": ", why.message(),
                        "; trying again"));
}

}  // namespace logboom
