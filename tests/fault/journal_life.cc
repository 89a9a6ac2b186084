#include "tests/fault/journal_life.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <optional>
#include <utility>

#include "base/status_macros.h"

namespace logboom {
namespace {

LedgerCounts Decoded(absl::string_view ledger) {
  const auto counts = LedgerCounts::Decode(ledger);
  EXPECT_TRUE(counts.ok()) << counts.status();
  return counts.ok() ? *counts : LedgerCounts{};
}

}  // namespace

JournalLife::JournalLife(PowerCutFileSystem* files, JournalStory* story)
    : files_(*files), story_(*story) {}

absl::Status JournalLife::Open(const JournalOptions& options) {
  LOGBOOM_ASSIGN_OR_RETURN(journal_, Journal::Open(&files_, options));
  files_.SetFault([this](PowerCutFileSystem::Call call,
                         absl::string_view path) { return OnCall(path); });
  return absl::OkStatus();
}

absl::Status JournalLife::OnCall(absl::string_view path) {
  MutexLock lock(&mu_);
  if (armed_) {
    armed_ = false;
    held_ = true;
    changed_.NotifyAll();
    while (held_) changed_.Wait(&mu_);
  }
  if (calls_to_fault_ < 0 || calls_to_fault_-- > 0) return absl::OkStatus();
  failed_ = true;
  return absl::ErrnoToStatus(EIO, path);
}

void JournalLife::FailSomeCalls(uint64_t seed) {
  MutexLock lock(&mu_);
  faults_.emplace(seed);
}

void JournalLife::ExpectStoryHolds(const std::vector<ProducerLife>& sessions) {
  // Twice: the retention of the start is over then.
  FindLastSequence({}).IgnoreError();
  FindLastSequence({}).IgnoreError();
  story_.ExpectHeldBy(Read());
  if (::testing::Test::HasFailure()) return;
  for (const auto& [session, last] : Find(sessions)) {
    EXPECT_EQ(last, story_.LastStored(session)) << int{session.id[0]};
  }
}

LastSequences JournalLife::Find(const std::vector<ProducerLife>& sessions) {
  LastSequences found;
  for (const ProducerLife& session : sessions) {
    const auto last = FindLastSequence(session);
    if (!last.ok()) return {};
    found[session] = *last;
  }
  return found;
}

// The journal's thread takes the first entry and is held while the others queue
// up.
bool JournalLife::Append(const std::vector<size_t>& indexes, uint64_t lost) {
  AppendAndHold(indexes.front());
  story_.Counted(LossReason::kFrameCut, lost);
  journal_->ledger().Count(LossReason::kFrameCut, static_cast<int64_t>(lost));
  for (size_t i = 1; i < indexes.size(); ++i) AppendOne(indexes[i]);
  Release();
  FindLastSequence({}).IgnoreError();
  MutexLock lock(&mu_);
  calls_to_fault_ = -1;
  for (const size_t index : indexes) {
    const auto answer = answers_.find(index);
    if (answer == answers_.end() || !answer->second.ok()) return false;
  }
  return true;
}

void JournalLife::AppendAndHold(size_t index) {
  {
    MutexLock lock(&mu_);
    armed_ = true;
    // Never twice in a row: the second failure makes the journal wait a while.
    if (faults_ && ++appends_ % 2 == 0) {
      calls_to_fault_ = std::uniform_int_distribution<int>(0, 9)(*faults_);
    }
  }
  AppendOne(index);
  MutexLock lock(&mu_);
  while (!held_ && !answers_.contains(index) && !files_.stopped()) {
    changed_.Wait(&mu_);
  }
  armed_ = false;
}

void JournalLife::Release() {
  MutexLock lock(&mu_);
  held_ = false;
  changed_.NotifyAll();
}

void JournalLife::AppendOne(size_t index) {
  ++appended_;
  const AckDepth depth = story_.sent(index).depth;
  journal_->Append(story_.Pending(index), depth,
                   [this, index](absl::StatusOr<Offset> answer) {
                     MutexLock lock(&mu_);
                     const bool first =
                         answers_.emplace(index, std::move(answer)).second;
                     EXPECT_TRUE(first) << "answered twice: " << index;
                     changed_.NotifyAll();
                   });
}

absl::StatusOr<uint64_t> JournalLife::FindLastSequence(
    const ProducerLife& producer) {
  while (true) {
    std::optional<absl::StatusOr<uint64_t>> last;
    journal_->FindLastSequence(producer.id, producer.epoch,
                               [&](absl::StatusOr<uint64_t> found) {
                                 MutexLock lock(&mu_);
                                 last = std::move(found);
                                 changed_.NotifyAll();
                               });
    MutexLock lock(&mu_);
    while (!last) changed_.Wait(&mu_);
    if (last->ok() || files_.stopped()) return *last;
  }
}

void JournalLife::Close() {
  if (journal_ == nullptr) return;
  journal_.reset();
  files_.SetFault(nullptr);
  MutexLock lock(&mu_);
  EXPECT_EQ(answers_.size(), appended_) << "an append was never answered";
  if (failed_) story_.DiskFailed();
  for (const auto& [index, answer] : answers_) story_.Answered(index, answer);
}

JournalImage JournalLife::Read() {
  JournalImage image;
  image.head = journal_->synced_head();
  image.totals = journal_->ledger().totals();
  const auto all =
      OpenJournalForReading(&files_, "journal", EntrySelection::kAll);
  EXPECT_TRUE(all.ok()) << all.status();
  if (!all.ok()) return image;
  absl::StatusOr<JournalEntry> entry;
  while ((entry = (*all)->Next()).ok()) {
    image.entries.push_back(
        {entry->header, std::string(entry->payload), Decoded(entry->ledger)});
  }
  EXPECT_TRUE(absl::IsOutOfRange(entry.status())) << entry.status();
  const auto reader = journal_->NewReader(0);
  while ((entry = reader->Next()).ok()) {
    image.read.push_back(entry->header.first_offset);
  }
  EXPECT_TRUE(absl::IsOutOfRange(entry.status())) << entry.status();
  image.missing = reader->missing_records();
  return image;
}

}  // namespace logboom
