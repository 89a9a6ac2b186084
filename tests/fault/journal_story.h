#ifndef LOGBOOM_TESTS_FAULT_JOURNAL_STORY_H_
#define LOGBOOM_TESTS_FAULT_JOURNAL_STORY_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"
#include "server/journal/journal.h"
#include "server/journal/ledger_counts.h"
#include "server/journal/pending_entry.h"

namespace logboom {

// One life of one producer: its id and epoch.
struct ProducerLife {
  ProducerId id{};
  uint64_t epoch = 0;
  auto operator<=>(const ProducerLife&) const = default;
};

// An entry that was handed to the journal.
struct SentEntry {
  std::optional<ProducerLife> producer;  // nullopt: anonymous
  uint64_t sequence = 0;
  uint32_t record_count = 1;  // 0: a notice, which uses up its sequence
  size_t extra_bytes = 0;     // of payload
  LedgerCounts ledger;
  AckDepth depth = AckDepth::kSynced;
  bool keep_on_failure = false;

  // What its sender was told: that its first record is there; or that it is
  // not stored, and to ask for the last sequence and send again.
  std::optional<Offset> told;
  bool refused = false;
  // It was told so of a depth that the power cut then did not spare.
  bool excused = false;
};

// By producer: the last sequence the journal says it has stored.
using LastSequences = std::map<ProducerLife, uint64_t>;

// What there is in a journal that has just been opened.
struct JournalImage {
  struct Entry {
    EntryHeader header;
    std::string payload;
    LedgerCounts ledger;
  };
  std::vector<Entry> entries;  // of all kinds, in their order
  std::vector<Offset> read;    // first offsets of those a reader returned
  int64_t missing = 0;         // records, as that reader counts them
  Offset head = 0;
  LedgerCounts totals;  // LossLedger::totals()
};

// What became of all that was sent to one journal, by one thread, over the
// lives of the servers that owned it; and whether the journal keeps to what it
// said. A plain value: copy it to try several ends of one life.
class JournalStory {
 public:
  // Takes note of an entry that is being appended; returns its index.
  size_t Send(SentEntry entry);
  // The entry as the journal takes it. Its payload tells its index.
  PendingEntry Pending(size_t index) const;
  // Takes note that LossLedger::Count was called, while the journal serves.
  void Counted(LossReason reason, uint64_t count);
  // Takes note of an append's answer.
  void Answered(size_t index, const absl::StatusOr<Offset>& answer);

  // A call to the disk failed in this life: what was acknowledged as written
  // may have gone with the file it was in, if the process ends before it is
  // written again.
  void DiskFailed() { disk_failed_ = disk_failed_once_ = true; }

  enum class End { kKilled, kPowerCut, kStopped };
  // How the server's life ended; all answers are in. Further ends before the
  // next ExpectHeldBy are those of servers that did not get to open it.
  void LifeEnded(End end);

  // Fails the test unless the journal, opened again, holds what it must and
  // nothing else. What is there stays there from now on.
  void ExpectHeldBy(const JournalImage& image);

  // The last sequence the journal holds of this producer, as it must be found;
  // as ExpectHeldBy saw it.
  uint64_t LastStored(const ProducerLife& producer) const;
  // The last sequence that the producer was told of: it has none before it any
  // more.
  uint64_t LastTold(const ProducerLife& producer) const;

  const SentEntry& sent(size_t index) const { return sent_[index]; }

 private:
  // Which of the sent entries it is; nullopt: the journal's own.
  std::optional<size_t> Identify(const JournalImage::Entry& entry) const;
  // The parts of ExpectHeldBy. Contents: the entries found are the last ones of
  // those that had been stored (retention deletes the others) and, behind them,
  // what was sent since.
  void ExpectContents(const JournalImage& image);
  void TakeDeleted(Offset oldest, std::optional<size_t> first_found);
  void ExpectFound(const std::vector<size_t>& found,
                   const std::vector<Offset>& offsets);
  void ExpectPromisesKept();
  void ExpectSequencesWhole() const;
  void ExpectLedger(const JournalImage& image);

  absl::Time received_ = absl::Now();
  std::vector<SentEntry> sent_;
  std::map<std::pair<ProducerLife, uint64_t>, size_t> by_sequence_;
  std::vector<size_t> stored_;  // by offset; deleted ones too
  LedgerCounts counted_;        // in this life
  LedgerCounts noted_;     // of what was counted before, what is in the journal
  size_t life_begin_ = 0;  // the first entry sent in this life
  bool disk_failed_ = false;       // in this life
  bool disk_failed_once_ = false;  // in any
  std::optional<End> end_;         // of the life before
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_JOURNAL_STORY_H_
