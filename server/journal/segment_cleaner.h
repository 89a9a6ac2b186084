#ifndef LOGBOOM_SERVER_JOURNAL_SEGMENT_CLEANER_H_
#define LOGBOOM_SERVER_JOURNAL_SEGMENT_CLEANER_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/file_system.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_options.h"
#include "server/journal/segment_name.h"

namespace logboom {

// Deletes the segments that retention does not keep (retention.h has the rule).
//
// Not thread-safe: the journal's thread owns it.
class SegmentCleaner {
 public:
  // `files` and `cursors` must outlive it.
  SegmentCleaner(FileSystem* files, const JournalOptions& options,
                 std::shared_ptr<JournalHead> head, const CursorFolder* cursors)
      : files_(*files),
        options_(options),
        head_(std::move(head)),
        cursors_(*cursors) {}

  // Deletes what may go at `now`, a line for each segment a cursor had not
  // passed. What the disk refuses is tried again the next time.
  void Clean(absl::Time now);

 private:
  // Of one segment, read once: both stay as they are.
  struct Facts {
    absl::Time begun;
    int64_t bytes = 0;
  };

  absl::StatusOr<Facts> FactsOf(const SegmentName& segment);
  void Delete(const std::vector<SegmentName>& segments);

  FileSystem& files_;
  const JournalOptions options_;
  const std::shared_ptr<JournalHead> head_;
  const CursorFolder& cursors_;
  absl::flat_hash_map<uint64_t, Facts> facts_;  // by number
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_SEGMENT_CLEANER_H_
