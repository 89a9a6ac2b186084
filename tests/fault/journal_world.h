#ifndef LOGBOOM_TESTS_FAULT_JOURNAL_WORLD_H_
#define LOGBOOM_TESTS_FAULT_JOURNAL_WORLD_H_

#include <cstddef>
#include <cstdint>
#include <memory>

#include "tests/fault/cursor_story.h"
#include "tests/fault/journal_life.h"
#include "tests/fault/journal_producers.h"
#include "tests/fault/journal_story.h"
#include "tests/testing/power_cut_file_system.h"

namespace logboom {

// A disk with a journal on it, those who send to it, a handler that follows it,
// and all that they were told. Servers live in it one behind the other.
class JournalWorld {
 public:
  static constexpr int64_t kNever = int64_t{1} << 40;

  struct Options {
    uint64_t seed = 0;         // of what is sent
    bool deletes_old = false;  // retention is on
    bool disk_fails = false;   // now and then, for one call
  };

  explicit JournalWorld(const Options& options)
      : options_(options),
        files_(std::make_unique<PowerCutFileSystem>()),
        // A notice that is written again after a failure may be found in both
        // files: without records nothing tells that the newer one replaces it.
        producers_(options.seed, /*rejections=*/!options.disk_fails) {}

  // One server's life. It starts, where it may be stopped after
  // `stop_start_after` calls to the disk; what it finds is checked; then it
  // serves that many bursts, where it may be stopped after `stop_after` calls;
  // and it is shut down, in order unless the world has stopped.
  void Live(int64_t stop_start_after, int bursts, int64_t stop_after);

  // The world as it is when the machine, or the process, is started again; this
  // one stays as it is.
  JournalWorld PowerCut(Survival* survival) const;
  JournalWorld Kill(size_t in_flight_bytes) const;

  bool stopped() const { return files_->stopped(); }
  int64_t calls() const { return files_->calls(); }

 private:
  JournalWorld After(std::unique_ptr<PowerCutFileSystem> files,
                     JournalStory::End end) const;
  // Bursts, behind each of which the handler moves on.
  void Serve(JournalLife* life, Cursor* cursor, int bursts);

  Options options_;
  std::unique_ptr<PowerCutFileSystem> files_;
  JournalProducers producers_;
  JournalStory story_;
  CursorStory cursor_story_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_JOURNAL_WORLD_H_
