#include <algorithm>
#include <deque>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "base/units.h"
#include "cli/record_sink.h"
#include "client/session.h"

namespace logboom {
namespace {

// Enough to keep the server's disk busy while acks travel.
constexpr size_t kMaxBatchesInFlight = 32;
constexpr int64_t kUsualBatchBytes = 256 << 10;
// What a batch has besides its records.
constexpr int64_t kBatchSlackBytes = 32;

constexpr char kStopping[] = "the server is stopping";

// Session's events, on gRPC's threads, wake the one thread that sends.
class GrpcSink final : public RecordSink, private SessionEvents {
 public:
  GrpcSink(const std::string& server, std::string resource,
           absl::Duration timeout)
      : server_(server),
        timeout_(timeout),
        session_(Session::Create(
            {.server = server, .resource = std::move(resource)}, this)) {}

  absl::Status Open() ABSL_LOCKS_EXCLUDED(mu_);

  size_t max_batch_bytes() const override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return std::max<int64_t>(
        1, std::min(kUsualBatchBytes, max_batch_bytes_) - kBatchSlackBytes);
  }
  absl::Status Send(absl::string_view records, int64_t count) override
      ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status Close() override ABSL_LOCKS_EXCLUDED(mu_);
  absl::string_view promise() const override { return "acknowledged"; }

 private:
  void OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) override;
  void OnWritable() override;
  void OnAck(uint64_t sequence) override;
  void OnRejected(uint64_t sequence, const absl::Status& why) override;
  void OnDrain(absl::Duration retry_after) override;
  void OnClosed(const absl::Status& why) override;

  bool ReadyLocked() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    return writable_ && in_flight_.size() < kMaxBatchesInFlight;
  }
  // Notes news from the server, and wakes the thread that waits for it.
  void NewsLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // Waits for news until `timeout_` after the last. DEADLINE_EXCEEDED: none.
  absl::Status WaitForNewsLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // What is missing; OK: nothing.
  absl::Status OutcomeLocked(absl::Status why)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  struct Batch {
    uint64_t sequence;
    int64_t records;
  };

  const std::string server_;
  const absl::Duration timeout_;

  mutable Mutex mu_;
  CondVar news_;
  int64_t news_count_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Time last_news_ ABSL_GUARDED_BY(mu_) = absl::Now();
  bool opened_ ABSL_GUARDED_BY(mu_) = false;
  bool writable_ ABSL_GUARDED_BY(mu_) = false;
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
  std::optional<absl::Status> closed_ ABSL_GUARDED_BY(mu_);
  int64_t max_batch_bytes_ ABSL_GUARDED_BY(mu_) = kUsualBatchBytes;
  std::deque<Batch> in_flight_ ABSL_GUARDED_BY(mu_);
  uint64_t last_sequence_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t records_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t rejected_records_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status rejected_why_ ABSL_GUARDED_BY(mu_);

  const std::unique_ptr<Session> session_;  // goes first: its events end
};

absl::Status GrpcSink::Open() {
  session_->Connect(absl::Now() + timeout_);
  MutexLock lock(&mu_);
  while (!opened_ && !closed_.has_value()) news_.Wait(&mu_);
  if (opened_) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("no session with ", server_, ": ", closed_->message()));
}

absl::Status GrpcSink::Send(absl::string_view records, int64_t count) {
  MutexLock lock(&mu_);
  records_ += count;
  // Counts as under way from here on: what is not sent is not acknowledged.
  in_flight_.push_back({++last_sequence_, count});
  while (true) {
    if (closed_.has_value()) return *closed_;
    if (draining_) return absl::UnavailableError(kStopping);
    // Under the lock that events take: none is called from inside Send.
    if (ReadyLocked() && session_->Send(last_sequence_, absl::Cord(records))) break;
    LOGBOOM_RETURN_IF_ERROR(WaitForNewsLocked());
  }
  writable_ = false;
  last_news_ = absl::Now();
  return absl::OkStatus();
}

absl::Status GrpcSink::Close() {
  session_->CloseSending();
  MutexLock lock(&mu_);
  while (!closed_.has_value()) {
    if (absl::Status late = WaitForNewsLocked(); !late.ok()) {
      return OutcomeLocked(std::move(late));
    }
  }
  return OutcomeLocked(*closed_);
}

absl::Status GrpcSink::OutcomeLocked(absl::Status why) {
  int64_t missing = 0;
  for (const Batch& batch : in_flight_) missing += batch.records;
  if (missing > 0) {
    if (why.ok()) {
      why = absl::UnavailableError(draining_ ? kStopping
                                             : "the server ended the stream");
    }
    return absl::Status(
        why.code(),
        absl::StrCat(missing, " of ", records_,
                     " records were not acknowledged: ", why.message()));
  }
  if (rejected_records_ > 0) {
    return absl::Status(
        rejected_why_.code(),
        absl::StrCat(rejected_records_, " of ", records_,
                     " records were rejected: ", rejected_why_.message()));
  }
  return absl::OkStatus();
}

void GrpcSink::NewsLocked() {
  ++news_count_;
  last_news_ = absl::Now();
  news_.NotifyAll();
}

absl::Status GrpcSink::WaitForNewsLocked() {
  const int64_t seen = news_count_;
  while (news_count_ == seen) {
    if (!news_.WaitUntil(&mu_, last_news_ + timeout_) && news_count_ == seen) {
      return absl::DeadlineExceededError(
          absl::StrCat("no news from ", server_, " for ",
                       logboom::FormatDuration(timeout_)));
    }
  }
  return absl::OkStatus();
}

void GrpcSink::OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) {
  MutexLock lock(&mu_);
  opened_ = true;
  max_batch_bytes_ = max_batch_bytes;
  NewsLocked();
}

void GrpcSink::OnWritable() {
  MutexLock lock(&mu_);
  writable_ = true;
  NewsLocked();
}

void GrpcSink::OnAck(uint64_t sequence) {
  MutexLock lock(&mu_);
  while (!in_flight_.empty() && in_flight_.front().sequence <= sequence) {
    in_flight_.pop_front();
  }
  NewsLocked();
}

void GrpcSink::OnRejected(uint64_t sequence, const absl::Status& why) {
  MutexLock lock(&mu_);
  for (Batch& batch : in_flight_) {
    if (batch.sequence != sequence) continue;
    rejected_records_ += std::exchange(batch.records, 0);
    if (rejected_why_.ok()) rejected_why_ = why;
  }
  NewsLocked();
}

void GrpcSink::OnDrain(absl::Duration retry_after) {
  MutexLock lock(&mu_);
  draining_ = true;
  NewsLocked();
}

void GrpcSink::OnClosed(const absl::Status& why) {
  MutexLock lock(&mu_);
  closed_ = why;
  NewsLocked();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordSink>> OpenGrpcSink(
    const std::string& server, std::string resource, absl::Duration timeout) {
  auto sink = std::make_unique<GrpcSink>(server, std::move(resource), timeout);
  LOGBOOM_RETURN_IF_ERROR(sink->Open());
  return sink;
}

}  // namespace logboom
