#ifndef LOGBOOM_TESTS_SERVER_LOGGING_MEMORY_JOURNAL_H_
#define LOGBOOM_TESTS_SERVER_LOGGING_MEMORY_JOURNAL_H_

#include <memory>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "server/journal/journal.h"

namespace logboom {

// Entries kept in memory, which the test adds, damages and deletes while
// readers follow them. Thread-safe; outlives its readers.
class MemoryJournal {
 public:
  // One entry with a record of logger "shop" for each message.
  void Add(const std::vector<std::string>& messages) ABSL_LOCKS_EXCLUDED(mu_);
  // One entry of `record_count` records, whatever its payload has.
  void AddEntry(EntryKind kind, uint32_t record_count, std::string payload)
      ABSL_LOCKS_EXCLUDED(mu_);
  // The next `count` offsets have no records: they were damaged.
  void AddDamage(uint64_t count) ABSL_LOCKS_EXCLUDED(mu_);
  // Retention: `from` becomes the oldest record.
  void DeleteBefore(Offset from) ABSL_LOCKS_EXCLUDED(mu_);
  // From now on the last entry added comes again and again, at new offsets.
  void RepeatForEver() ABSL_LOCKS_EXCLUDED(mu_);
  // The next `times` reads fail.
  void FailReads(int times) ABSL_LOCKS_EXCLUDED(mu_);

  Offset head() const ABSL_LOCKS_EXCLUDED(mu_);
  std::unique_ptr<JournalReader> NewReader(Offset from)
      ABSL_LOCKS_EXCLUDED(mu_);
  // How many readers there have been.
  int readers() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  class Reader;
  struct Entry {
    EntryKind kind;
    uint32_t record_count;
    Offset first_offset;
    std::string payload;
  };

  mutable Mutex mu_;
  CondVar changed_;
  std::vector<std::shared_ptr<const Entry>> entries_ ABSL_GUARDED_BY(mu_);
  Offset head_ ABSL_GUARDED_BY(mu_) = 0;
  Offset oldest_ ABSL_GUARDED_BY(mu_) = 0;
  bool repeating_ ABSL_GUARDED_BY(mu_) = false;
  int failing_reads_ ABSL_GUARDED_BY(mu_) = 0;
  int readers_ ABSL_GUARDED_BY(mu_) = 0;
};

// An encoded LogBatch with a record of logger "shop" for each message.
std::string BatchOf(const std::vector<std::string>& messages);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_LOGGING_MEMORY_JOURNAL_H_
