#include "tests/fault/batch_maker.h"

#include <utility>

#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr int kOneInSoManyIsMalformed = 101;
constexpr int kOneInSoManyTellsOfLoss = 67;
constexpr int kOneInSoManySkips = 71;

constexpr uint64_t kSomeTime = 1'700'000'000'123'456'789;
constexpr int32_t kInfo = 9;

// A record's field that ends behind the batch.
constexpr absl::string_view kMalformed("\x0a\x7f\x2a", 3);

}  // namespace

void MadeCounts::Add(const MadeCounts& other) {
  records += other.records;
  batches += other.batches;
  malformed += other.malformed;
  lost_records += other.lost_records;
  skipped_sequences += other.skipped_sequences;
}

SentBatch BatchMaker::Make() {
  SentBatch batch;
  // Before a producer's first batch nothing is known to be missing.
  if (last_sequence_ > 0 && OneIn(kOneInSoManySkips)) {
    const uint64_t skipped = Draw(1, 5);
    made_.skipped_sequences += skipped;
    last_sequence_ += skipped;
  }
  batch.sequence = ++last_sequence_;
  ++made_.batches;
  batch.malformed = OneIn(kOneInSoManyIsMalformed);
  if (batch.malformed) {
    ++made_.malformed;
    batch.payload = absl::Cord(kMalformed);
  } else {
    std::string payload;
    for (uint64_t left = DrawSize(); left > 0; --left) AddRecord(&payload);
    if (OneIn(kOneInSoManyTellsOfLoss)) AddLost(&payload);
    batch.payload = absl::Cord(std::move(payload));
  }
  batch.last_record = made_.records;
  return batch;
}

uint64_t BatchMaker::DrawSize() {
  if (OneIn(50)) return Draw(1, 1000);
  if (OneIn(4)) return Draw(1, 100);
  return Draw(1, 10);
}

void BatchMaker::AddLost(std::string* out) {
  constexpr uint32_t kReason = 1;
  constexpr uint32_t kCount = 2;
  const uint64_t count = Draw(1, 9);
  made_.lost_records += count;
  MessageWriter message(out);
  const OpenField lost = message.Begin(kBatchLostField);
  message.Bytes(kReason, "buffer_full");
  message.Varint(kCount, count);
  message.End(lost);
}

void BatchMaker::AddRecord(std::string* out) {
  const KnownRecord known{source_, ++made_.records};
  MessageWriter message(out);
  const OpenField record = message.Begin(kBatchRecordsField);
  RecordWriter writer(out);
  writer.Time(kSomeTime);
  writer.SeverityNumber(kInfo);
  writer.BodyText(known.Message());
  writer.Logger(source_.logger());
  message.End(record);
}

}  // namespace logboom
