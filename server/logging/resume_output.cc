#include "server/logging/resume_output.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// One decision: looks at the file, and at last cuts it or leaves it.
class Resumption {
 public:
  Resumption(const OutputClaim& claim, AppendedFile* file)
      : claim_(claim), file_(*file) {}

  absl::StatusOr<ResumedOutput> Decide();

 private:
  absl::StatusOr<ResumedOutput> DecideByMark(const CursorMark& mark);
  // For a file that may be written and not read.
  ResumedOutput DecideBySize(const CursorMark& mark) const;
  absl::StatusOr<ResumedOutput> DecideWithoutMark();

  // How far the file has the mark's text where it belongs, in whole pieces.
  absl::StatusOr<int64_t> HeldEnd(const CursorMark& mark) const;
  // Whether it ends with all of the text, behind bytes that came between.
  absl::StatusOr<bool> EndsWithText(const CursorMark& mark) const;

  // All is as it was left, from the end of `position` on.
  ResumedOutput GoOn(const CursorPosition& position) const;
  // All that is there stays.
  ResumedOutput GoOnAtEnd(const CursorPosition& position,
                          absl::string_view why) const;
  // At the end of `position`, which the file now has.
  absl::StatusOr<ResumedOutput> CutAndGoOn(const CursorPosition& position);
  // Whether the record at `offset` may have been written.
  bool MayRepeat(Offset offset) const;
  std::string OthersBytes(int64_t count) const;

  int64_t size() const { return file_.output().size_bytes; }

  const OutputClaim& claim_;
  AppendedFile& file_;
};

absl::StatusOr<ResumedOutput> Resumption::Decide() {
  const OutputFile& left = claim_.output();
  if (!left.known()) {
    ResumedOutput resumed = GoOn(claim_.place());
    resumed.position.output = file_.output();
    return resumed;
  }
  if (!file_.output().IsSameFileAs(left)) {
    return GoOnAtEnd(claim_.place(), "is another file than it was");
  }
  if (size() < left.size_bytes) {
    return GoOnAtEnd(claim_.place(),
                     absl::StrCat("is ", left.size_bytes - size(),
                                  " bytes shorter than it was left"));
  }
  return claim_.mark ? DecideByMark(*claim_.mark) : DecideWithoutMark();
}

absl::StatusOr<ResumedOutput> Resumption::DecideByMark(const CursorMark& mark) {
  if (!file_.readable()) return DecideBySize(mark);
  const int64_t begin = mark.before.output.size_bytes;
  const int64_t end = mark.after.output.size_bytes;
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t held, HeldEnd(mark));
  if (held == end && size() == end) return GoOn(mark.after);
  if (held == end) return GoOnAtEnd(mark.after, OthersBytes(size() - end));
  if (size() == begin) return GoOn(mark.before);
  if (size() == held && file_.locked()) return CutAndGoOn(mark.before);
  LOGBOOM_ASSIGN_OR_RETURN(const bool all_there, EndsWithText(mark));
  if (all_there) return GoOnAtEnd(mark.after, OthersBytes(size() - end));

  ResumedOutput resumed =
      GoOnAtEnd(mark.before, size() == held ? "ends inside a record"
                                            : OthersBytes(size() - held));
  resumed.kept_begin = begin;
  for (const CursorMark::Piece& piece : mark.pieces) {
    if (piece.end <= held) resumed.kept.push_back(piece);
  }
  return resumed;
}

ResumedOutput Resumption::DecideBySize(const CursorMark& mark) const {
  if (size() == mark.before.output.size_bytes) return GoOn(mark.before);
  const int64_t end = mark.after.output.size_bytes;
  if (size() == end) return GoOn(mark.after);
  if (size() > end) return GoOnAtEnd(mark.after, OthersBytes(size() - end));
  return GoOnAtEnd(mark.before, "ends inside a record");
}

absl::StatusOr<ResumedOutput> Resumption::DecideWithoutMark() {
  const CursorPosition& left = claim_.position;
  const int64_t behind = size() - left.output.size_bytes;
  if (behind == 0) return GoOn(left);
  const bool own =
      claim_.behind == OutputClaim::Behind::kOwn && size() == claim_.own_end;
  if (own && file_.locked()) return CutAndGoOn(left);
  if (claim_.behind != OutputClaim::Behind::kUnknown || !file_.locked()) {
    return GoOnAtEnd(left, OthersBytes(behind));
  }
  if (!file_.readable()) return GoOnAtEnd(left, "may not be read");
  LOGBOOM_RETURN_IF_ERROR(file_.MoveBehind(left.output.size_bytes));
  ResumedOutput resumed = GoOn(left);
  resumed.note =
      absl::StrCat(file_.path(), ": ", behind,
                   " bytes behind the last place known to be on disk were "
                   "moved to ",
                   file_.path(), ".cut; going on at record ", left.offset);
  return resumed;
}

absl::StatusOr<int64_t> Resumption::HeldEnd(const CursorMark& mark) const {
  int64_t held = mark.before.output.size_bytes;
  for (const CursorMark::Piece& piece : mark.pieces) {
    LOGBOOM_ASSIGN_OR_RETURN(const bool has,
                             file_.Has(piece, held, /*shift=*/0));
    if (!has) break;
    held = piece.end;
  }
  return held;
}

absl::StatusOr<bool> Resumption::EndsWithText(const CursorMark& mark) const {
  const int64_t shift = size() - mark.after.output.size_bytes;
  if (shift <= 0 || mark.pieces.empty()) return false;
  int64_t begin = mark.before.output.size_bytes;
  for (const CursorMark::Piece& piece : mark.pieces) {
    LOGBOOM_ASSIGN_OR_RETURN(const bool has, file_.Has(piece, begin, shift));
    if (!has) return false;
    begin = piece.end;
  }
  return true;
}

ResumedOutput Resumption::GoOn(const CursorPosition& position) const {
  ResumedOutput resumed{.position = position};
  resumed.position.output.device = file_.output().device;
  resumed.position.output.inode = file_.output().inode;
  return resumed;
}

ResumedOutput Resumption::GoOnAtEnd(const CursorPosition& position,
                                    absl::string_view why) const {
  ResumedOutput resumed{.position = position, .ours = false};
  resumed.position.output = file_.output();
  resumed.note = absl::StrCat(file_.path(), ": ", why, "; going on at its end");
  if (MayRepeat(position.offset)) {
    absl::StrAppend(&resumed.note, "; records from ", position.offset,
                    " on may be written a second time");
  }
  return resumed;
}

absl::StatusOr<ResumedOutput> Resumption::CutAndGoOn(
    const CursorPosition& position) {
  LOGBOOM_RETURN_IF_ERROR(file_.Cut(position.output.size_bytes));
  return GoOn(position);
}

bool Resumption::MayRepeat(Offset offset) const {
  if (claim_.mark) return offset < claim_.mark->after.offset;
  return claim_.behind == OutputClaim::Behind::kUnknown;
}

std::string Resumption::OthersBytes(int64_t count) const {
  return absl::StrCat("has ", count, " bytes that are somebody else's");
}

}  // namespace

absl::StatusOr<ResumedOutput> ResumeOutput(const OutputClaim& claim,
                                           AppendedFile* file) {
  return Resumption(claim, file).Decide();
}

size_t KeptBytes(const ResumedOutput& resumed, absl::string_view text) {
  int64_t begin = resumed.kept_begin;
  for (const CursorMark::Piece& piece : resumed.kept) {
    const auto at = static_cast<size_t>(begin - resumed.kept_begin);
    const auto size = static_cast<size_t>(piece.end - begin);
    if (text.size() < at + size ||
        PiecesOf(text.substr(at, size), begin, begin) != std::vector{piece}) {
      return 0;
    }
    begin = piece.end;
  }
  return static_cast<size_t>(begin - resumed.kept_begin);
}

}  // namespace logboom
