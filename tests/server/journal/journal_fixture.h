#ifndef LOGBOOM_TESTS_SERVER_JOURNAL_JOURNAL_FIXTURE_H_
#define LOGBOOM_TESTS_SERVER_JOURNAL_JOURNAL_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "server/journal/journal.h"
#include "tests/server/journal/segment_image.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {

// What an append was answered, awaited. Thread-safe.
class Answer {
 public:
  // The `done` to give to Append; one call. This object must outlive it.
  Journal::Done Expect();
  absl::StatusOr<Offset> Wait() ABSL_LOCKS_EXCLUDED(mu_);
  bool given() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  mutable Mutex mu_;
  CondVar given_;
  std::optional<absl::StatusOr<Offset>> answer_ ABSL_GUARDED_BY(mu_);
};

// Lets one side wait for the other. Thread-safe.
class Gate {
 public:
  void Open() ABSL_LOCKS_EXCLUDED(mu_);
  void WaitUntilOpen() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  Mutex mu_;
  CondVar opened_;
  bool open_ ABSL_GUARDED_BY(mu_) = false;
};

// What a reader returned.
struct JournalContents {
  std::vector<std::string> payloads;
  std::vector<Offset> offsets;  // first ones
  int64_t missing = 0;
  absl::Status end;  // why it stopped
};

// A journal in a folder of its own, over a file system with faults on order.
// Segments are small: three entries of 8 bytes fill one.
class JournalFixture : public ::testing::Test {
 protected:
  static constexpr int64_t kEntryBytes = 128 + 8;
  // The snapshot of an empty table: its entries begin behind it.
  static constexpr int64_t kSnapshotBytes = 128 + 8;
  static constexpr int64_t kFirstByte = kFirstEntryByte + kSnapshotBytes;
  static constexpr int64_t kSmallSegment = kFirstByte + 3 * kEntryBytes;

  JournalFixture() {
    options_.path = folder_.PathOf("journal");
    options_.segment_bytes = 1 << 20;
  }

  // Opens it, again if it is open.
  void Open();
  void Close() { journal_.reset(); }
  // Closes it and leaves the segments as a killed process would: without the
  // notice of an orderly stop.
  void Kill();

  // Appends one record and waits for the answer.
  absl::StatusOr<Offset> Append(absl::string_view payload,
                                AckDepth depth = AckDepth::kSynced);
  // Again and again while the journal is busy with a failure.
  absl::StatusOr<Offset> AppendUntilStored(absl::string_view payload);
  // Appends records that must be stored.
  void AppendAll(const std::vector<std::string>& payloads);

  // All that a reader returns now.
  JournalContents ReadFrom(Offset from);
  static JournalContents ReadToEnd(JournalReader* reader);
  // All that OpenJournalForReading gives.
  JournalContents ReadOffline(
      EntrySelection selection = EntrySelection::kWithRecords);

  // File names of the segments, by number.
  std::vector<std::string> SegmentFiles() const;
  std::string ReadFile(const std::string& name) const;
  void WriteFile(const std::string& name, const std::string& bytes) const;
  std::string PathOf(const std::string& name) const {
    return options_.path + "/" + name;
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  JournalOptions options_;
  std::unique_ptr<Journal> journal_;
};

// Eight bytes: the letter and a number.
std::string PayloadOf(char letter, int number);
// Payloads letter0, letter1, ...
std::vector<std::string> Payloads(char letter, int count);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_JOURNAL_JOURNAL_FIXTURE_H_
