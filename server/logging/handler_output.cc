#include "server/logging/handler_output.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr absl::Duration kNoteInterval = absl::Minutes(1);

// One code for all that a disk may say of a cursor: try again.
absl::Status CursorError(const absl::Status& status) {
  if (status.ok()) return status;
  return absl::UnavailableError(
      absl::StrCat("its cursor cannot be kept: ", status.message()));
}

}  // namespace

HandlerOutput::HandlerOutput(std::string name, std::unique_ptr<Handler> handler,
                             OpenCursorFunction open_cursor, Offset start,
                             absl::Duration look_interval)
    : name_(std::move(name)),
      handler_(std::move(handler)),
      open_cursor_(std::move(open_cursor)),
      look_interval_(look_interval),
      stored_{.offset = start, .counts = {.skipped = start}},
      claim_{.position = stored_} {}

absl::Status HandlerOutput::OpenCursor() {
  if (cursor_ == nullptr) {
    absl::StatusOr<std::unique_ptr<Cursor>> opened = open_cursor_();
    if (!opened.ok()) return CursorError(opened.status());
    cursor_ = *std::move(opened);
    start_stored_ = cursor_->stored().has_value();
    if (start_stored_) stored_ = *cursor_->stored();
    claim_ = {
        .position = stored_, .mark = cursor_->mark(), .is_new = !start_stored_};
  }
  if (start_stored_) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(CursorError(cursor_->Store(stored_)));
  start_stored_ = true;
  return absl::OkStatus();
}

absl::StatusOr<ResumedOutput> HandlerOutput::Open(
    const HandlerProgress& progress) {
  if (going_back_) LOGBOOM_RETURN_IF_ERROR(SettleAtStored());
  if (!has_file()) claim_.position = progress.done();
  LOGBOOM_ASSIGN_OR_RETURN(ResumedOutput resumed, handler_->Open(claim_));
  is_open_ = true;
  must_store_ = true;
  ours_ = resumed.ours;
  Note(resumed.note, absl::Now());
  return resumed;
}

absl::Status HandlerOutput::SettleAtStored() {
  LOGBOOM_RETURN_IF_ERROR(CursorError(cursor_->Store(stored_)));
  if (stored_.output.known()) {
    LOGBOOM_RETURN_IF_ERROR(CursorError(
        cursor_->Mark(stored_, stored_, "", stored_.output.size_bytes)));
  }
  going_back_ = false;
  return absl::OkStatus();
}

absl::Status HandlerOutput::LeaveReplacedFile(const HandlerProgress& progress,
                                              absl::Time now) {
  if (now < look_at_) return absl::OkStatus();
  look_at_ = now + look_interval_;
  if (!handler_->IsReplaced()) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(Store(progress));
  Close(progress);
  return absl::OkStatus();
}

absl::Status HandlerOutput::Write(HandlerProgress* progress,
                                  const StopSignal& stop) {
  const bool regular = handler_->output().known();
  if (regular && must_store_) LOGBOOM_RETURN_IF_ERROR(Store(*progress));
  if (regular) LOGBOOM_RETURN_IF_ERROR(Mark(*progress));
  size_t written = progress->written();
  const absl::Status status =
      handler_->Write(progress->block(), &written, stop);
  progress->SetWritten(written);
  if (absl::IsAborted(status)) {
    Note(status.message(), absl::Now());
    ours_ = false;
    must_store_ = true;
    return Store(*progress);
  }
  if (absl::IsUnavailable(status) && !regular) Close(*progress);
  return status;
}

absl::Status HandlerOutput::Store(const HandlerProgress& progress) {
  if (const absl::Status synced = handler_->Sync(); !synced.ok()) {
    GoBack();
    return synced;
  }
  const CursorPosition place = PlaceOf(progress);
  LOGBOOM_RETURN_IF_ERROR(CursorError(
      place.output.known() ? StoreMarked(progress) : cursor_->Store(place)));
  stored_ = place;
  ours_ = true;
  must_store_ = false;
  return absl::OkStatus();
}

absl::Status HandlerOutput::StoreMarked(const HandlerProgress& progress) {
  const MarkedText marked = MarkedTextOf(progress);
  return cursor_->StoreMarked(marked.before, marked.after, marked.text,
                              handler_->output().size_bytes);
}

absl::Status HandlerOutput::Mark(const HandlerProgress& progress) {
  const MarkedText marked = MarkedTextOf(progress);
  return CursorError(cursor_->Mark(marked.before, marked.after, marked.text,
                                   handler_->output().size_bytes));
}

HandlerOutput::MarkedText HandlerOutput::MarkedTextOf(
    const HandlerProgress& progress) const {
  MarkedText marked{.before = PlaceOf(progress),
                    .after = progress.end(),
                    .text = absl::string_view(progress.block().text)
                                .substr(progress.whole_end())};
  marked.after.output = marked.before.output;
  marked.after.output.size_bytes += static_cast<int64_t>(marked.text.size());
  return marked;
}

CursorPosition HandlerOutput::PlaceOf(const HandlerProgress& progress) const {
  CursorPosition place = progress.done();
  place.output = handler_->output();
  if (place.output.known()) {
    place.output.size_bytes -= static_cast<int64_t>(progress.torn_bytes());
  }
  return place;
}

void HandlerOutput::Close(const HandlerProgress& progress) {
  claim_ = {.position = PlaceOf(progress),
            .behind = OutputClaim::Behind::kOthers};
  handler_->Close();
  is_open_ = false;
}

void HandlerOutput::GoBack() {
  claim_ = {.position = stored_,
            .behind = ours_ ? OutputClaim::Behind::kOwn
                            : OutputClaim::Behind::kOthers,
            .own_end = handler_->output().size_bytes};
  handler_->Close();
  is_open_ = false;
  going_back_ = true;
}

void HandlerOutput::Note(absl::string_view note, absl::Time now) {
  if (note.empty() || now < note_at_) return;
  note_at_ = now + kNoteInterval;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("handler ", name_, ": ", note));
}

}  // namespace logboom
