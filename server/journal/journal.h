#ifndef LOGBOOM_SERVER_JOURNAL_JOURNAL_H_
#define LOGBOOM_SERVER_JOURNAL_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"
#include "server/journal/file_system.h"
#include "server/journal/journal_options.h"
#include "server/journal/loss_ledger.h"
#include "server/journal/pending_entry.h"

namespace logboom {

// How far an append must have come before its `done` is called.
enum class AckDepth {
  kSynced,   // on disk: survives a power cut
  kWritten,  // in the kernel: survives the process only
};

class JournalReader;

// The durable log of all that came in. Ingest appends; everything else follows
// with a reader. One thread of its own writes and syncs for all appenders
// (group commit). proto/FORMAT.md has the bytes.
//
// Thread-safe.
class Journal {
 public:
  // Called once, on the journal's thread, holding no lock: with the offset of
  // the entry's first record, or with why it was not stored. Must not block,
  // nor append again after a failure.
  using Done = absl::AnyInvocable<void(absl::StatusOr<Offset>)>;

  // Called once, on the journal's thread, holding no lock.
  using LastSequence = absl::AnyInvocable<void(absl::StatusOr<uint64_t>)>;

  // Opens or creates the folder, takes its lock, finds the head, the producers
  // and the ledger's totals, cuts a torn tail (one diagnostic line) and starts
  // the thread. `files` must outlive it. Damage is reported, never an error.
  // Errors: FAILED_PRECONDITION, the folder cannot be used (not writable,
  // locked by another server, of a newer format), naming it.
  static absl::StatusOr<std::unique_ptr<Journal>> Open(FileSystem* files,
                                                       JournalOptions options);

  // Stops, if Stop() was not called; readers and cursors must be gone.
  virtual ~Journal() = default;

  // Queues one entry. Entries are written in the order of the calls. The queue
  // has no bound of its own: the caller admits by bytes (Ingest).
  // `done` gets UNAVAILABLE when writing or syncing failed, INVALID_ARGUMENT
  // for an entry over 4 GiB, FAILED_PRECONDITION after Stop() (the last two on
  // the caller's thread, before this returns). After a failure whatever is
  // queued by the time the failed entry's `done` has returned fails too: a
  // stream that stops appending in its `done` never has a later batch stored
  // behind a lost one. Only entries with keep_on_failure wait instead, in their
  // order.
  virtual void Append(PendingEntry entry, AckDepth depth, Done done) = 0;

  // Calls `found`, when all that was queued before this call is synced, with
  // the last sequence stored of this producer in this epoch; 0: none. Errors:
  // UNAVAILABLE, the disk fails; FAILED_PRECONDITION, after Stop() (on the
  // caller's thread).
  virtual void FindLastSequence(const ProducerId& producer, uint64_t epoch,
                                LastSequence found) = 0;

  // The durable place of the handler `name`. It must not outlive the journal.
  // Errors: FAILED_PRECONDITION, it is open already, or its file cannot be
  // used, naming it.
  virtual absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) = 0;

  // Handlers that have a cursor here and were not asked for by OpenCursor.
  virtual std::vector<std::string> UnusedCursors() const { return {}; }

  // What was lost on the way in; its totals are kept in this journal.
  LossLedger& ledger() { return ledger_; }

  // Offset of the next record to be synced: readers see all below it.
  virtual Offset synced_head() const = 0;

  // The first record kept that was received at or after `time`; the head, when
  // none was. Reads of the segment written then; blocks as long. Errors:
  // UNAVAILABLE, it cannot be read.
  virtual absl::StatusOr<Offset> OffsetAt(absl::Time time) { return 0; }
  // About where the newest `bytes` of the segments begin, by their sizes.
  virtual Offset OffsetOfNewest(int64_t bytes) { return 0; }

  // A reader whose first record is `from`, or the oldest one kept. At most
  // synced_head(): a greater offset is clamped to it with a diagnostic. The
  // reader must not outlive the journal.
  virtual std::unique_ptr<JournalReader> NewReader(Offset from) = 0;

  // Writes and syncs what is queued, calls every `done` and ends the thread.
  // Appends fail from now on; readers go on reading and cursors go on storing.
  // The folder stays locked as long as this object lives. Idempotent.
  virtual void Stop() = 0;

 private:
  LossLedger ledger_;
};

// Follows the journal from an offset, up to the synced head and never past it.
// Not thread-safe but for Interrupt().
class JournalReader {
 public:
  virtual ~JournalReader() = default;

  // The next entry with records (others are passed over). Its first offset may
  // be below offset(), when the reader starts inside an entry: skip those
  // records. Damage is reported, counted by missing_records() and skipped.
  // The entry points into the reader's buffer: valid until the next call.
  // Errors: OUT_OF_RANGE, at the head; UNAVAILABLE, reading failed: try later.
  virtual absl::StatusOr<JournalEntry> Next() = 0;

  // Waits until Next() has something, `deadline` passes or Interrupt() was
  // called; true in the first case.
  virtual bool WaitForEntry(absl::Time deadline) = 0;

  // Makes the current and all later WaitForEntry return at once. Thread-safe.
  virtual void Interrupt() = 0;

  // The next record to be returned, counting from the end of the last entry
  // returned.
  virtual Offset offset() const = 0;

  // Records found missing so far, where the journal is damaged.
  virtual int64_t missing_records() const = 0;
  // Records that retention deleted, since this reader was made, before it had
  // come to them.
  virtual int64_t overtaken_records() const = 0;
};

// Which entries a reader of a folder at rest returns.
enum class EntrySelection {
  kWithRecords,
  kAll,  // producer tables and notices as well
};

// A reader of the journal in `folder` from its oldest record to the last whole
// entry there is now. Takes no lock and changes nothing, so a server may be
// writing: what it adds later is not seen. `files` must outlive it.
// Errors: NOT_FOUND, no journal there; FAILED_PRECONDITION, of a newer format.
absl::StatusOr<std::unique_ptr<JournalReader>> OpenJournalForReading(
    FileSystem* files, absl::string_view folder, EntrySelection selection);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_H_
