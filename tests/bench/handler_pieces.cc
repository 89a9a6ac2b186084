// What a record takes of a handler's thread, but for the write.

#include <atomic>
#include <memory>

#include "absl/time/clock.h"
#include "server/logging/block_filler.h"
#include "server/logging/format/formatter.h"
#include "server/logging/handler_progress.h"
#include "server/logging/logger_tree.h"
#include "tests/bench/followed_journal.h"
#include "tests/bench/piece_bench.h"

namespace logboom {
namespace {

// Reads the journal to its head, block by block: each record is decoded,
// routed and formatted. Records.
absl::StatusOr<int64_t> FillToHead(const FollowedJournal& journal,
                                   BlockFiller* filler) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<JournalReader> reader,
                           journal.OpenReader());
  filler->Follow(reader.get());
  HandlerProgress progress;
  progress.Reset({});
  const std::atomic<bool> stop{false};
  while (true) {
    const absl::Status filled = filler->Fill(&progress, stop);
    progress.SetWritten(progress.block().text.size());
    if (absl::IsOutOfRange(filled)) break;
    LOGBOOM_RETURN_IF_ERROR(filled);
  }
  return static_cast<int64_t>(progress.done().counts.handled);
}

// A file handler's blocks.
void FillBlocks(benchmark::State& state) {
  LoggingOptions options;
  options.handlers = {{.name = "file", .formatter = {.format = kPieceFormat}}};
  options.root = {.handlers = {0}};
  const LoggerTree tree(options);
  auto formatter =
      Formatter::Create(options.handlers[0].formatter, absl::Now());
  const auto journal = FollowedJournal::Create();
  if (!formatter.ok() || !journal.ok()) {
    return state.SkipWithError("no formatter or no journal");
  }
  BlockFiller filler(&tree, 0, *std::move(formatter));
  int64_t records = 0;
  for (auto _ : state) {
    const absl::StatusOr<int64_t> filled = FillToHead(*journal, &filler);
    if (!filled.ok() || *filled == 0) {
      return state.SkipWithError(filled.status().ToString().c_str());
    }
    records = *filled;
  }
  CountRecords(state, records);
}
BENCHMARK(FillBlocks)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace logboom
