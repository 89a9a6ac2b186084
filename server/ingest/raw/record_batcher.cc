#include "server/ingest/raw/record_batcher.h"

#include <algorithm>
#include <utility>

#include "absl/status/statusor.h"
#include "server/ingest/producer_losses.h"

namespace logboom {
namespace {

constexpr int64_t kTargetBytes = int64_t{1} << 20;

// The journal says why; nobody is left to send them again.
void CountNotStored(const BatchSummary& summary, LossLedger* ledger) {
  ledger->Count(LossReason::kNotStored, summary.record_count);
  CountLostByProducer(summary, ledger);
}

IngestSession RawSession() {
  IngestSession session;
  session.keep_on_failure = true;
  return session;
}

// The earlier of two record times, where 0 is none.
uint64_t EarlierTime(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return std::max(a, b);
  return std::min(a, b);
}

}  // namespace

RecordBatcher::RecordBatcher(Ingest* ingest, std::shared_ptr<ByteBudget> budget)
    : ingest_(*ingest),
      budget_(std::move(budget)),
      target_bytes_(static_cast<size_t>(
          std::min(kTargetBytes, ingest->options().batch_bytes))),
      session_(RawSession()),
      spares_(std::make_shared<SpareBuffers>(target_bytes_)) {}

void RecordBatcher::AddRecords(absl::string_view records,
                               const BatchSummary& summary) {
  if (records_.size() + records.size() > target_bytes_) Flush();
  budget_->Charge(static_cast<int64_t>(records.size()));
  records_.append(records.data(), records.size());
  AddToSummary(summary);
}

void RecordBatcher::AddToSummary(const BatchSummary& summary) {
  AddLostByProducer(summary, &summary_);
  summary_.record_count += summary.record_count;
  summary_.severities |= summary.severities;
  summary_.min_time_unix_nano =
      EarlierTime(summary_.min_time_unix_nano, summary.min_time_unix_nano);
  summary_.max_time_unix_nano =
      std::max(summary_.max_time_unix_nano, summary.max_time_unix_nano);
}

// A large batch goes as it is, and its buffer comes back when it is on disk. A
// small one is copied to its exact size, so that what waits for the disk is at
// least half of the memory it holds.
absl::Cord RecordBatcher::TakeRecords() {
  if (records_.size() < target_bytes_ / 2) {
    absl::Cord copy(std::string(records_.data(), records_.size()));
    records_.clear();
    return copy;
  }
  auto whole =
      std::make_unique<std::string>(std::exchange(records_, spares_->Take()));
  const absl::string_view bytes = *whole;
  return absl::MakeCordFromExternal(
      bytes, [whole = std::move(whole), spares = spares_] {
        spares->Give(std::move(*whole));
      });
}

void RecordBatcher::Flush() {
  if (records_.empty()) return;
  const auto bytes = static_cast<int64_t>(records_.size());
  const BatchSummary summary = std::exchange(summary_, BatchSummary());
  ingest_.Append(session_, summary, /*skipped_sequences=*/0, TakeRecords(),
                 [budget = budget_, bytes, &ledger = ingest_.ledger(),
                  summary](const absl::StatusOr<Offset>& stored) {
                   budget->Release(bytes);
                   if (!stored.ok()) CountNotStored(summary, &ledger);
                 });
}

}  // namespace logboom
