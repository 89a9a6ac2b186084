#ifndef LOGBOOM_SERVER_LOGGING_HANDLER_OUTPUT_H_
#define LOGBOOM_SERVER_LOGGING_HANDLER_OUTPUT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/stop_signal.h"
#include "server/journal/cursor.h"
#include "server/logging/handler.h"
#include "server/logging/handler_progress.h"
#include "server/logging/output_claim.h"

namespace logboom {

// A handler's destination and its cursor, written in the order from which a
// restart can tell what is where: of a regular file the mark before the text,
// and the text synced before the cursor.
//
// Not thread-safe.
class HandlerOutput {
 public:
  using OpenCursorFunction =
      std::function<absl::StatusOr<std::unique_ptr<Cursor>>()>;

  // `start`: the first record of a handler without a cursor; it has skipped
  // those before. `look_interval`: how often it looks whether its file is still
  // at its path.
  HandlerOutput(std::string name, std::unique_ptr<Handler> handler,
                OpenCursorFunction open_cursor, Offset start,
                absl::Duration look_interval);

  // Opens the cursor, and stores it at the start for a new handler, so that it
  // has a place from now on. Does nothing once that is done. Errors: the
  // cursor's.
  absl::Status OpenCursor();
  bool has_cursor() const { return cursor_ != nullptr; }

  // Where the handler is as far as that is known without its destination.
  const CursorPosition& place() const { return claim_.place(); }
  // Whether it has written to a file, so that only Open() says where it is.
  bool has_file() const { return claim_.output().known(); }

  // Opens the destination and says where to go on, after OpenCursor. Without a
  // file that can say more that is where `progress` is.
  absl::StatusOr<ResumedOutput> Open(const HandlerProgress& progress);
  bool is_open() const { return is_open_; }

  // Leaves a file that is not at its path any more, as seen now and then: the
  // one there is to be opened.
  absl::Status LeaveReplacedFile(const HandlerProgress& progress,
                                 absl::Time now);

  // Writes what the destination takes now of the block and moves `progress`.
  // Errors: those of Handler::Write, the cursor's, and of Store(); all but
  // CANCELLED and DATA_LOSS are cured by trying again, after Open() if it is
  // not open.
  absl::Status Write(HandlerProgress* progress, const StopSignal& stop);

  // Makes the cursor the place of `progress`: syncs the file, stores, marks.
  // Errors: the cursor's: try again; DATA_LOSS, what was written since the last
  // place stored may be lost: this output is closed, and goes on at that place.
  absl::Status Store(const HandlerProgress& progress);
  // Whether there is nothing to store.
  bool IsStored(const HandlerProgress& progress) const {
    return !must_store_ && progress.done().offset == stored_.offset;
  }

 private:
  // Marks what is being written; everything, when nothing is.
  absl::Status Mark(const HandlerProgress& progress);
  absl::Status StoreMarked(const HandlerProgress& progress);
  struct MarkedText {
    CursorPosition before;
    CursorPosition after;
    absl::string_view text;
  };
  MarkedText MarkedTextOf(const HandlerProgress& progress) const;
  CursorPosition PlaceOf(const HandlerProgress& progress) const;
  void Close(const HandlerProgress& progress);
  void GoBack();
  // Before bytes are cut: whoever comes next must not look for them.
  absl::Status SettleAtStored();
  void Note(absl::string_view note, absl::Time now);

  const std::string name_;
  const std::unique_ptr<Handler> handler_;
  const OpenCursorFunction open_cursor_;
  const absl::Duration look_interval_;
  std::unique_ptr<Cursor> cursor_;
  CursorPosition stored_;  // as the cursor has it
  OutputClaim claim_;      // for the next Open()
  bool is_open_ = false;
  bool start_stored_ = false;  // the cursor has a place
  bool going_back_ = false;    // SettleAtStored() is due
  bool must_store_ = false;    // before the next write to a regular file
  bool ours_ = false;  // all that the file has behind stored_ is the handler's
  absl::Time look_at_ = absl::InfinitePast();  // for a file that was replaced
  absl::Time note_at_ = absl::InfinitePast();
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_HANDLER_OUTPUT_H_
