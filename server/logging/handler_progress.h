#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_PROGRESS_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_PROGRESS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/journal/cursor.h"
#include "server/logging/handler.h"

namespace logboom {

// How far a handler has come, record by record: a block of text on its way out,
// and for each record in it the place behind it with all counts. A record whose
// text is out counts; one of which a part is out does not.
//
// Pure; not thread-safe.
class HandlerProgress {
 public:
  enum class Loss { kJournalDamaged, kRetentionOvertook };

  // Goes on at `place`, with an empty block.
  void Reset(const CursorPosition& place);

  // Filling. The last block must be all written.
  void BeginBlock();
  // The text of the record at `offset` is to be appended here...
  std::string* text() { return &block_.text; }
  // ...and then counted. A record emitted several times is counted once.
  void Emitted(Offset offset) {
    block_.ends.push_back(block_.text.size());
    behind_.push_back(offset + 1);
  }
  // The next `count` records are lost.
  void Lost(Loss why, uint64_t count);
  // All records before `offset` have been looked at: those neither emitted nor
  // lost are filtered.
  void PassTo(Offset offset) { passed_ = offset; }
  // Of the next record to look at.
  Offset passed() const { return passed_; }

  // Writing.
  const TextBlock& block() const { return block_; }
  // Bytes of it that are out.
  size_t written() const { return written_; }
  void SetWritten(size_t bytes);
  bool all_written() const { return written_ == block_.text.size(); }
  // Bytes that are out of a record of which not all is.
  size_t torn_bytes() const { return written_ - whole_end(); }
  // Where the first record begins that is not out.
  size_t whole_end() const;

  // The place behind the last record that is out, and behind the block; both
  // without an output.
  CursorPosition done() const { return PlaceBehind(whole_); }
  CursorPosition end() const { return PlaceBehind(block_.ends.size()); }

 private:
  struct LostRecords {
    Offset end = 0;
    Loss why;
    uint64_t count = 0;
  };

  // The place behind the block's first `records` emitted records; behind all of
  // them it is the place behind what was looked at.
  CursorPosition PlaceBehind(size_t records) const;

  CursorPosition base_;  // of the block's first record
  TextBlock block_;
  std::vector<Offset> behind_;     // by record of the block: the next offset
  std::vector<LostRecords> lost_;  // in this block, in the journal's order
  Offset passed_ = 0;
  size_t written_ = 0;
  size_t whole_ = 0;  // records of the block that are out
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_PROGRESS_H_
