#include "server/journal/journal.h"

#include <algorithm>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/mutex.h"
#include "base/named_thread.h"
#include "base/status_macros.h"
#include "server/journal/commit_queue.h"
#include "server/journal/committer.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/folder_lock.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_reader.h"
#include "server/journal/offset_at_time.h"
#include "server/journal/recovery.h"
#include "server/journal/segment_cleaner.h"

namespace logboom {
namespace {

// Of one write and one sync: enough to make the sync's cost small, little
// enough to be answered soon.
constexpr size_t kMaxGroupBytes = size_t{8} << 20;
constexpr absl::Duration kChoresInterval = absl::Seconds(1);
constexpr absl::Duration kCleaningInterval = absl::Minutes(1);

std::shared_ptr<JournalHead> MakeHead(const RecoveredJournal& recovered) {
  return std::make_shared<JournalHead>(recovered.segments,
                                       recovered.next_offset, recovered.end);
}

bool FitsHeader(const PendingEntry& entry) {
  constexpr size_t kMax = std::numeric_limits<uint32_t>::max();
  return entry.resource.size() <= kMax && entry.payload.size() <= kMax &&
         entry.ledger.size() <= kMax;
}

class FolderJournal final : public Journal {
 public:
  FolderJournal(FileSystem* files, JournalOptions options,
                std::unique_ptr<File> lock_file, RecoveredJournal recovered,
                std::unique_ptr<CursorFolder> cursors)
      : files_(*files),
        options_(std::move(options)),
        lock_file_(std::move(lock_file)),
        journal_id_(recovered.journal_id),
        cursors_(std::move(cursors)),
        head_(MakeHead(recovered)),
        cleaner_(files, options_, head_, cursors_.get()),
        committer_(files, options_, OpenLedger(std::move(recovered)), head_,
                   &ledger()),
        thread_(NamedThread("journal", [this] { Run(); })) {}

  ~FolderJournal() override { Stop(); }

  void Append(PendingEntry entry, AckDepth depth, Done done) override {
    if (!FitsHeader(entry)) {
      done(absl::InvalidArgumentError("an entry's part is over 4 GiB"));
      return;
    }
    QueuedEntry queued{std::move(entry), depth, std::move(done)};
    if (queue_.Push(std::move(queued))) return;
    queued.done(absl::FailedPreconditionError("the journal is stopped"));
  }

  void FindLastSequence(const ProducerId& producer, uint64_t epoch,
                        LastSequence found) override {
    QueuedLookup lookup{producer, epoch, std::move(found)};
    if (queue_.Push(std::move(lookup))) return;
    lookup.found(absl::FailedPreconditionError("the journal is stopped"));
  }

  absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) override {
    return cursors_->Take(name);
  }

  std::vector<std::string> UnusedCursors() const override {
    return cursors_->NotTaken();
  }

  Offset synced_head() const override { return head_->offset(); }

  absl::StatusOr<Offset> OffsetAt(absl::Time time) override {
    return OffsetAtTime(&files_, options_.path, Snapshot(), time);
  }

  Offset OffsetOfNewest(int64_t bytes) override {
    return OffsetOfNewestBytes(&files_, options_.path, Snapshot(), bytes);
  }

  std::unique_ptr<JournalReader> NewReader(Offset from) override {
    const Offset head = head_->offset();
    if (from > head) {
      Diagnose(DiagnosticLevel::kWarning,
               absl::StrCat("journal ", options_.path, ": a reader at offset ",
                            from, " is beyond the head; it starts at ", head));
    }
    return std::make_unique<FolderReader>(&files_, options_.path, journal_id_,
                                          head_, std::min(from, head),
                                          EntrySelection::kWithRecords);
  }

  void Stop() override ABSL_LOCKS_EXCLUDED(stop_mu_) {
    queue_.Close();
    MutexLock lock(&stop_mu_);
    if (!thread_.joinable()) return;
    thread_.join();
  }

 private:
  // What a reader may see now.
  RecoveredJournal Snapshot() const {
    RecoveredJournal now;
    now.journal_id = journal_id_;
    while (const auto tip = head_->tip()) {
      now.segments = head_->segments();
      now.end = tip->synced_end;
      now.next_offset = tip->offset;
      if (now.segments.back().number == tip->segment_number) break;
    }
    return now;
  }

  RecoveredJournal OpenLedger(RecoveredJournal recovered) {
    ledger().Open(recovered.ledger);
    return recovered;
  }

  void Run() {
    CommitGroup group;
    while (queue_.Take(kMaxGroupBytes, wake_at(), &group)) {
      if (!committer_.Commit(&group)) RefuseQueued(&group);
      DoChores(absl::Now());
    }
    committer_.Finish();
  }

  absl::Time wake_at() const {
    return std::min(committer_.retry_at(), next_chores_);
  }

  // What was queued before the answers of the last group were given may follow
  // a failed entry of its own stream: none of it is stored.
  void RefuseQueued(CommitGroup* group) {
    do {
      queue_.TakeAll(group);
      committer_.Refuse(group);
    } while (!group->empty());
  }

  // Once a second; retention once a minute, and when a segment was begun.
  void DoChores(absl::Time now) {
    const int64_t begun = committer_.segments_begun();
    if (committer_.has_snapshot() &&
        (now >= next_cleaning_ || begun != segments_begun_)) {
      segments_begun_ = begun;
      cleaner_.Clean(now);
      next_cleaning_ = now + kCleaningInterval;
    }
    if (now < next_chores_) return;
    committer_.WriteLedger();
    next_chores_ = now + kChoresInterval;
  }

  FileSystem& files_;
  const JournalOptions options_;
  const std::unique_ptr<File> lock_file_;  // last but these to go
  const JournalId journal_id_;
  const std::unique_ptr<CursorFolder> cursors_;
  const std::shared_ptr<JournalHead> head_;
  CommitQueue queue_;

  // The thread's.
  SegmentCleaner cleaner_;
  Committer committer_;
  absl::Time next_chores_ = absl::InfinitePast();
  absl::Time next_cleaning_ = absl::InfinitePast();
  int64_t segments_begun_ = 0;

  Mutex stop_mu_;
  std::thread thread_ ABSL_GUARDED_BY(stop_mu_);
};

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(FileSystem* files,
                                                     JournalOptions options) {
  LOGBOOM_RETURN_IF_ERROR(files->CreateFolder(options.path));
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> lock_file,
                           LockJournalFolder(files, options.path));
  LOGBOOM_ASSIGN_OR_RETURN(
      RecoveredJournal recovered,
      RecoverJournal(files, options.path, RecoveryMode::kRepair));
  LOGBOOM_ASSIGN_OR_RETURN(
      std::unique_ptr<CursorFolder> cursors,
      CursorFolder::Open(files, options.path, recovered.journal_id));
  return std::make_unique<FolderJournal>(
      files, std::move(options), std::move(lock_file), std::move(recovered),
      std::move(cursors));
}

}  // namespace

absl::StatusOr<std::unique_ptr<Journal>> Journal::Open(FileSystem* files,
                                                       JournalOptions options) {
  const std::string path = options.path;
  auto journal = OpenJournal(files, std::move(options));
  if (journal.ok()) return journal;
  if (absl::IsAborted(journal.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat("journal folder ", path, " is in use by another server"));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("journal folder ", path,
                   " cannot be used: ", journal.status().message()));
}

absl::StatusOr<std::unique_ptr<JournalReader>> OpenJournalForReading(
    FileSystem* files, absl::string_view folder, EntrySelection selection) {
  LOGBOOM_RETURN_IF_ERROR(CheckIsJournal(files, folder));
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal recovered,
      RecoverJournal(files, folder, RecoveryMode::kReadOnly));
  return std::make_unique<FolderReader>(
      files, std::string(folder), recovered.journal_id, MakeHead(recovered),
      /*from=*/0, selection);
}

}  // namespace logboom
