#ifndef LOGBOOM_CLIENT_SPOOL_H_
#define LOGBOOM_CLIENT_SPOOL_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "client/batch.h"
#include "logboom/options.h"

namespace logboom {

class SpoolDisk;

struct SpoolOptions {
  std::string folder;
  int64_t max_bytes = int64_t{1} << 30;
  SpoolFull when_full = SpoolFull::kDropNewest;
  // Of one file; a file is deleted when all of it is settled.
  int64_t segment_bytes = int64_t{8} << 20;
  SpoolDisk* disk = nullptr;  // null: the system's; else it outlives the spool
};

// One life of a program: its sessions' epoch and resource. Sequences are its
// own, from 1.
struct SpoolLife {
  uint64_t epoch = 0;
  std::string resource;  // encoded
};

// Batches on disk, in the order they are to be sent: first what earlier lives
// of the program left, oldest life first, then this life's own. The bytes are
// in proto/FORMAT.md: segments and entries as the journal's, so that `logboom
// journal dump` reads them. Writes are not synced: they survive the program,
// not the machine's power.
//
// Reading and settling are about the front life only: when all of it is settled
// its files are deleted, before the next one becomes the front. (The server
// remembers one epoch of a producer: a batch of an older one that was sent
// again would be stored again.)
//
// Not thread-safe: the sender's thread owns it.
class Spool {
 public:
  // Takes the folder, which is made if it is missing, for this process (and the
  // children it forks: while one lives the folder is taken), and reads what is
  // in it. `own` is this life, which comes behind all others; its epoch must be
  // new. Damage is passed over and said in TakeProblems().
  // Errors: ABORTED, another process has it, naming its pid;
  // FAILED_PRECONDITION, the folder cannot be used; INVALID_ARGUMENT, the epoch
  // is another life's.
  static absl::StatusOr<std::unique_ptr<Spool>> Open(SpoolOptions options,
                                                     SpoolLife own);
  virtual ~Spool() = default;

  // The producer id that every life in this folder shares (16 bytes), drawn
  // when the folder was first used.
  virtual const std::string& producer_id() const = 0;
  // Forgets it and draws another: the server says that somebody else uses it.
  // What is in the spool is kept. Errors: the new one could not be stored; it
  // is used all the same, and stored with a later Append.
  virtual absl::Status DrawNewProducerId() = 0;

  // The life whose batches Next reads: an earlier one's, or `own`.
  virtual const SpoolLife& front_life() const = 0;
  virtual bool at_own_life() const = 0;

  // Appends a batch of the own life, behind all others; sequences must rise.
  // What is dropped for it, or of it, is returned: with kDropNewest this very
  // batch, with kDropOldest whole files from the front (never what Next has
  // read and is not settled). A disk that fails or is full drops this batch.
  struct Dropped {
    bool stored = false;          // the batch itself is in the spool
    int64_t records = 0;          // all that was dropped
    LossCounts::Unreported lost;  // losses that the dropped batches reported
    absl::Status why;             // OK: nothing was dropped
  };
  virtual Dropped Append(const Batch& batch) = 0;

  // The next batch of the front life that was not read since the last Rewind;
  // nullopt: there is none. Errors: DATA_LOSS, what is next cannot be read: it
  // is passed over, and counted in its records as far as they are known (call
  // again); UNAVAILABLE, its file cannot be opened now: try again later.
  virtual absl::StatusOr<std::optional<Batch>> Next() = 0;
  // Next begins again behind `sequence` of the front life, all up to which is
  // settled.
  virtual void Rewind(uint64_t sequence) = 0;
  // All batches of the front life up to `sequence` are acknowledged or
  // rejected: files that hold nothing else are deleted. If that was the last of
  // an earlier life, the next one becomes the front. Needed once (0 will do)
  // where has_unsettled() is false and at_own_life() is: all that was left of
  // the life was damaged, dropped or known to the server.
  // Errors: FAILED_PRECONDITION, a file cannot be deleted; try again: until
  // then the front stays.
  virtual absl::Status Settle(uint64_t sequence) = 0;

  // Whether the front life has a batch that Next would read, and one that is
  // not settled.
  virtual bool has_next() const = 0;
  virtual bool has_unsettled() const = 0;

  // Records not settled, of this life and of earlier ones; bytes of the files.
  virtual int64_t own_records() const = 0;
  virtual int64_t earlier_records() const = 0;
  virtual int64_t bytes() const = 0;

  // What Open and Next passed over, as lines for people; taken.
  virtual std::string TakeProblems() = 0;
  // Records known to have been in what was passed over: lost; taken.
  virtual int64_t TakeDamagedRecords() = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_H_
