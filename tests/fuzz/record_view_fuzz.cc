// Any bytes as a batch and as a record: nothing is read past the end, and what
// CheckBatch accepts the views read in full, to the same summary.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "proto/wire/record_view.h"
#include "proto/wire/structure_check.h"
#include "proto/wire/tag_iterator.h"
#include "tests/fuzz/fuzz_checks.h"

namespace logboom {
namespace {

class ValueWalk {
 public:
  // With `accepted` bytes every value must read to its end within the limit.
  explicit ValueWalk(bool accepted) : accepted_(accepted) {}

  void Value(const AnyValueView& value, int depth) const {
    if (depth == kMaxValueDepth) return Require(!accepted_);
    switch (value.kind()) {
      case AnyValueView::Kind::kArray:
        return Array(value, depth + 1);
      case AnyValueView::Kind::kMap:
        RequireWhole(value.bytes_value());
        return Pairs(value.map(), depth + 1);
      case AnyValueView::Kind::kString:
      case AnyValueView::Kind::kBytes:
        return Touch(value.bytes_value());
      default:
        return;
    }
  }

  void Pairs(MapView map, int depth) const {
    while (map.Next()) {
      Touch(map.key());
      Value(map.value(), depth);
    }
  }

 private:
  void Array(const AnyValueView& value, int depth) const {
    RequireWhole(value.bytes_value());
    ArrayView array = value.array();
    while (array.Next()) Value(array.value(), depth);
  }

  void RequireWhole(absl::string_view message) const {
    TagIterator tag(message);
    while (tag.Next()) {
    }
    Require(tag.ok() || !accepted_);
  }

  const bool accepted_;
};

void WalkRecord(absl::string_view bytes, bool accepted) {
  const absl::StatusOr<RecordView> record = RecordView::Parse(bytes);
  Require(record.ok() || !accepted);
  if (!record.ok()) return;
  const ValueWalk walk(accepted);
  if (record->body.has_value()) walk.Value(*record->body, 0);
  walk.Pairs(record->attributes(), 0);
  record->attributes().Find("key");
  Touch(record->severity_text);
  Touch(record->event_name);
  Touch(record->logger);
  Require(record->trace_id.empty() || record->trace_id.size() == 16);
  Require(record->span_id.empty() || record->span_id.size() == 8);
}

void WalkBatch(absl::string_view bytes) {
  const absl::StatusOr<BatchSummary> summary = CheckBatch(bytes);
  uint32_t records = 0;
  uint64_t max_time = 0;
  BatchView batch(bytes);
  while (batch.Next()) {
    ++records;
    WalkRecord(batch.record(), summary.ok());
    const absl::StatusOr<RecordView> record = RecordView::Parse(batch.record());
    if (record.ok()) max_time = std::max(max_time, record->time_unix_nano);
  }
  const uint64_t sequence = FindSequence(bytes);
  if (!summary.ok()) return;
  Require(summary->record_count == records);
  Require(summary->max_time_unix_nano == max_time);
  Require(summary->sequence == sequence);
}

}  // namespace
}  // namespace logboom

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  logboom::WalkBatch(bytes);
  logboom::WalkRecord(bytes, logboom::CheckRecord(bytes).ok());
  static_cast<void>(logboom::CheckResource(bytes));
  return 0;
}
