#ifndef LOGBOOM_TESTS_FAULT_JOURNAL_PRODUCERS_H_
#define LOGBOOM_TESTS_FAULT_JOURNAL_PRODUCERS_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

#include "tests/fault/journal_story.h"

namespace logboom {

// The senders of one journal: sessions that ask for SYNCED and for WRITTEN,
// anonymous ones, and the raw TCP port, whose entries wait while the disk
// fails. What they send is random; the same seed gives the same.
//
// Not thread-safe; a plain value.
class JournalProducers {
 public:
  // `rejections`: some batches are refused as malformed, which a notice without
  // records tells.
  JournalProducers(uint64_t seed, bool rejections);

  // The sessions there are.
  std::vector<ProducerLife> sessions() const;

  // Each session goes on behind the last sequence that is stored or that it was
  // told of.
  void Resume(const LastSequences& stored, const JournalStory& story);

  // Some of the programs are started again: they are new sessions.
  void RestartSome();

  // What is sent next, in its order: indexes in `story`.
  std::vector<size_t> SendSome(JournalStory* story);

 private:
  struct Session {
    ProducerLife life;
    AckDepth depth = AckDepth::kSynced;
    uint64_t next_sequence = 1;
  };

  int UpTo(int most) {
    return std::uniform_int_distribution<int>(0, most)(random_);
  }
  SentEntry Next();

  bool rejections_;
  std::mt19937_64 random_;
  std::vector<Session> sessions_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_JOURNAL_PRODUCERS_H_
