#include "server/journal/journal.h"

#include <algorithm>
#include <limits>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/diagnostics.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "server/journal/commit_queue.h"
#include "server/journal/committer.h"
#include "server/journal/journal_head.h"
#include "server/journal/journal_reader.h"
#include "server/journal/recovery.h"

namespace logboom {
namespace {

constexpr char kLockName[] = "LOCK";
// Of one write and one sync: enough to make the sync's cost small, little
// enough to be answered soon.
constexpr size_t kMaxGroupBytes = size_t{8} << 20;

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
                std::unique_ptr<File> lock_file, RecoveredJournal recovered)
      : files_(*files),
        options_(std::move(options)),
        journal_id_(recovered.journal_id),
        head_(MakeHead(recovered)),
        committer_(files, options_.path, options_.segment_bytes,
                   std::move(recovered), head_),
        lock_file_(std::move(lock_file)),
        thread_([this] { Run(); }) {}

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
    found(0);
  }

  absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) override {
    return absl::UnimplementedError("no cursors yet");
  }

  Offset synced_head() const override { return head_->offset(); }

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
    lock_file_.reset();
  }

 private:
  void Run() {
    std::vector<QueuedEntry> group;
    while (queue_.Take(kMaxGroupBytes, committer_.retry_at(), &group)) {
      if (!committer_.Commit(absl::MakeSpan(group))) FailQueued(&group);
    }
    committer_.Finish();
  }

  // What was queued before the answers of the last group were given may follow
  // a failed entry of its own stream: none of it is stored.
  void FailQueued(std::vector<QueuedEntry>* group) {
    do {
      queue_.TakeAll(group);
      Committer::Fail(absl::MakeSpan(*group));
    } while (!group->empty());
  }

  FileSystem& files_;
  const JournalOptions options_;
  const JournalId journal_id_;
  const std::shared_ptr<JournalHead> head_;
  CommitQueue queue_;
  Committer committer_;  // the thread's
  Mutex stop_mu_;
  std::unique_ptr<File> lock_file_ ABSL_GUARDED_BY(stop_mu_);
  std::thread thread_ ABSL_GUARDED_BY(stop_mu_);
};

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(FileSystem* files,
                                                     JournalOptions options) {
  LOGBOOM_RETURN_IF_ERROR(files->CreateFolder(options.path));
  LOGBOOM_ASSIGN_OR_RETURN(
      std::unique_ptr<File> lock_file,
      files->Open(absl::StrCat(options.path, "/", kLockName),
                  FileSystem::Mode::kOpenOrCreate));
  LOGBOOM_RETURN_IF_ERROR(lock_file->Lock());
  LOGBOOM_ASSIGN_OR_RETURN(
      RecoveredJournal recovered,
      RecoverJournal(files, options.path, RecoveryMode::kRepair));
  return std::make_unique<FolderJournal>(
      files, std::move(options), std::move(lock_file), std::move(recovered));
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
  LOGBOOM_ASSIGN_OR_RETURN(
      const RecoveredJournal recovered,
      RecoverJournal(files, folder, RecoveryMode::kReadOnly));
  if (recovered.segments.empty()) {
    LOGBOOM_ASSIGN_OR_RETURN(const std::vector<std::string> names,
                             files->List(folder));
    if (std::find(names.begin(), names.end(), kLockName) == names.end()) {
      return absl::NotFoundError(absl::StrCat("no journal in ", folder));
    }
  }
  return std::make_unique<FolderReader>(
      files, std::string(folder), recovered.journal_id, MakeHead(recovered),
      /*from=*/0, selection);
}

}  // namespace logboom
