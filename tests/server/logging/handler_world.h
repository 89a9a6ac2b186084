#ifndef LOGBOOM_TESTS_SERVER_LOGGING_HANDLER_WORLD_H_
#define LOGBOOM_TESTS_SERVER_LOGGING_HANDLER_WORLD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/logging/appended_file.h"
#include "server/logging/handler_runner.h"
#include "server/logging/logger_tree.h"
#include "server/logging/logging_options.h"
#include "tests/server/logging/memory_journal.h"
#include "tests/testing/fake_cursor.h"
#include "tests/testing/temp_folder.h"

namespace logboom {

// One handler "out" on the root logger and all around it: a journal, what its
// cursor has on disk, and a file. Processes come and go; these stay.
class HandlerWorld {
 public:
  HandlerWorld();

  // A process's runner. Of the file, unless a handler is given.
  std::unique_ptr<HandlerRunner> NewRunner(
      std::unique_ptr<Handler> handler = nullptr);
  // A process that handles all there is and stops; where it came to. What it
  // said on stderr is in `said`.
  CursorPosition RunToEnd();

  std::string path() const { return folder.PathOf("out.log"); }
  std::string Output() const { return Contents(path()); }
  // What was moved out of the output.
  std::string Cut() const { return Contents(path() + ".cut"); }
  // The same file with other contents, as a copytruncate leaves it.
  void SetOutput(absl::string_view text) const;
  void Append(absl::string_view text) const;
  // Moves the output away and puts another file in its place.
  void Replace(absl::string_view text) const;
  static std::string Contents(const std::string& path);

  TempFolder folder;
  MemoryJournal journal;
  FakeCursorDisk disk;
  std::string said;
  LoggingOptions options;
  // Of the next runner:
  bool truncate = false;
  bool delay = false;
  Offset start = 0;
  // Never, but at start and at the end, unless a test wants it.
  absl::Duration store_interval = absl::InfiniteDuration();
  // Syncs take no time unless a test makes them real.
  FileCalls calls;

 private:
  std::unique_ptr<LoggerTree> tree_;
};

// The message of record `number`, `bytes` long, and its line.
std::string MessageOf(int number, size_t bytes);
std::vector<std::string> MessagesOf(int first, int count, size_t bytes);

// Expects in `output` the lines of records 0 to `count` - 1, each whole, once
// and in order, whatever else there is.
void ExpectEachOnce(const std::string& output, int count, size_t bytes);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_LOGGING_HANDLER_WORLD_H_
