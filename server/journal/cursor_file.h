#ifndef LOGBOOM_SERVER_JOURNAL_CURSOR_FILE_H_
#define LOGBOOM_SERVER_JOURNAL_CURSOR_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/cursor.h"
#include "server/journal/cursor_format.h"
#include "server/journal/file_system.h"

namespace logboom {

// What a cursor file says.
struct CursorFileContents {
  // The newest whole slot; nullopt: none is.
  std::optional<CursorSlot> newest;
  int newest_slot = 0;       // its place, 0 or 1
  std::string newest_bytes;  // and its bytes
  // Of this run of the machine, and no older than `newest`.
  std::optional<CursorMark> mark;
  // The greatest a slot or mark has; 0: none.
  uint64_t last_generation = 0;
  // What is wrong with the file and what is done about it; empty: nothing.
  std::string problem;
};

// Reads a cursor file. Damage is told, and never an error.
// Errors: those of the file system, when no slot could be had because of them.
absl::StatusOr<CursorFileContents> ReadCursorFile(FileSystem* files,
                                                  const std::string& path);

// The cursor in one file (proto/FORMAT.md § 4). The first Store creates the
// file, and the folder around it, or makes sure of what was read: the last
// process may have been killed before it synced.
//
// Not thread-safe: its handler's runner owns it.
class CursorFile final : public Cursor {
 public:
  // `contents` is what the file has now, nothing when there is none. The cursor
  // of another journal is not used. `files` must outlive it.
  CursorFile(FileSystem* files, std::string path, std::string name,
             const JournalId& journal_id, CursorFileContents contents);

  const std::string& name() const override { return name_; }
  const std::optional<CursorPosition>& stored() const override {
    return stored_;
  }
  const std::optional<CursorMark>& mark() const override { return mark_; }
  absl::Status Store(const CursorPosition& position) override;
  absl::Status StoreMarked(const CursorPosition& before,
                           const CursorPosition& after, absl::string_view text,
                           int64_t written) override;
  absl::Status Mark(const CursorPosition& before, const CursorPosition& after,
                    absl::string_view text, int64_t written) override;

  // Readies the file for the first slot and makes durable what was read, which
  // the first Store does otherwise; again after a failure.
  absl::Status Begin();

 private:
  // Readies the file for the next slot, whose generation it gives.
  absl::Status BeginGeneration();
  absl::Status WriteSlot(const CursorPosition& position);
  absl::Status WriteMark(const CursorMark& mark);
  // The slot that was read, or zeros all over when nothing in the file counts.
  absl::Status WriteWhatCounts(File* file) const;

  FileSystem& files_;
  const std::string path_;
  const std::string name_;
  const JournalId journal_id_;
  const std::string boot_id_;
  std::optional<CursorPosition> stored_;
  std::optional<CursorMark> mark_;

  std::unique_ptr<File> file_;  // null before Begin() succeeded
  // The slot that counts, and which must not be written; nullopt: none does.
  std::optional<int> present_slot_;
  std::string present_bytes_;  // as read; empty after Begin()
  // Of the last slot written, successfully or not.
  uint64_t generation_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_CURSOR_FILE_H_
