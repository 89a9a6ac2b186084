#include "tests/bench/journal_filler.h"

#include <cstring>
#include <utility>

#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "server/journal/file_system.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_writer.h"
#include "tests/bench/sample_batch.h"

namespace logboom {
namespace {

constexpr int kMostWaiting = 10'000;

// Two of one `kind` differ when their numbers do.
ProducerId IdOf(char kind, uint64_t number) {
  ProducerId id{};
  id[0] = static_cast<uint8_t>(kind);
  std::memcpy(id.data() + 8, &number, sizeof number);
  return id;
}

int64_t EntryBytes(int64_t payload_bytes) {
  return EntryHeader{.payload_bytes = static_cast<uint32_t>(payload_bytes)}
      .entry_bytes();
}

}  // namespace

Journal::Done JournalFiller::Answers::Expect() {
  MutexLock lock(&mu_);
  while (waiting_ >= kMostWaiting) changed_.Wait(&mu_);
  ++waiting_;
  return
      [this](const absl::StatusOr<Offset>& offset) { Take(offset.status()); };
}

void JournalFiller::Answers::Take(const absl::Status& status) {
  MutexLock lock(&mu_);
  --waiting_;
  failure_.Update(status);
  changed_.NotifyAll();
}

absl::Status JournalFiller::Answers::WaitForAll() {
  MutexLock lock(&mu_);
  while (waiting_ > 0) changed_.Wait(&mu_);
  return failure_;
}

absl::StatusOr<std::unique_ptr<JournalFiller>> JournalFiller::Open(
    const std::string& folder, int64_t segment_bytes) {
  auto filler =
      std::unique_ptr<JournalFiller>(new JournalFiller(folder, segment_bytes));
  LOGBOOM_ASSIGN_OR_RETURN(
      filler->journal_,
      Journal::Open(SystemFiles(), {.path = folder,
                                    .segment_bytes = segment_bytes,
                                    .retain_bytes = int64_t{1000} << 30}));
  return filler;
}

JournalFiller::JournalFiller(std::string folder, int64_t segment_bytes)
    : folder_(std::move(folder)), segment_bytes_(segment_bytes) {}

absl::Status JournalFiller::AddProducers(int producers) {
  const absl::Cord payload(SampleBatch(1));
  for (int i = 0; i < producers; ++i) {
    Append(IdOf('p', ++last_producer_), 1, 1, payload);
  }
  return answers_.WaitForAll();
}

absl::Status JournalFiller::AddBytes(int64_t bytes, int batch_records) {
  const int64_t each = EntryBytes(int64_t{batch_records} * kSampleRecordBytes);
  return AddEntries(bytes / each, batch_records);
}

absl::Status JournalFiller::FillSegment(int batch_records) {
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t left, BytesLeft());
  return AddBytes(left, batch_records);
}

absl::Status JournalFiller::PlugSegment() {
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t left, BytesLeft());
  const int64_t payload_bytes = left - EntryBytes(kSampleRecordBytes);
  if (payload_bytes < 0) return absl::OkStatus();
  Append(IdOf('f', 0), ++last_sequence_, /*records=*/0,
         absl::Cord(std::string(static_cast<size_t>(payload_bytes), 'x')));
  return answers_.WaitForAll();
}

absl::StatusOr<absl::Duration> JournalFiller::AppendOne() {
  const absl::Time begin = absl::Now();
  LOGBOOM_RETURN_IF_ERROR(AddEntries(1, 1));
  return absl::Now() - begin;
}

void JournalFiller::Append(const ProducerId& producer, uint64_t sequence,
                           int records, absl::Cord payload) {
  PendingEntry entry;
  entry.producer_id = producer;
  entry.session_epoch = 1;
  entry.sequence = sequence;
  entry.received = absl::Now();
  entry.record_count = static_cast<uint32_t>(records);
  entry.payload = std::move(payload);
  journal_->Append(std::move(entry), AckDepth::kSynced, answers_.Expect());
}

absl::Status JournalFiller::AddEntries(int64_t entries, int batch_records) {
  const absl::Cord payload(SampleBatch(batch_records));
  for (int64_t i = 0; i < entries; ++i) {
    Append(IdOf('f', 0), ++last_sequence_, batch_records, payload);
  }
  return answers_.WaitForAll();
}

absl::StatusOr<int64_t> JournalFiller::BytesLeft() const {
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal found,
      RecoverJournal(SystemFiles(), folder_, RecoveryMode::kReadOnly));
  return segment_bytes_ - found.end;
}

}  // namespace logboom
