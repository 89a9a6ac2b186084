#ifndef LOGBOOM_SERVER_JOURNAL_JOURNAL_READER_H_
#define LOGBOOM_SERVER_JOURNAL_JOURNAL_READER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "server/journal/journal.h"
#include "server/journal/journal_head.h"
#include "server/journal/segment_name.h"
#include "server/journal/segment_reader.h"

namespace logboom {

// A JournalReader over the segments of one folder: reads each with a
// SegmentReader, crosses to the next where that one's records begin, and finds
// from the offsets how many records are missing.
class FolderReader final : public JournalReader {
 public:
  // Reads from `from` on, or from the oldest record there is. `files` must
  // outlive the reader.
  FolderReader(FileSystem* files, std::string folder,
               const JournalId& journal_id,
               std::shared_ptr<const JournalHead> head, Offset from,
               EntrySelection selection);

  absl::StatusOr<JournalEntry> Next() override;
  bool WaitForEntry(absl::Time deadline) override;
  void Interrupt() override { head_->Interrupt(&interrupted_); }
  Offset offset() const override { return offset_; }
  int64_t missing_records() const override { return missing_records_; }
  int64_t overtaken_records() const override { return overtaken_records_; }

 private:
  // The segment being read.
  struct Current {
    SegmentName name;
    SegmentReader reader;
    JournalHead::Bounds bounds;
    int64_t limit = 0;  // where its readable bytes end, by `bounds`
  };

  // Opens the segment that has offset_ and goes to it, or near it.
  // OUT_OF_RANGE: there is none yet.
  absl::Status OpenFirst();
  // Opens `name`; when it is gone, the first one behind it that is not.
  absl::Status OpenFrom(SegmentName name);
  absl::Status RefreshLimit(Current* current) const;

  // What follows the last entry below the limit: more entries (OK), the next
  // segment (OK), or the head (OUT_OF_RANGE).
  absl::Status PassEnd();
  // Whether the entry's records belong to the next segment, which replaces
  // them.
  bool IsReplaced(const EntryHeader& header) const;
  // Takes note of the entry's offsets; whether Next() shall return it.
  bool Accept(const EntryHeader& header);
  // Counts what lies between offset_ and `found`, and goes on there.
  void CountMissingUpTo(Offset found);
  void CountOvertakenUpTo(Offset found);
  // The same, for the first record of the segment that follows `segment`:
  // retention may have deleted what was between.
  void CountUpToNext(const SegmentName& segment, Offset found);
  // A read failed: after some time what the disk will not give is damaged.
  absl::Status Failed(const absl::Status& status);
  void ReportDamage(const DamagedExtent& extent) const;
  // The same, when there is anything but zeros between.
  void ReportDamageUpTo(int64_t end);

  FileSystem* const files_;
  const std::string folder_;
  const JournalId journal_id_;
  const std::shared_ptr<const JournalHead> head_;
  const EntrySelection selection_;
  std::atomic<bool> interrupted_{false};
  // Where offset_ was when the reader was made, if that was the head: it need
  // not be searched for.
  const std::optional<JournalHead::Tip> made_at_;
  std::optional<Current> current_;
  int failed_reads_ = 0;  // in a row
  Offset offset_;
  int64_t missing_records_ = 0;
  int64_t overtaken_records_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_READER_H_
