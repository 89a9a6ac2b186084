// What the journal takes for a record on its way in and out again.

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>

#include "absl/strings/cord.h"
#include "absl/time/clock.h"
#include "server/journal/file_system.h"
#include "server/journal/journal.h"
#include "tests/bench/bench_folder.h"
#include "tests/bench/followed_journal.h"
#include "tests/bench/piece_bench.h"
#include "tests/bench/sample_batch.h"

namespace logboom {
namespace {

constexpr int64_t kSegmentBytes = int64_t{64} << 20;
constexpr int64_t kRetainBytes = int64_t{128} << 20;

PendingEntry EntryOf(const absl::Cord& batch) {
  PendingEntry entry;
  entry.anonymous = true;
  entry.received = absl::Now();
  entry.record_count = kPieceBatch;
  entry.payload = batch;
  return entry;
}

// One batch after the other, each until it is synced: what no other appender
// shares. Most of the time is the disk's.
void AppendSynced(benchmark::State& state) {
  const auto folder = BenchFolder::Create();
  auto journal =
      Journal::Open(SystemFiles(), {.path = (*folder)->path() + "/journal",
                                    .segment_bytes = kSegmentBytes,
                                    .retain_bytes = kRetainBytes});
  if (!journal.ok()) {
    return state.SkipWithError(journal.status().ToString().c_str());
  }
  const absl::Cord batch(SampleBatch(kPieceBatch));
  std::mutex mu;
  std::condition_variable changed;
  for (auto _ : state) {
    bool done = false;
    (*journal)->Append(EntryOf(batch), AckDepth::kSynced,
                       [&](const absl::StatusOr<Offset>& offset) {
                         const std::lock_guard<std::mutex> lock(mu);
                         done = true;
                         changed.notify_one();
                       });
    std::unique_lock<std::mutex> lock(mu);
    changed.wait(lock, [&done] { return done; });
  }
  CountRecords(state, kPieceBatch);
}
BENCHMARK(AppendSynced)->MeasureProcessCPUTime()->UseRealTime();

// A journal of entries of 1,000 records, read from its beginning to its head.
void Follow(benchmark::State& state) {
  const auto journal = FollowedJournal::Create();
  if (!journal.ok()) {
    return state.SkipWithError(journal.status().ToString().c_str());
  }
  int64_t records = 0;
  for (auto _ : state) {
    const auto reader = journal->OpenReader();
    records = 0;
    while (true) {
      const absl::StatusOr<JournalEntry> entry = (*reader)->Next();
      if (!entry.ok()) break;
      benchmark::DoNotOptimize(entry->payload);
      records += entry->header.record_count;
    }
  }
  CountRecords(state, records);
}
BENCHMARK(Follow)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace logboom
