#include "client/batcher.h"

#include <algorithm>
#include <utility>

#include "proto/wire/record_view.h"

namespace logboom {
namespace {

// What a LogBatch has besides its records: the sequence, and a `lost` for each
// reason.
constexpr int64_t kSlackBytes = 256;

// The first records of `piece`: as many as there may be.
struct Fitting {
  int64_t records = 0;
  int64_t bytes = 0;
  int64_t next_bytes = 0;  // of the record that does not fit; 0: all do
};

Fitting FindFitting(absl::string_view records, int64_t most_records,
                    int64_t most_bytes) {
  Fitting fitting;
  BatchView batch(records);
  while (batch.Next()) {
    const int64_t end =
        batch.record().data() + batch.record().size() - records.data();
    if (fitting.records == most_records || end > most_bytes) {
      fitting.next_bytes = end - fitting.bytes;
      break;
    }
    ++fitting.records;
    fitting.bytes = end;
  }
  return fitting;
}

}  // namespace

void Batcher::Add(std::vector<RecordChunk> chunks) {
  for (RecordChunk& chunk : chunks) {
    const int64_t count = chunk.record_count();
    const int64_t memory = chunk.capacity_bytes();
    Piece& piece =
        pieces_.emplace_back(Piece{std::move(chunk).ToCord(), count, memory});
    records_ += count;
    added_ += count;
    bytes_ += static_cast<int64_t>(piece.records.size());
  }
}

std::optional<Batch> Batcher::Close(const Limits& limits, uint64_t sequence) {
  Batch batch;
  batch.sequence = sequence;
  while (!pieces_.empty() && MoveFirst(limits, &batch)) {
  }
  batch.lost = losses_.Take();
  if (batch.records == 0 && batch.lost.empty()) return std::nullopt;
  batch.payload.Append(batch.lost.Encode());
  return batch;
}

bool Batcher::MoveFirst(const Limits& limits, Batch* batch) {
  Piece& piece = pieces_.front();
  const int64_t records_left = limits.records - batch->records;
  const int64_t bytes_left =
      limits.bytes - kSlackBytes - static_cast<int64_t>(batch->payload.size());
  const auto piece_bytes = static_cast<int64_t>(piece.records.size());
  if (piece.record_count <= records_left && piece_bytes <= bytes_left) {
    batch->payload.Append(piece.records);
    batch->records += piece.record_count;
    batch->memory_bytes += piece.memory_bytes;
    RemoveFromFirst(piece.record_count, piece_bytes);
    return true;
  }
  const Fitting fitting =
      FindFitting(piece.records.Flatten(), records_left, bytes_left);
  if (fitting.records == 0) {
    if (batch->records > 0 || records_left == 0) return false;
    DropFirstRecord(fitting.next_bytes);
    return true;
  }
  batch->payload.Append(
      piece.records.Subcord(0, static_cast<size_t>(fitting.bytes)));
  batch->records += fitting.records;
  batch->memory_bytes += piece.memory_bytes;
  RemoveFromFirst(fitting.records, fitting.bytes);
  return false;
}

void Batcher::DropFirstRecord(int64_t bytes) {
  losses_.Count(ProducerLoss::kEncodeFailed);
  ++dropped_;
  RemoveFromFirst(1, bytes);
}

void Batcher::RemoveFromFirst(int64_t records, int64_t bytes) {
  Piece& piece = pieces_.front();
  records_ -= records;
  bytes_ -= bytes;
  piece.record_count -= records;
  piece.records.RemovePrefix(static_cast<size_t>(bytes));
  if (piece.record_count == 0) pieces_.pop_front();
}

}  // namespace logboom
