#ifndef LOGBOOM_TESTS_BENCH_FOLLOWED_JOURNAL_H_
#define LOGBOOM_TESTS_BENCH_FOLLOWED_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "base/status_macros.h"
#include "server/journal/file_system.h"
#include "server/journal/journal.h"
#include "tests/bench/bench_folder.h"
#include "tests/bench/journal_filler.h"
#include "tests/bench/piece_bench.h"

namespace logboom {

// A journal at rest, of a hundred thousand records in entries of kPieceBatch,
// for pieces that read it from its beginning to its head.
class FollowedJournal {
 public:
  static absl::StatusOr<FollowedJournal> Create() {
    constexpr int64_t kBytes = int64_t{24} << 20;
    // One segment, nearly full: a reader at rest looks through what is left.
    constexpr int64_t kSegmentBytes = kBytes + (int64_t{1} << 20);
    LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<BenchFolder> folder,
                             BenchFolder::Create());
    FollowedJournal journal(std::move(folder));
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::unique_ptr<JournalFiller> filler,
        JournalFiller::Open(journal.path(), kSegmentBytes));
    LOGBOOM_RETURN_IF_ERROR(filler->AddBytes(kBytes, kPieceBatch));
    return journal;
  }

  absl::StatusOr<std::unique_ptr<JournalReader>> OpenReader() const {
    return OpenJournalForReading(SystemFiles(), path(),
                                 EntrySelection::kWithRecords);
  }

 private:
  explicit FollowedJournal(std::unique_ptr<BenchFolder> folder)
      : folder_(std::move(folder)) {}
  std::string path() const { return folder_->path() + "/journal"; }

  std::unique_ptr<BenchFolder> folder_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_FOLLOWED_JOURNAL_H_
