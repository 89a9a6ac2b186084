#ifndef LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_FAKES_H_
#define LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_FAKES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "proto/wire/record_view.h"
#include "proto/wire/record_writer.h"
#include "server/journal/journal.h"

namespace logboom::testing {

// The payload with its 4-byte big-endian length in front.
inline std::string Frame(absl::string_view payload) {
  std::string frame;
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(static_cast<char>(payload.size() >> shift & 0xFF));
  }
  frame.append(payload.data(), payload.size());
  return frame;
}

// An encoded LogRecord, as a program would send it.
inline std::string Record(absl::string_view body,
                          absl::string_view logger = "") {
  std::string record;
  RecordWriter writer(&record);
  writer.BodyText(body);
  writer.Logger(logger);
  return record;
}

// An encoded LogBatch of them.
inline std::string Batch(const std::vector<std::string>& records) {
  std::string batch;
  for (const std::string& record : records) {
    MessageWriter(&batch).Bytes(kBatchRecordsField, record);
  }
  return batch;
}

// The bodies of a batch's records, in order.
inline std::vector<std::string> Bodies(absl::string_view batch) {
  std::vector<std::string> bodies;
  BatchView view(batch);
  while (view.Next()) {
    const absl::StatusOr<RecordView> record = RecordView::Parse(view.record());
    bodies.emplace_back(record.ok() && record->body.has_value()
                            ? std::string(record->body->string_value())
                            : "not a record");
  }
  return bodies;
}

// Reads "}TEXT" as a pickle of a record whose body is TEXT, and refuses one
// that holds "bad": the raw port's tests need no real pickles.
inline absl::Status FakeUnpickle(absl::string_view pickle,
                                 std::string* record) {
  if (absl::StrContains(pickle, "bad")) {
    return absl::InvalidArgumentError("a bad pickle");
  }
  RecordWriter(record).BodyText(pickle.substr(1));
  return absl::OkStatus();
}

// A journal in memory. Appends complete at once, or, after Hold(), at
// Release().
// Thread-safe.
class RawPortJournal : public Journal {
 public:
  void Append(PendingEntry entry, AckDepth depth, Done done) override {
    {
      MutexLock lock(&mu_);
      records_ += entry.record_count;
      entries_.push_back(entry);
      changed_.NotifyAll();
      if (holds_) {
        held_.push_back({std::move(entry), std::move(done)});
        return;
      }
    }
    CountStored(entry);
    done(Offset{0});
  }

  // From now on appends wait for Release().
  void Hold() {
    MutexLock lock(&mu_);
    holds_ = true;
  }

  // Waits until so many records have been appended.
  void WaitForRecords(int64_t count) {
    MutexLock lock(&mu_);
    while (records_ < count) changed_.Wait(&mu_);
  }

  // Completes what is held, and from now on everything at once.
  void Release(absl::Status result = absl::OkStatus()) {
    std::vector<Held> held;
    {
      MutexLock lock(&mu_);
      holds_ = false;
      held.swap(held_);
    }
    for (Held& append : held) {
      if (result.ok()) {
        CountStored(append.entry);
        append.done(Offset{0});
      } else {
        append.done(result);
      }
    }
  }

  std::vector<PendingEntry> entries() {
    MutexLock lock(&mu_);
    return entries_;
  }

  // The bodies of all records, in the order of the journal.
  std::vector<std::string> bodies() {
    std::vector<std::string> all;
    for (const PendingEntry& entry : entries()) {
      for (std::string& body : Bodies(std::string(entry.payload))) {
        all.push_back(std::move(body));
      }
    }
    return all;
  }

  void FindLastSequence(const ProducerId& producer, uint64_t epoch,
                        LastSequence found) override {
    found(0);
  }
  absl::StatusOr<std::unique_ptr<Cursor>> OpenCursor(
      const std::string& name) override {
    return absl::UnimplementedError("no cursors here");
  }
  Offset synced_head() const override { return 0; }
  std::unique_ptr<JournalReader> NewReader(Offset from) override {
    return nullptr;
  }
  void Stop() override { Release(); }

 private:
  struct Held {
    PendingEntry entry;
    Done done;
  };

  void CountStored(const PendingEntry& entry) {
    ledger().Stored(*LedgerCounts::Decode(std::string(entry.ledger)));
  }

  Mutex mu_;
  CondVar changed_;
  bool holds_ ABSL_GUARDED_BY(mu_) = false;
  std::vector<PendingEntry> entries_ ABSL_GUARDED_BY(mu_);
  std::vector<Held> held_ ABSL_GUARDED_BY(mu_);
  int64_t records_ ABSL_GUARDED_BY(mu_) = 0;
};

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_FAKES_H_
