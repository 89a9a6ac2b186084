#ifndef LOGBOOM_SERVER_LOGGING_BLOCK_FILLER_H_
#define LOGBOOM_SERVER_LOGGING_BLOCK_FILLER_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "server/journal/journal.h"
#include "server/logging/format/formatter.h"
#include "server/logging/handler_progress.h"
#include "server/logging/logger_tree.h"
#include "server/logging/route.h"

namespace logboom {

// Makes text of what a handler is to emit: reads the journal, routes each
// record and formats it.
//
// Not thread-safe.
class BlockFiller {
 public:
  // `tree` must outlive it; `index` is the handler's in it, or
  // LastResortIndex().
  BlockFiller(const LoggerTree* tree, int index,
              std::unique_ptr<Formatter> formatter)
      : routes_(tree, index), formatter_(std::move(formatter)) {}

  // Reads from `reader`, a new one, from now on. It must outlive its use.
  void Follow(JournalReader* reader);

  // Begins a block and fills it with about 64 KiB of text. What is passed over
  // or cannot be read is counted. Ends early when `stop` becomes true.
  // Errors: OUT_OF_RANGE, at the journal's head; UNAVAILABLE, reading failed;
  // the block may have something all the same.
  absl::Status Fill(HandlerProgress* progress, const std::atomic<bool>& stop);

 private:
  void HandleEntry(const JournalEntry& entry, HandlerProgress* progress);
  void HandleRecord(const LogEvent& event, HandlerProgress* progress);
  // Counts what the reader found missing before `found`, the next record.
  void CountMissing(Offset found, HandlerProgress* progress);

  RouteCache routes_;
  const std::unique_ptr<Formatter> formatter_;
  JournalReader* reader_ = nullptr;
  int64_t overtaken_seen_ = 0;  // of reader_
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_BLOCK_FILLER_H_
