#ifndef LOGBOOM_SERVER_JOURNAL_CURSOR_FOLDER_H_
#define LOGBOOM_SERVER_JOURNAL_CURSOR_FOLDER_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"
#include "server/journal/cursor_file.h"
#include "server/journal/file_system.h"

namespace logboom {

// One cursor as its file has it.
struct StoredCursor {
  std::string name;  // of the handler
  JournalId journal_id{};
  CursorPosition position;
  std::optional<CursorMark> mark;  // how far it had come since, where known

  // The handler has passed no record from here on.
  Offset reached() const;
};

enum class CursorProblems { kReport, kIgnore };

// The cursors in `journal_folder`, by name; none when it has no such folder.
// Files without a whole slot and those that cannot be read are left out. What
// is wrong with a file is reported in one line. Takes no lock and changes
// nothing. Errors: those of listing the folder.
absl::StatusOr<std::vector<StoredCursor>> ListCursors(
    FileSystem* files, absl::string_view journal_folder,
    CursorProblems problems = CursorProblems::kReport);

// The cursors of a journal that a server has open: gives them to the handlers'
// runners and knows how far each has come, so that retention can keep what they
// have not passed. Cursors of handlers that nobody runs count too.
//
// Thread-safe.
class CursorFolder {
 public:
  // Reads all that are there and reports what is wrong with them, one line a
  // file. A damaged cursor and another journal's are not used. One that the
  // file system does not give now counts as not having passed anything.
  // `files` must outlive this object, and this object the cursors it gives out.
  // Errors: those of listing the folder.
  static absl::StatusOr<std::unique_ptr<CursorFolder>> Open(
      FileSystem* files, const std::string& journal_folder,
      const JournalId& journal_id);

  // The cursor of the handler `name`; its file is created by the first Store.
  // Errors: FAILED_PRECONDITION, it is open already; those of the file system:
  // then the handler's place is not known, so try again later.
  absl::StatusOr<std::unique_ptr<Cursor>> Take(const std::string& name)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The least offset stored; nullopt: there is no cursor.
  std::optional<Offset> least_offset() const ABSL_LOCKS_EXCLUDED(mu_);

  // Names of stored cursors that nobody has taken.
  std::vector<std::string> NotTaken() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  class TakenCursor;
  struct Known {
    std::optional<Offset> stored;
    bool taken = false;
    std::string reported;  // what was said to be wrong with it
  };

  CursorFolder(FileSystem* files, const std::string& journal_folder,
               const JournalId& journal_id);
  // What the file of `name` says, nothing when there is none or when it is
  // another journal's. Reports what is wrong, unless the last line said so.
  absl::StatusOr<CursorFileContents> Read(const std::string& name)
      ABSL_LOCKS_EXCLUDED(mu_);
  // The offset stored there; nullopt: none.
  absl::StatusOr<std::optional<Offset>> ReadDurably(const std::string& name)
      ABSL_LOCKS_EXCLUDED(mu_);
  void Report(const std::string& name, const std::string& problem)
      ABSL_LOCKS_EXCLUDED(mu_);
  void SetStored(const std::string& name, std::optional<Offset> offset)
      ABSL_LOCKS_EXCLUDED(mu_);
  void Return(const std::string& name) ABSL_LOCKS_EXCLUDED(mu_);

  FileSystem& files_;
  const std::string folder_;  // cursors/
  const JournalId journal_id_;
  mutable Mutex mu_;
  std::map<std::string, Known> known_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_CURSOR_FOLDER_H_
