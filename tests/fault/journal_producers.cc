#include "tests/fault/journal_producers.h"

#include <algorithm>
#include <utility>

#include "server/journal/loss_ledger.h"

namespace logboom {

JournalProducers::JournalProducers(uint64_t seed, bool rejections)
    : rejections_(rejections), random_(seed) {
  for (uint8_t number = 1; number <= 4; ++number) {
    Session session;
    session.life.id.fill(number);
    session.life.epoch = random_();
    if (number % 2 == 0) session.depth = AckDepth::kWritten;
    sessions_.push_back(session);
  }
}

std::vector<ProducerLife> JournalProducers::sessions() const {
  std::vector<ProducerLife> lives;
  for (const Session& session : sessions_) lives.push_back(session.life);
  return lives;
}

void JournalProducers::Resume(const LastSequences& stored,
                              const JournalStory& story) {
  for (Session& session : sessions_) {
    session.next_sequence =
        1 + std::max(stored.at(session.life), story.LastTold(session.life));
  }
}

void JournalProducers::RestartSome() {
  for (Session& session : sessions_) {
    if (UpTo(9) > 0) continue;
    session.life.epoch = random_();
    session.next_sequence = 1;
  }
}

std::vector<size_t> JournalProducers::SendSome(JournalStory* story) {
  std::vector<size_t> indexes;
  for (int left = 1 + UpTo(7); left > 0; --left) {
    indexes.push_back(story->Send(Next()));
  }
  return indexes;
}

SentEntry JournalProducers::Next() {
  SentEntry entry;
  entry.record_count = static_cast<uint32_t>(1 + UpTo(2));
  entry.extra_bytes = static_cast<size_t>(UpTo(9) == 0 ? UpTo(3000) : UpTo(99));
  const auto who = static_cast<size_t>(UpTo(5));
  if (who >= sessions_.size()) {
    entry.keep_on_failure = who == sessions_.size();
    return entry;
  }
  Session& session = sessions_[who];
  entry.producer = session.life;
  entry.depth = session.depth;
  entry.sequence = session.next_sequence++;
  if (rejections_ && UpTo(7) == 0) {
    entry.record_count = 0;
    entry.ledger.Add(LossReasonName(LossReason::kBatchRejected), 1);
  } else if (UpTo(5) == 0) {
    entry.ledger.Add(LossReasonName(LossReason::kLostByProducer), 3);
  }
  return entry;
}

}  // namespace logboom
