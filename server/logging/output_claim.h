#ifndef LOGBOOM_SERVER_LOGGING_OUTPUT_CLAIM_H_
#define LOGBOOM_SERVER_LOGGING_OUTPUT_CLAIM_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/journal/cursor.h"

namespace logboom {

// What is known of a handler's output before it is opened.
struct OutputClaim {
  // Whose the bytes are that lie behind `position` in its file.
  enum class Behind {
    kUnknown,  // the machine has been started again since
    kOwn,      // the handler's own, up to `own_end`
    kOthers,   // not the handler's alone
  };

  // The handler has come at least here. Its output is not known when it had no
  // file.
  CursorPosition position;
  // How far it came since; with it `behind` does not matter.
  std::optional<CursorMark> mark;
  Behind behind = Behind::kUnknown;
  int64_t own_end = 0;
  // The handler had no cursor: mode 'w' empties its file.
  bool is_new = false;

  // The last place that is certainly done with.
  const CursorPosition& place() const { return mark ? mark->before : position; }
  // The file it was written to, as long as it was then.
  const OutputFile& output() const {
    return place().output.known() ? place().output : position.output;
  }
};

// Where a handler goes on when its output is open.
struct ResumedOutput {
  // With the file that is open now, and the size it has.
  CursorPosition position;
  // The handler's own text of the records from `position` on that is in the
  // file already and stays there, because other bytes follow it: what it has
  // of whole records need not be written again.
  std::vector<CursorMark::Piece> kept;
  int64_t kept_begin = 0;
  // All bytes behind the cursor's are the handler's.
  bool ours = true;
  // What an operator should know; empty: all is as it was left.
  std::string note;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_OUTPUT_CLAIM_H_
