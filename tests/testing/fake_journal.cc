#include "tests/testing/fake_journal.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/time/clock.h"

namespace logboom {

FakeJournal::~FakeJournal() {
  for (const Kept& kept : kept_) {
    if (kept.done == nullptr) continue;
    std::cerr << "FakeJournal: an append was never completed\n";
    abort();
  }
}

bool FakeJournal::WaitForAppends(size_t count) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  MutexLock lock(&mu_);
  while (kept_.size() < count) {
    if (!appended_.WaitUntil(&mu_, deadline)) return kept_.size() >= count;
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

void FakeJournal::Complete(size_t index) {
  Offset offset = 0;
  Done done = TakeDone(index, &offset);
  CountStored(entry(index));
  done(offset);
}

void FakeJournal::CountStored(const PendingEntry& entry) {
  const auto counts = LedgerCounts::Decode(std::string(entry.ledger));
  ledger().Stored(counts.value());
}

void FakeJournal::Fail(size_t index, absl::Status status) {
  Offset offset = 0;
  Done done = TakeDone(index, &offset);
  done(std::move(status));
}

void FakeJournal::CompleteAllFromNowOn() {
  {
    MutexLock lock(&mu_);
    at_once_ = true;
  }
  CompleteWaiting();
}

void FakeJournal::Append(PendingEntry entry, AckDepth depth, Done done) {
  mu_.Lock();
  if (stopped_) {
    mu_.Unlock();
    done(absl::FailedPreconditionError("the journal is stopped"));
    return;
  }
  const Offset offset = head_;
  head_ += entry.record_count;
  const bool at_once = at_once_;
  const PendingEntry stored = entry;
  kept_.push_back(
      {std::move(entry), depth, offset, at_once ? nullptr : std::move(done)});
  appended_.NotifyAll();
  mu_.Unlock();
  if (!at_once) return;
  CountStored(stored);
  done(offset);
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
  }
  CompleteWaiting();
}

Journal::Done FakeJournal::TakeDone(size_t index, Offset* offset) {
  MutexLock lock(&mu_);
  *offset = kept_.at(index).offset;
  return std::exchange(kept_.at(index).done, nullptr);
}

void FakeJournal::CompleteWaiting() {
  for (size_t i = 0; i < appends(); ++i) {
    Offset offset = 0;
    Done done = TakeDone(i, &offset);
    if (done == nullptr) continue;
    CountStored(entry(i));
    done(offset);
  }
}

void FakeJournal::FindLastSequence(const ProducerId& producer, uint64_t epoch,
                                   LastSequence found) {
  found(0);
}

absl::StatusOr<std::unique_ptr<Cursor>> FakeJournal::OpenCursor(
    const std::string& name) {
  return absl::UnimplementedError("a fake journal has no cursors");
}

}  // namespace logboom
