#include "tests/server/logging/memory_journal.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "proto/wire/record_writer.h"

namespace logboom {

std::string BatchOf(const std::vector<std::string>& messages) {
  std::string batch;
  for (const std::string& message : messages) {
    MessageWriter writer(&batch);
    const OpenField record = writer.Begin(kBatchRecordsField);
    RecordWriter fields(&batch);
    fields.BodyText(message);
    fields.Logger("shop");
    writer.End(record);
  }
  return batch;
}

class MemoryJournal::Reader final : public JournalReader {
 public:
  Reader(MemoryJournal* journal, Offset from)
      : journal_(*journal), offset_(from) {}

  absl::StatusOr<JournalEntry> Next() override {
    MutexLock lock(&journal_.mu_);
    if (journal_.failing_reads_ > 0) {
      --journal_.failing_reads_;
      return absl::UnavailableError("cannot read the journal");
    }
    if (offset_ < journal_.oldest_) {
      overtaken_ += static_cast<int64_t>(journal_.oldest_ - offset_);
      offset_ = journal_.oldest_;
    }
    auto& entries = journal_.entries_;
    const auto next = std::upper_bound(
        entries.begin(), entries.end(), offset_,
        [](Offset offset, const auto& entry) {
          return offset < entry->first_offset + entry->record_count;
        });
    if (next == entries.end()) return AtHead();
    current_ = *next;
    if (journal_.repeating_ && next + 1 == entries.end()) Repeat();
    CountMissingUpTo(current_->first_offset);
    JournalEntry entry;
    entry.header.kind = current_->kind;
    entry.header.record_count = current_->record_count;
    entry.header.first_offset = current_->first_offset;
    entry.payload = current_->payload;
    offset_ = entry.header.end_offset();
    return entry;
  }

  bool WaitForEntry(absl::Time deadline) override {
    MutexLock lock(&journal_.mu_);
    while (offset_ >= journal_.head_ && !interrupted_) {
      if (!journal_.changed_.WaitUntil(&journal_.mu_, deadline)) break;
    }
    return offset_ < journal_.head_;
  }

  void Interrupt() override {
    MutexLock lock(&journal_.mu_);
    interrupted_ = true;
    journal_.changed_.NotifyAll();
  }

  Offset offset() const override { return offset_; }
  int64_t missing_records() const override { return missing_; }
  int64_t overtaken_records() const override { return overtaken_; }

 private:
  absl::Status AtHead() ABSL_EXCLUSIVE_LOCKS_REQUIRED(journal_.mu_) {
    CountMissingUpTo(journal_.head_);
    return absl::OutOfRangeError("at the head");
  }

  void CountMissingUpTo(Offset found) {
    if (found <= offset_) return;
    missing_ += static_cast<int64_t>(found - offset_);
    offset_ = found;
  }

  void Repeat() ABSL_EXCLUSIVE_LOCKS_REQUIRED(journal_.mu_) {
    Entry again = *current_;
    again.first_offset = journal_.head_;
    journal_.head_ += again.record_count;
    journal_.entries_.push_back(std::make_shared<Entry>(std::move(again)));
  }

  MemoryJournal& journal_;
  std::shared_ptr<const Entry> current_;
  Offset offset_;
  int64_t missing_ = 0;
  int64_t overtaken_ = 0;
  bool interrupted_ ABSL_GUARDED_BY(journal_.mu_) = false;
};

void MemoryJournal::Add(const std::vector<std::string>& messages) {
  AddEntry(EntryKind::kNative, static_cast<uint32_t>(messages.size()),
           BatchOf(messages));
}

void MemoryJournal::AddEntry(EntryKind kind, uint32_t record_count,
                             std::string payload) {
  MutexLock lock(&mu_);
  entries_.push_back(std::make_shared<Entry>(
      Entry{kind, record_count, head_, std::move(payload)}));
  head_ += record_count;
  changed_.NotifyAll();
}

void MemoryJournal::AddDamage(uint64_t count) {
  MutexLock lock(&mu_);
  head_ += count;
  changed_.NotifyAll();
}

void MemoryJournal::DeleteBefore(Offset from) {
  MutexLock lock(&mu_);
  oldest_ = from;
}

void MemoryJournal::RepeatForEver() {
  MutexLock lock(&mu_);
  repeating_ = true;
}

void MemoryJournal::FailReads(int times) {
  MutexLock lock(&mu_);
  failing_reads_ = times;
}

Offset MemoryJournal::head() const {
  MutexLock lock(&mu_);
  return head_;
}

std::unique_ptr<JournalReader> MemoryJournal::NewReader(Offset from) {
  MutexLock lock(&mu_);
  ++readers_;
  return std::make_unique<Reader>(this, std::max(from, oldest_));
}

int MemoryJournal::readers() const {
  MutexLock lock(&mu_);
  return readers_;
}

}  // namespace logboom
