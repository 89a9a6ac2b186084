#include "tests/testing/fake_journal.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"

namespace logboom {
namespace {

absl::Time Deadline() { return absl::Now() + absl::Minutes(1); }

absl::Status Stopped() {
  return absl::FailedPreconditionError("the journal is stopped");
}

}  // namespace

FakeJournal::~FakeJournal() {
  const auto must_be_called = [](const auto& callback, const char* what) {
    if (callback == nullptr) return;
    std::cerr << "FakeJournal: " << what << "\n";
    abort();
  };
  for (const Kept& kept : kept_) {
    must_be_called(kept.done, "an append was never completed");
  }
  for (const Lookup& lookup : lookups_) {
    must_be_called(lookup.found, "a lookup was never answered");
  }
}

bool FakeJournal::WaitForAppends(size_t count) {
  const absl::Time deadline = Deadline();
  MutexLock lock(&mu_);
  while (kept_.size() < count) {
    if (!changed_.WaitUntil(&mu_, deadline)) return kept_.size() >= count;
  }
  return true;
}

size_t FakeJournal::appends() const {
  MutexLock lock(&mu_);
  return kept_.size();
}

PendingEntry FakeJournal::entry(size_t index) const {
  MutexLock lock(&mu_);
  return kept_.at(index).entry;
}

AckDepth FakeJournal::depth(size_t index) const {
  MutexLock lock(&mu_);
  return kept_.at(index).depth;
}

void FakeJournal::Complete(size_t index) { End(index, absl::OkStatus()); }

void FakeJournal::Fail(size_t index, absl::Status status) {
  End(index, std::move(status));
}

void FakeJournal::CompleteAllFromNowOn() {
  {
    MutexLock lock(&mu_);
    at_once_ = true;
  }
  CompleteWaiting();
}

void FakeJournal::StopNextAppendAtTheDoor() {
  MutexLock lock(&mu_);
  door_ = Door::kStopsNext;
}

bool FakeJournal::WaitForAppendAtTheDoor() {
  const absl::Time deadline = Deadline();
  MutexLock lock(&mu_);
  while (door_ != Door::kSomeoneWaits) {
    if (!changed_.WaitUntil(&mu_, deadline)) return false;
  }
  return true;
}

void FakeJournal::LetAppendIn() {
  MutexLock lock(&mu_);
  door_ = Door::kOpen;
  changed_.NotifyAll();
}

void FakeJournal::EnterLocked() {
  if (door_ != Door::kStopsNext) return;
  door_ = Door::kSomeoneWaits;
  changed_.NotifyAll();
  while (door_ == Door::kSomeoneWaits) changed_.Wait(&mu_);
}

void FakeJournal::Append(PendingEntry entry, AckDepth depth, Done done) {
  size_t index;
  bool at_once;
  {
    MutexLock lock(&mu_);
    EnterLocked();
    at_once = at_once_;
    index = kept_.size();
    if (!stopped_) {
      const Offset offset = head_;
      head_ += entry.record_count;
      kept_.push_back({std::move(entry), depth, offset, std::move(done)});
      changed_.NotifyAll();
    }
  }
  if (done != nullptr) {
    done(Stopped());
  } else if (at_once) {
    End(index, absl::OkStatus());
  }
}

void FakeJournal::End(size_t index, absl::Status status) {
  Done done;
  Offset offset;
  {
    MutexLock lock(&mu_);
    done.swap(kept_.at(index).done);
    if (done == nullptr) return;
    offset = kept_.at(index).offset;
    if (status.ok()) NoteStoredLocked(kept_.at(index).entry);
  }
  if (status.ok()) {
    done(offset);
  } else {
    done(std::move(status));
  }
  {
    MutexLock lock(&mu_);
    kept_.at(index).over = true;
  }
  AnswerDueLookups();
}

void FakeJournal::NoteStoredLocked(const PendingEntry& entry) {
  ledger().Stored(LedgerCounts::Decode(std::string(entry.ledger)).value());
  if (entry.anonymous) return;
  uint64_t& last = last_sequences_[{entry.producer_id, entry.session_epoch}];
  last = std::max(last, entry.sequence);
}

void FakeJournal::CompleteWaiting() {
  for (size_t i = 0; i < appends(); ++i) Complete(i);
}

void FakeJournal::HoldLookups() {
  MutexLock lock(&mu_);
  holds_lookups_ = true;
}

bool FakeJournal::WaitForLookups(size_t count) {
  const absl::Time deadline = Deadline();
  MutexLock lock(&mu_);
  while (lookups_.size() < count) {
    if (!changed_.WaitUntil(&mu_, deadline)) return lookups_.size() >= count;
  }
  return true;
}

size_t FakeJournal::lookups() const {
  MutexLock lock(&mu_);
  return lookups_.size();
}

size_t FakeJournal::appends_before_lookup(size_t index) const {
  MutexLock lock(&mu_);
  return lookups_.at(index).appends_before;
}

void FakeJournal::FindLastSequence(const ProducerId& producer, uint64_t epoch,
                                   LastSequence found) {
  {
    MutexLock lock(&mu_);
    if (!stopped_) {
      lookups_.push_back({producer, epoch, kept_.size(), std::move(found)});
      changed_.NotifyAll();
    }
  }
  if (found != nullptr) found(Stopped());
  AnswerDueLookups();
}

void FakeJournal::AnswerLookup(size_t index,
                               absl::StatusOr<uint64_t> last_sequence) {
  LastSequence found;
  {
    MutexLock lock(&mu_);
    found.swap(lookups_.at(index).found);
  }
  found(std::move(last_sequence));
}

void FakeJournal::AnswerDueLookups() {
  for (;;) {
    LastSequence found;
    uint64_t last = 0;
    {
      MutexLock lock(&mu_);
      const auto due = DueLookupLocked();
      if (due == lookups_.end()) return;
      found.swap(due->found);
      last = last_sequences_[{due->producer, due->epoch}];
    }
    found(last);
  }
}

std::vector<FakeJournal::Lookup>::iterator FakeJournal::DueLookupLocked() {
  if (holds_lookups_) return lookups_.end();
  const auto pending = std::find_if(
      kept_.begin(), kept_.end(), [](const Kept& kept) { return !kept.over; });
  const auto over = static_cast<size_t>(pending - kept_.begin());
  return std::find_if(
      lookups_.begin(), lookups_.end(), [over](const Lookup& lookup) {
        return lookup.found != nullptr && lookup.appends_before <= over;
      });
}

absl::StatusOr<std::unique_ptr<Cursor>> FakeJournal::OpenCursor(
    const std::string& name) {
  return absl::UnimplementedError("a fake journal has no cursors");
}

Offset FakeJournal::synced_head() const {
  MutexLock lock(&mu_);
  return head_;
}

std::unique_ptr<JournalReader> FakeJournal::NewReader(Offset from) {
  return nullptr;
}

void FakeJournal::Stop() {
  {
    MutexLock lock(&mu_);
    stopped_ = true;
    holds_lookups_ = false;
  }
  CompleteWaiting();
  AnswerDueLookups();
}

}  // namespace logboom
