#include "tests/bench/batch_stream.h"

#include <limits>
#include <utility>

#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr absl::Duration kReopenPatience = absl::Minutes(1);

}  // namespace

BatchStream::BatchStream(Options options, absl::string_view batch)
    : BatchStream(std::move(options), std::vector{absl::Cord(batch)}) {}

BatchStream::BatchStream(Options options, std::vector<absl::Cord> batches)
    : batches_(std::move(batches)),
      max_in_flight_(options.max_in_flight > 0
                         ? options.max_in_flight
                         : std::numeric_limits<uint64_t>::max()),
      reopens_(options.reopens),
      on_ack_(std::move(options.on_ack)),
      on_send_(std::move(options.on_send)),
      session_(Session::Create(
          {.server = std::move(options.server), .synced = options.synced},
          this)) {}

BatchStream::~BatchStream() {
  MutexLock lock(&mu_);
  ending_ = true;
}

absl::Status BatchStream::Open(absl::Time deadline) {
  session_->Connect(deadline);
  MutexLock lock(&mu_);
  while (!opened_ && failure_.ok()) {
    if (!changed_.WaitUntil(&mu_, deadline) && absl::Now() >= deadline) {
      return absl::DeadlineExceededError("the stream does not open");
    }
  }
  return failure_;
}

void BatchStream::SendUpTo(uint64_t sequence) {
  MutexLock lock(&mu_);
  allowed_ = sequence;
  SendLocked();
}

absl::Status BatchStream::WaitForAck(uint64_t sequence, absl::Time deadline) {
  MutexLock lock(&mu_);
  while (acked_ < sequence && failure_.ok()) {
    if (!changed_.WaitUntil(&mu_, deadline) && absl::Now() >= deadline) {
      return absl::DeadlineExceededError("batches are not acknowledged");
    }
  }
  return failure_;
}

// The session calls nobody back from inside Send, so the lock may be held.
void BatchStream::SendLocked() {
  while (sent_ < allowed_ && sent_ - acked_ < max_in_flight_) {
    if (on_send_) on_send_(sent_ + 1);
    if (!session_->Send(sent_ + 1, batches_[sent_ % batches_.size()])) return;
    ++sent_;
  }
}

void BatchStream::OnOpened(uint64_t last_sequence, int64_t) {
  if (on_ack_ && last_sequence > 0) on_ack_(last_sequence);
  MutexLock lock(&mu_);
  opened_ = true;
  sent_ = acked_ = last_sequence;
  changed_.NotifyAll();
}

void BatchStream::OnWritable() {
  MutexLock lock(&mu_);
  SendLocked();
}

void BatchStream::OnAck(uint64_t sequence) {
  if (on_ack_) on_ack_(sequence);
  MutexLock lock(&mu_);
  acked_ = sequence;
  SendLocked();
  changed_.NotifyAll();
}

void BatchStream::OnRejected(uint64_t, const absl::Status& why) {
  MutexLock lock(&mu_);
  FailLocked(why);
}

// The session calls nobody back from inside Connect either.
void BatchStream::OnClosed(const absl::Status& why) {
  MutexLock lock(&mu_);
  if (reopens_ && !ending_) {
    session_->Connect(absl::Now() + kReopenPatience);
    return;
  }
  FailLocked(why.ok() ? absl::UnavailableError("the stream ended") : why);
}

void BatchStream::FailLocked(const absl::Status& why) {
  if (failure_.ok()) failure_ = why;
  changed_.NotifyAll();
}

}  // namespace logboom
