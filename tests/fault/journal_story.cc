#include "tests/fault/journal_story.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

constexpr size_t kIndexDigits = 8;

// The number, then bytes that look like the beginning of an entry.
std::string PayloadOf(size_t index, size_t extra_bytes) {
  std::string payload = absl::StrFormat("%0*d", kIndexDigits, index);
  while (payload.size() < kIndexDigits + extra_bytes) payload += "LBen";
  payload.resize(kIndexDigits + extra_bytes);
  return payload;
}

}  // namespace

size_t JournalStory::Send(SentEntry entry) {
  const size_t index = sent_.size();
  if (entry.producer) by_sequence_[{*entry.producer, entry.sequence}] = index;
  sent_.push_back(std::move(entry));
  return index;
}

PendingEntry JournalStory::Pending(size_t index) const {
  const SentEntry& sent = sent_[index];
  PendingEntry entry;
  entry.kind = sent.record_count > 0 ? EntryKind::kNative : EntryKind::kNotice;
  entry.anonymous = !sent.producer;
  if (sent.producer) {
    entry.producer_id = sent.producer->id;
    entry.session_epoch = sent.producer->epoch;
    entry.sequence = sent.sequence;
  }
  entry.received = received_;
  entry.record_count = sent.record_count;
  if (sent.record_count > 0) {
    entry.payload = absl::Cord(PayloadOf(index, sent.extra_bytes));
  }
  entry.ledger = absl::Cord(sent.ledger.Encode());
  entry.keep_on_failure = sent.keep_on_failure;
  return entry;
}

void JournalStory::Counted(LossReason reason, uint64_t count) {
  counted_.Add(LossReasonName(reason), count);
}

void JournalStory::Answered(size_t index,
                            const absl::StatusOr<Offset>& answer) {
  if (answer.ok()) {
    sent_[index].told = *answer;
  } else {
    sent_[index].refused = true;
  }
}

void JournalStory::LifeEnded(End end) {
  // Only what a kill had spared is still at stake.
  if (!end_ || end_ == End::kKilled) end_ = end;
}

void JournalStory::ExpectHeldBy(const JournalImage& image) {
  ExpectContents(image);
  if (::testing::Test::HasFailure()) return;
  ExpectSequencesWhole();
  ExpectLedger(image);
  counted_ = LedgerCounts();
  life_begin_ = sent_.size();
  disk_failed_ = false;
  end_.reset();
}

uint64_t JournalStory::LastStored(const ProducerLife& producer) const {
  for (auto at = stored_.rbegin(); at != stored_.rend(); ++at) {
    const SentEntry& sent = sent_[*at];
    if (!sent.producer || sent.producer->id != producer.id) continue;
    return sent.producer->epoch == producer.epoch ? sent.sequence : 0;
  }
  return 0;
}

uint64_t JournalStory::LastTold(const ProducerLife& producer) const {
  uint64_t last = 0;
  for (const SentEntry& sent : sent_) {
    if (sent.producer == producer && sent.told) last = sent.sequence;
  }
  return last;
}

std::optional<size_t> JournalStory::Identify(
    const JournalImage::Entry& entry) const {
  const EntryHeader& header = entry.header;
  if (header.kind == EntryKind::kNotice) {
    const auto found = by_sequence_.find(
        {{header.producer_id, header.session_epoch}, header.sequence});
    if (found == by_sequence_.end()) return std::nullopt;
    return found->second;
  }
  size_t index = 0;
  const bool parsed = absl::SimpleAtoi(
      absl::string_view(entry.payload).substr(0, kIndexDigits), &index);
  if (!parsed || index >= sent_.size()) {
    ADD_FAILURE() << "an entry that nobody sent: " << entry.payload;
    return std::nullopt;
  }
  return index;
}

void JournalStory::ExpectContents(const JournalImage& image) {
  std::vector<size_t> found;
  std::vector<Offset> offsets;
  std::vector<Offset> with_records;
  Offset next =
      image.entries.empty() ? 0 : image.entries.front().header.first_offset;
  for (const JournalImage::Entry& entry : image.entries) {
    ASSERT_EQ(entry.header.first_offset, next);
    if (entry.header.kind == EntryKind::kProducerTable) continue;
    const std::optional<size_t> index = Identify(entry);
    if (!index) continue;
    const SentEntry& sent = sent_[*index];
    ASSERT_EQ(entry.header.record_count, sent.record_count);
    if (sent.record_count > 0) {
      ASSERT_EQ(entry.payload, PayloadOf(*index, sent.extra_bytes));
      with_records.push_back(next);
    }
    found.push_back(*index);
    offsets.push_back(next);
    next = entry.header.end_offset();
  }
  TakeDeleted(image.entries.empty() ? 0 : image.entries[0].header.first_offset,
              found.empty() ? std::nullopt : std::optional(found[0]));
  ASSERT_EQ(image.head, next) << "received = stored";
  ASSERT_EQ(image.read, with_records) << "a reader sees the same";
  ASSERT_EQ(image.missing, 0);
  ExpectFound(found, offsets);
}

// What was stored and deleted within one life counts as stored: it lies before
// `oldest`, where the journal begins now.
void JournalStory::TakeDeleted(Offset oldest,
                               std::optional<size_t> first_found) {
  if (oldest == 0) return;
  Offset next = 0;
  for (const size_t index : stored_) next += sent_[index].record_count;
  for (; life_begin_ < first_found.value_or(sent_.size()); ++life_begin_) {
    const SentEntry& sent = sent_[life_begin_];
    if (sent.refused) continue;
    if (next + sent.record_count > oldest) break;
    if (next == oldest && !first_found && !sent.told) break;
    stored_.push_back(life_begin_);
    next += sent.record_count;
  }
}

void JournalStory::ExpectFound(const std::vector<size_t>& found,
                               const std::vector<Offset>& offsets) {
  size_t next = life_begin_;  // sent in this life
  auto old = found.empty()
                 ? stored_.end()
                 : std::find(stored_.begin(), stored_.end(), found[0]);
  for (size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(sent_[found[i]].told.value_or(offsets[i]), offsets[i])
        << "entry " << found[i];
    if (old != stored_.end()) {
      ASSERT_EQ(found[i], *old++) << "at offset " << offsets[i];
      continue;
    }
    while (next < found[i] && sent_[next].refused) ++next;
    ASSERT_EQ(found[i], next++) << "at offset " << offsets[i];
  }
  ASSERT_TRUE(old == stored_.end()) << "entry " << *old << " is gone";
  for (const size_t index : found) {
    if (index >= life_begin_) stored_.push_back(index);
  }
  ExpectPromisesKept();
}

void JournalStory::ExpectPromisesKept() {
  const size_t stored_end = stored_.empty() ? 0 : stored_.back() + 1;
  for (size_t i = std::max(life_begin_, stored_end); i < sent_.size(); ++i) {
    SentEntry& sent = sent_[i];
    if (!sent.told) continue;
    ASSERT_TRUE(sent.depth == AckDepth::kWritten &&
                (end_ == End::kPowerCut || disk_failed_))
        << "entry " << i << " was acknowledged as "
        << (sent.depth == AckDepth::kWritten ? "written" : "synced")
        << " before a life that ended by " << static_cast<int>(*end_)
        << ", and is not there";
    sent.excused = true;
  }
}

// Each producer's batches are there once, in order, and none is missing but
// those whose loss is excused.
void JournalStory::ExpectSequencesWhole() const {
  std::map<ProducerLife, uint64_t> last;
  for (const size_t index : stored_) {
    const SentEntry& sent = sent_[index];
    if (!sent.producer) continue;
    uint64_t& sequence = last[*sent.producer];
    ASSERT_GT(sent.sequence, sequence) << "stored twice or out of order";
    while (++sequence < sent.sequence) {
      const auto lost = by_sequence_.find({*sent.producer, sequence});
      ASSERT_NE(lost, by_sequence_.end());
      ASSERT_TRUE(sent_[lost->second].excused)
          << "sequence " << sequence << " is missing before entry " << index;
    }
  }
}

// What was counted with an entry is there when the entry is; what was counted
// apart is there at most once, and certainly when the server stopped in order.
void JournalStory::ExpectLedger(const JournalImage& image) {
  LedgerCounts in_entries;
  for (const JournalImage::Entry& entry : image.entries) {
    if (entry.header.kind != EntryKind::kProducerTable) {
      in_entries.Add(entry.ledger);
    }
  }
  // Of a notice written again after a failure both copies may be found.
  for (const auto& [reason, count] : in_entries.by_name()) {
    if (disk_failed_once_) break;
    EXPECT_LE(count, image.totals.count(reason)) << reason;
  }
  LedgerCounts own;
  for (const size_t index : stored_) own.Add(sent_[index].ledger);
  LedgerCounts apart;
  for (const auto& [reason, total] : image.totals.by_name()) {
    ASSERT_GE(total, own.count(reason)) << reason;
    apart.Add(reason, total - own.count(reason));
  }
  LedgerCounts most = noted_;
  most.Add(counted_);
  for (const auto& [reason, count] : most.by_name()) {
    EXPECT_LE(apart.count(reason), count) << reason;
    EXPECT_GE(apart.count(reason),
              end_ == End::kStopped ? count : noted_.count(reason))
        << reason;
  }
  EXPECT_LE(apart.sum(), most.sum());
  noted_ = apart;
}

}  // namespace logboom
