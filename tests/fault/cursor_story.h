#ifndef LOGBOOM_TESTS_FAULT_CURSOR_STORY_H_
#define LOGBOOM_TESTS_FAULT_CURSOR_STORY_H_

#include <memory>
#include <optional>
#include <vector>

#include "server/journal/cursor.h"
#include "server/journal/journal.h"

namespace logboom {

// What a handler stored of its place in a journal, over the lives of several
// servers; and whether its cursor keeps it. A plain value.
class CursorStory {
 public:
  // The cursor of this server's handler. Fails the test unless it says what was
  // stored last, or what a failed call was to store, and the journal still has
  // what comes there.
  std::unique_ptr<Cursor> ExpectKept(Journal* journal);

  // The handler has come to `offset`.
  void Store(Cursor* cursor, Offset offset);

  // It is about to write the text of the records up to `offset`.
  void Mark(Cursor* cursor, Offset offset);

  // No mark is valid any more.
  void PowerWasCut() { power_was_cut_ = true; }

 private:
  using MaybePosition = std::optional<CursorPosition>;

  // What the next server may find: the first one, unless a call has failed or
  // was in flight when the world stopped.
  std::vector<MaybePosition> slots_ = {std::nullopt};
  std::vector<MaybePosition> marks_ = {std::nullopt};  // by their `after`
  bool power_was_cut_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CURSOR_STORY_H_
