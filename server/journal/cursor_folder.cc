#include "server/journal/cursor_folder.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr absl::string_view kSuffix = ".cursor";

std::string FolderIn(absl::string_view journal_folder) {
  return absl::StrCat(journal_folder, "/cursors");
}

std::string FileNameOf(absl::string_view handler) {
  std::string file_name;
  for (const char c : handler) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || c == '_' || c == '-') {
      file_name.push_back(c);
    } else {
      absl::StrAppendFormat(&file_name, "%%%02X", byte);
    }
  }
  return absl::StrCat(file_name, kSuffix);
}

std::string PathIn(absl::string_view folder, absl::string_view handler) {
  return absl::StrCat(folder, "/", FileNameOf(handler));
}

// nullopt: not the name of a cursor file, exactly as FileNameOf writes it.
std::optional<std::string> HandlerOf(absl::string_view file_name) {
  absl::string_view escaped = file_name;
  if (!absl::ConsumeSuffix(&escaped, kSuffix)) return std::nullopt;
  std::string handler;
  for (size_t at = 0; at < escaped.size(); ++at) {
    const absl::string_view digits = escaped.substr(at + 1, 2);
    if (escaped[at] != '%') {
      handler.push_back(escaped[at]);
    } else if (digits.size() == 2 && absl::ascii_isxdigit(digits[0]) &&
               absl::ascii_isxdigit(digits[1])) {
      handler += absl::HexStringToBytes(digits);
      at += 2;
    }
  }
  if (FileNameOf(handler) != file_name) return std::nullopt;
  return handler;
}

// The handlers that have a file in `folder`, in order.
absl::StatusOr<std::vector<std::string>> ListHandlers(
    FileSystem* files, absl::string_view folder) {
  const absl::StatusOr<std::vector<std::string>> file_names =
      files->List(folder);
  std::vector<std::string> handlers;
  // The first Store creates the folder.
  if (absl::IsNotFound(file_names.status())) return handlers;
  LOGBOOM_RETURN_IF_ERROR(file_names.status());
  for (const std::string& file_name : *file_names) {
    if (auto handler = HandlerOf(file_name)) {
      handlers.push_back(*std::move(handler));
    }
  }
  std::sort(handlers.begin(), handlers.end());
  return handlers;
}

void Warn(absl::string_view path, absl::string_view problem) {
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("cursor file ", path, ": ", problem));
}

}  // namespace

Offset StoredCursor::reached() const {
  return mark ? std::max(position.offset, mark->after.offset) : position.offset;
}

absl::StatusOr<std::vector<StoredCursor>> ListCursors(
    FileSystem* files, absl::string_view journal_folder,
    CursorProblems problems) {
  const std::string folder = FolderIn(journal_folder);
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<std::string> handlers,
                           ListHandlers(files, folder));
  std::vector<StoredCursor> cursors;
  for (const std::string& handler : handlers) {
    const std::string path = PathIn(folder, handler);
    absl::StatusOr<CursorFileContents> contents = ReadCursorFile(files, path);
    const std::string problem = contents.ok()
                                    ? contents->problem
                                    : std::string(contents.status().message());
    if (!problem.empty() && problems == CursorProblems::kReport) {
      Warn(path, problem);
    }
    if (!contents.ok() || !contents->newest) continue;
    cursors.push_back({.name = handler,
                       .journal_id = contents->newest->journal_id,
                       .position = contents->newest->position,
                       .mark = std::move(contents->mark)});
  }
  return cursors;
}

// A cursor that tells its folder how far it has come.
class CursorFolder::TakenCursor final : public Cursor {
 public:
  TakenCursor(CursorFolder* folder, CursorFile file)
      : folder_(*folder), file_(std::move(file)) {}
  ~TakenCursor() override { folder_.Return(name()); }

  const std::string& name() const override { return file_.name(); }
  const std::optional<CursorPosition>& stored() const override {
    return file_.stored();
  }
  const std::optional<CursorMark>& mark() const override {
    return file_.mark();
  }
  absl::Status Store(const CursorPosition& position) override {
    LOGBOOM_RETURN_IF_ERROR(file_.Store(position));
    folder_.SetStored(name(), position.offset);
    return absl::OkStatus();
  }
  absl::Status StoreMarked(const CursorPosition& before,
                           const CursorPosition& after, absl::string_view text,
                           int64_t written) override {
    LOGBOOM_RETURN_IF_ERROR(file_.StoreMarked(before, after, text, written));
    folder_.SetStored(name(), before.offset);
    return absl::OkStatus();
  }
  absl::Status Mark(const CursorPosition& before, const CursorPosition& after,
                    absl::string_view text, int64_t written) override {
    return file_.Mark(before, after, text, written);
  }

 private:
  CursorFolder& folder_;
  CursorFile file_;
};

absl::StatusOr<std::unique_ptr<CursorFolder>> CursorFolder::Open(
    FileSystem* files, const std::string& journal_folder,
    const JournalId& journal_id) {
  std::unique_ptr<CursorFolder> folder(
      new CursorFolder(files, journal_folder, journal_id));
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<std::string> handlers,
                           ListHandlers(files, folder->folder_));
  for (const std::string& handler : handlers) {
    const absl::StatusOr<std::optional<Offset>> offset =
        folder->ReadDurably(handler);
    folder->SetStored(handler, offset.ok() ? *offset : Offset{0});
    if (offset.ok()) continue;
    folder->Report(handler,
                   absl::StrCat(offset.status().message(),
                                ": the journal keeps all it may for it"));
  }
  return folder;
}

CursorFolder::CursorFolder(FileSystem* files, const std::string& journal_folder,
                           const JournalId& journal_id)
    : files_(*files),
      folder_(FolderIn(journal_folder)),
      journal_id_(journal_id) {}

absl::StatusOr<CursorFileContents> CursorFolder::Read(const std::string& name) {
  absl::StatusOr<CursorFileContents> contents =
      ReadCursorFile(&files_, PathIn(folder_, name));
  if (absl::IsNotFound(contents.status())) return CursorFileContents();
  if (!contents.ok()) return contents;
  if (contents->newest && contents->newest->journal_id != journal_id_) {
    contents = CursorFileContents{.problem = "another journal's: not used"};
  }
  Report(name, contents->problem);
  return contents;
}

// Retention believes it, so it must not be taken back by a power cut: the last
// process may have been killed before it synced.
absl::StatusOr<std::optional<Offset>> CursorFolder::ReadDurably(
    const std::string& name) {
  LOGBOOM_ASSIGN_OR_RETURN(CursorFileContents contents, Read(name));
  if (!contents.newest) return std::nullopt;
  const Offset offset = contents.newest->position.offset;
  LOGBOOM_RETURN_IF_ERROR(CursorFile(&files_, PathIn(folder_, name), name,
                                     journal_id_, std::move(contents))
                              .Begin());
  return offset;
}

absl::StatusOr<std::unique_ptr<Cursor>> CursorFolder::Take(
    const std::string& name) {
  {
    MutexLock lock(&mu_);
    bool& taken = known_[name].taken;
    if (taken) {
      return absl::FailedPreconditionError(
          absl::StrCat("the cursor of handler ", name, " is open already"));
    }
    taken = true;
  }
  absl::StatusOr<CursorFileContents> contents = Read(name);
  if (!contents.ok()) {
    Return(name);
    return contents.status();
  }
  std::optional<Offset> stored;
  if (contents->newest) stored = contents->newest->position.offset;
  SetStored(name, stored);
  return std::make_unique<TakenCursor>(
      this, CursorFile(&files_, PathIn(folder_, name), name, journal_id_,
                       *std::move(contents)));
}

std::optional<Offset> CursorFolder::least_offset() const {
  MutexLock lock(&mu_);
  std::optional<Offset> least;
  for (const auto& [_, known] : known_) {
    if (known.stored && (!least || *known.stored < *least)) {
      least = known.stored;
    }
  }
  return least;
}

std::vector<std::string> CursorFolder::NotTaken() const {
  MutexLock lock(&mu_);
  std::vector<std::string> names;
  for (const auto& [name, known] : known_) {
    if (known.stored && !known.taken) names.push_back(name);
  }
  return names;
}

void CursorFolder::Report(const std::string& name, const std::string& problem) {
  {
    MutexLock lock(&mu_);
    std::string& reported = known_[name].reported;
    if (reported == problem) return;
    reported = problem;
  }
  if (!problem.empty()) Warn(PathIn(folder_, name), problem);
}

void CursorFolder::SetStored(const std::string& name,
                             std::optional<Offset> offset) {
  MutexLock lock(&mu_);
  known_[name].stored = offset;
}

void CursorFolder::Return(const std::string& name) {
  MutexLock lock(&mu_);
  known_[name].taken = false;
}

}  // namespace logboom
