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
#include "server/journal/file_system.h"

namespace logboom {

// One cursor as its file has it.
struct StoredCursor {
  std::string name;  // of the handler
  JournalId journal_id{};
  CursorPosition position;
};

// The cursors in `journal_folder`, by name. Files without a whole slot are
// reported and left out. Takes no lock and changes nothing.
absl::StatusOr<std::vector<StoredCursor>> ListCursors(
    FileSystem* files, absl::string_view journal_folder);

// The cursors of a journal that a server has open: gives them to the handlers'
// runners and knows how far each has come, so that retention can keep what they
// have not passed. Cursors of handlers that nobody runs count too.
//
// Thread-safe.
class CursorFolder {
 public:
  // Reads all that are there; those of another journal are reported and not
  // used. `files` must outlive this object and the cursors it gives out, and so
  // must this object the cursors.
  static absl::StatusOr<std::unique_ptr<CursorFolder>> Open(
      FileSystem* files, std::string journal_folder,
      const JournalId& journal_id);

  // The cursor of the handler `name`; its file is created by the first Store.
  // Errors: FAILED_PRECONDITION, it is open already; those of the file system.
  absl::StatusOr<std::unique_ptr<Cursor>> Take(const std::string& name)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The least offset stored; nullopt: there is no cursor.
  std::optional<Offset> least_offset() const ABSL_LOCKS_EXCLUDED(mu_);

  // Names of cursors that nobody has taken.
  std::vector<std::string> NotTaken() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Known {
    std::optional<Offset> stored;
    bool taken = false;
  };
  friend class CursorFile;

  CursorFolder(FileSystem* files, std::string journal_folder,
               const JournalId& journal_id);
  void Stored(const std::string& name, Offset offset) ABSL_LOCKS_EXCLUDED(mu_);
  void Return(const std::string& name) ABSL_LOCKS_EXCLUDED(mu_);

  FileSystem& files_;
  const std::string folder_;  // cursors/
  const JournalId journal_id_;
  mutable Mutex mu_;
  std::map<std::string, Known> known_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_CURSOR_FOLDER_H_
