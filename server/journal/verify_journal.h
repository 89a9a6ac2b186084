#ifndef LOGBOOM_SERVER_JOURNAL_VERIFY_JOURNAL_H_
#define LOGBOOM_SERVER_JOURNAL_VERIFY_JOURNAL_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/file_system.h"

namespace logboom {

// The records [begin, end).
struct OffsetRange {
  Offset begin = 0;
  Offset end = 0;

  friend bool operator==(const OffsetRange&, const OffsetRange&) = default;
};

// What a journal has of the records it should have.
struct JournalVerification {
  OffsetRange expected;
  std::vector<OffsetRange> missing;  // rising

  uint64_t missing_records() const;
};

// Reads all entries of a journal, without a lock, up to where it ends now, and
// checks every byte of them. Damage is reported, a line each, and so is what
// lies behind the last whole entry. What retention deletes meanwhile is not
// missing.
// Errors: NOT_FOUND, no journal there; UNAVAILABLE, a segment cannot be opened
// or read again and again; as RecoverJournal.
absl::StatusOr<JournalVerification> VerifyJournal(FileSystem* files,
                                                  absl::string_view folder);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_VERIFY_JOURNAL_H_
