#ifndef LOGBOOM_SERVER_JOURNAL_CURSOR_H_
#define LOGBOOM_SERVER_JOURNAL_CURSOR_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/ledger_counts.h"

namespace logboom {

// What became of the records a handler has passed: each is in one of these. A
// rewind backwards lets it pass some again, which `replayed` makes up for.
struct HandlerCounts {
  uint64_t skipped = 0;   // before its start, or passed over by a rewind
  uint64_t replayed = 0;  // passed again because of a rewind
  uint64_t handled = 0;   // emitted
  uint64_t filtered = 0;  // not for this handler
  uint64_t journal_damaged = 0;
  uint64_t retention_overtook = 0;

  // The next offset, when the counts are right.
  Offset offset() const {
    return skipped + handled + filtered + journal_damaged + retention_overtook -
           replayed;
  }

  LedgerCounts ToLedger() const;
  static HandlerCounts FromLedger(const LedgerCounts& ledger);

  friend bool operator==(const HandlerCounts&, const HandlerCounts&) = default;
};

// The regular file a handler writes to.
struct OutputFile {
  uint64_t device = 0;  // st_dev
  uint64_t inode = 0;   // 0: the handler has no file, or it is not known
  int64_t size_bytes = 0;

  bool known() const { return inode != 0; }
  bool IsSameFileAs(const OutputFile& other) const {
    return device == other.device && inode == other.inode;
  }

  friend bool operator==(const OutputFile&, const OutputFile&) = default;
};

// A place a handler has come to: everything before `offset` is done with, and
// its output ends at `output.size_bytes`.
struct CursorPosition {
  Offset offset = 0;  // of the next record to handle
  OutputFile output;
  HandlerCounts counts;

  friend bool operator==(const CursorPosition&,
                         const CursorPosition&) = default;
};

// A write that was in progress, or the last one done, when the process ended
// (proto/FORMAT.md § 4.1).
struct CursorMark {
  struct Piece {
    int64_t end = 0;  // byte of the output
    uint64_t checksum = 0;

    friend bool operator==(const Piece&, const Piece&) = default;
  };
  CursorPosition before;
  CursorPosition after;
  // Of the text between the two sizes; their ends rise to after's.
  std::vector<Piece> pieces;

  friend bool operator==(const CursorMark&, const CursorMark&) = default;
};

// Checksums of `text`, which begins at byte `begin` of an output: one piece up
// to each multiple of 4,096, to `written` (where the output ends now, if inside
// the text) and to the text's end.
std::vector<CursorMark::Piece> PiecesOf(absl::string_view text, int64_t begin,
                                        int64_t written);

// The durable place of one handler in the journal (proto/FORMAT.md § 4).
//
// Not thread-safe: its handler's runner owns it.
class Cursor {
 public:
  virtual ~Cursor() = default;

  virtual const std::string& name() const = 0;

  // Where the last process left off. nullopt: the handler is new to this
  // journal. As it was when the cursor was opened.
  virtual const std::optional<CursorPosition>& stored() const = 0;
  // How far it had come since. nullopt: not known, because there was no later
  // write or because the machine has been started again.
  virtual const std::optional<CursorMark>& mark() const = 0;

  // Makes this the handler's place. The output is durable up to it already. On
  // error the last one stored still counts; try again.
  virtual absl::Status Store(const CursorPosition& position) = 0;

  // Store(before) and the Mark that follows it in one, for a handler with a
  // file: the mark goes first, so that a kill at no moment leaves a slot that
  // no mark follows.
  virtual absl::Status StoreMarked(const CursorPosition& before,
                                   const CursorPosition& after,
                                   absl::string_view text, int64_t written) = 0;

  // To be called before text is written to a regular file: `text` is what lies
  // between before's size and after's, of which the output has the bytes up to
  // `written` already. Survives the process, not the machine. A kill in the
  // midst of it may leave no mark, but not for texts up to 768 KiB: theirs are
  // within a page. Store must have succeeded once in the cursor's life.
  virtual absl::Status Mark(const CursorPosition& before,
                            const CursorPosition& after, absl::string_view text,
                            int64_t written) = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_CURSOR_H_
