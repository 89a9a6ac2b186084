#ifndef LOGBOOM_TESTS_SERVER_JOURNAL_CURSOR_FIXTURE_H_
#define LOGBOOM_TESTS_SERVER_JOURNAL_CURSOR_FIXTURE_H_

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/status/status.h"
#include "server/journal/cursor.h"

namespace logboom {

// A place whose parts all follow from its offset, so that one mixed from two
// equals neither.
inline CursorPosition PositionAt(Offset offset) {
  return {.offset = offset,
          .output = {.device = 3,
                     .inode = 40,
                     .size_bytes = static_cast<int64_t>(offset) * 100},
          .counts = {.skipped = 5,
                     .replayed = 7,
                     .handled = offset - 9,
                     .filtered = 4,
                     .journal_damaged = 6,
                     .retention_overtook = 1}};
}

// What a handler writes between two of them.
inline std::string TextBetween(Offset before, Offset after) {
  return std::string(static_cast<size_t>(PositionAt(after).output.size_bytes -
                                         PositionAt(before).output.size_bytes),
                     't');
}

inline constexpr JournalId kJournalId = {1, 2, 3};
inline constexpr JournalId kOtherJournalId = {1, 2, 4};

inline std::string BytesOf(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// In place: some file systems flush a file that is cut and written anew.
inline void SetBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::app);  // creates it
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file << bytes << std::flush;
  std::filesystem::resize_file(path, bytes.size());
}

// The mark a cursor keeps of that write, before any of it is written.
inline CursorMark MarkBetween(Offset before, Offset after) {
  const CursorPosition from = PositionAt(before);
  return {from, PositionAt(after),
          PiecesOf(TextBetween(before, after), from.output.size_bytes,
                   from.output.size_bytes)};
}

inline absl::Status MarkWrite(Cursor* cursor, Offset before, Offset after) {
  const CursorPosition from = PositionAt(before);
  return cursor->Mark(from, PositionAt(after), TextBetween(before, after),
                      from.output.size_bytes);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_JOURNAL_CURSOR_FIXTURE_H_
