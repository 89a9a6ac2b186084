#include "proto/wire/structure_check.h"

#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

// What a batch's summary wants to know of one record.
struct RecordFacts {
  uint64_t time_unix_nano = 0;
  int32_t severity_number = 0;
};

bool IsBytes(const TagIterator& tag, uint32_t field) {
  return tag.field() == field && tag.type() == WireType::kBytes;
}

bool IsVarint(const TagIterator& tag, uint32_t field) {
  return tag.field() == field && tag.type() == WireType::kVarint;
}

// Walks messages down to their leaves. Each function is false at the first
// malformed field, which what() and byte() then describe. `depth` is the number
// of values around the message.
class Walker {
 public:
  // Bytes are counted from the start of `whole`.
  explicit Walker(absl::string_view whole) : whole_(whole) {}

  bool Record(absl::string_view record, RecordFacts* facts);
  // The KeyValues under one field number of a record, a resource or a map.
  bool Pairs(absl::string_view message, uint32_t field, int depth);
  bool Lost(absl::string_view lost, BatchSummary* summary);
  // Whether the walk of `message` reached its end.
  bool Ended(const TagIterator& tag, absl::string_view message);

  absl::Status ErrorIn(absl::string_view where) const {
    return absl::InvalidArgumentError(
        absl::StrCat(where, ", byte ", byte_, ": ", what_));
  }

 private:
  bool Pair(absl::string_view pair, int depth);
  bool Value(absl::string_view value, int depth);
  bool Array(absl::string_view array, int depth);
  bool Fail(const char* what, const char* at);

  const absl::string_view whole_;
  const char* what_ = nullptr;
  size_t byte_ = 0;
};

bool Walker::Fail(const char* what, const char* at) {
  what_ = what;
  byte_ = static_cast<size_t>(at - whole_.data());
  return false;
}

bool Walker::Ended(const TagIterator& tag, absl::string_view message) {
  return tag.ok() || Fail(tag.error(), message.data() + tag.begin());
}

bool Walker::Record(absl::string_view record, RecordFacts* facts) {
  TagIterator tag(record);
  while (tag.Next()) {
    if (IsBytes(tag, 6)) {
      if (!Pair(tag.bytes(), 0)) return false;
    } else if (IsBytes(tag, 5)) {
      if (!Value(tag.bytes(), 0)) return false;
    } else if (IsVarint(tag, 2)) {
      facts->severity_number = static_cast<int32_t>(tag.varint());
    } else if (tag.field() == 1 && tag.type() == WireType::kFixed64) {
      facts->time_unix_nano = tag.fixed64();
    }
  }
  return Ended(tag, record);
}

bool Walker::Pairs(absl::string_view message, uint32_t field, int depth) {
  TagIterator tag(message);
  while (tag.Next()) {
    if (IsBytes(tag, field) && !Pair(tag.bytes(), depth)) return false;
  }
  return Ended(tag, message);
}

bool Walker::Pair(absl::string_view pair, int depth) {
  TagIterator tag(pair);
  while (tag.Next()) {
    if (IsBytes(tag, 2) && !Value(tag.bytes(), depth)) return false;
  }
  return Ended(tag, pair);
}

bool Walker::Value(absl::string_view value, int depth) {
  if (depth == kMaxValueDepth) {
    return Fail("values nested too deeply", value.data());
  }
  TagIterator tag(value);
  while (tag.Next()) {
    if (IsBytes(tag, 5) && !Array(tag.bytes(), depth + 1)) return false;
    if (IsBytes(tag, 6) && !Pairs(tag.bytes(), 1, depth + 1)) return false;
  }
  return Ended(tag, value);
}

bool Walker::Array(absl::string_view array, int depth) {
  TagIterator tag(array);
  while (tag.Next()) {
    if (IsBytes(tag, 1) && !Value(tag.bytes(), depth)) return false;
  }
  return Ended(tag, array);
}

uint64_t AddSaturating(uint64_t a, uint64_t b) {
  const uint64_t room = std::numeric_limits<uint64_t>::max() - a;
  return a + std::min(b, room);
}

bool Walker::Lost(absl::string_view lost, BatchSummary* summary) {
  absl::string_view reason;
  uint64_t count = 0;
  TagIterator tag(lost);
  while (tag.Next()) {
    if (IsBytes(tag, 1)) reason = tag.bytes();
    if (IsVarint(tag, 2)) count = tag.varint();
  }
  summary->lost_records = AddSaturating(summary->lost_records, count);
  if (const auto known = ProducerLossFromName(reason)) {
    uint64_t& sum = summary->lost_for[static_cast<size_t>(*known)];
    sum = AddSaturating(sum, count);
  }
  return Ended(tag, lost);
}

void AddRecord(const RecordFacts& facts, BatchSummary* summary) {
  ++summary->record_count;
  const int32_t severity = facts.severity_number;
  summary->severities |= 1u << (severity >= 0 && severity <= 24 ? severity : 0);
  const uint64_t time = facts.time_unix_nano;
  if (time == 0) return;
  const bool first = summary->min_time_unix_nano == 0;
  if (first || time < summary->min_time_unix_nano) {
    summary->min_time_unix_nano = time;
  }
  summary->max_time_unix_nano = std::max(summary->max_time_unix_nano, time);
}

}  // namespace

absl::StatusOr<BatchSummary> CheckBatch(absl::string_view batch) {
  BatchSummary summary;
  Walker walker(batch);
  TagIterator tag(batch);
  while (tag.Next()) {
    if (IsBytes(tag, kBatchRecordsField)) {
      RecordFacts facts;
      if (!walker.Record(tag.bytes(), &facts)) {
        return walker.ErrorIn(absl::StrCat("record ", summary.record_count));
      }
      AddRecord(facts, &summary);
    } else if (IsVarint(tag, kBatchSequenceField)) {
      summary.sequence = tag.varint();
    } else if (IsBytes(tag, kBatchLostField)) {
      if (!walker.Lost(tag.bytes(), &summary)) return walker.ErrorIn("lost");
    }
  }
  if (!walker.Ended(tag, batch)) {
    return walker.ErrorIn(
        absl::StrCat("batch, after ", summary.record_count, " records"));
  }
  return summary;
}

absl::Status CheckRecord(absl::string_view record) {
  Walker walker(record);
  RecordFacts facts;
  if (!walker.Record(record, &facts)) return walker.ErrorIn("record");
  return absl::OkStatus();
}

absl::Status CheckResource(absl::string_view resource) {
  Walker walker(resource);
  if (!walker.Pairs(resource, 1, 0)) return walker.ErrorIn("resource");
  return absl::OkStatus();
}

uint64_t FindSequence(absl::string_view batch) {
  uint64_t sequence = 0;
  TagIterator tag(batch);
  while (tag.Next()) {
    if (IsVarint(tag, kBatchSequenceField)) sequence = tag.varint();
  }
  return sequence;
}

}  // namespace logboom
