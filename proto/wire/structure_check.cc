#include "proto/wire/structure_check.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/wire/otlp_fields.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_walker.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

uint64_t AddSaturating(uint64_t a, uint64_t b) {
  const uint64_t room = std::numeric_limits<uint64_t>::max() - a;
  return a + std::min(b, room);
}

bool CheckLost(absl::string_view lost, StructureWalker* walker,
               BatchSummary* summary) {
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
  return walker->Ended(tag, lost);
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

// Walks an ExportLogsServiceRequest level by level. Each function is false at
// damage that costs the whole request; error() says where.
class ExportCheck {
 public:
  ExportCheck(absl::string_view request, MalformedRecords* malformed)
      : walker_(request), malformed_(malformed) {}

  bool Request(absl::string_view request);
  const BatchSummary& summary() const { return summary_; }
  absl::Status error() const { return walker_.ErrorIn(Where()); }

 private:
  bool ResourceLogs(absl::string_view logs);
  bool ScopeLogs(absl::string_view logs);
  bool Record(absl::string_view record);
  // "resource_logs 0, scope_logs 2, record 7", as far as the walk is inside.
  std::string Where() const;

  StructureWalker walker_;
  MalformedRecords* const malformed_;  // null: each costs the request
  BatchSummary summary_;
  // Which of its kind the walk is in, in its parent; -1: in none.
  int resource_logs_ = -1;
  int scope_logs_ = -1;
  int record_ = -1;
  // Not in a record but in the ResourceLogs' or ScopeLogs' own description.
  const char* own_ = nullptr;
};

bool ExportCheck::Request(absl::string_view request) {
  int next = 0;
  TagIterator tag(request);
  while (tag.NextBytes(otlp::kResourceLogs)) {
    resource_logs_ = next++;
    if (!ResourceLogs(tag.bytes())) return false;
  }
  resource_logs_ = -1;
  return walker_.Ended(tag, request);
}

bool ExportCheck::ResourceLogs(absl::string_view logs) {
  int next = 0;
  TagIterator tag(logs);
  while (tag.Next()) {
    if (IsBytes(tag, otlp::kScopeLogs)) {
      scope_logs_ = next++;
      if (!ScopeLogs(tag.bytes())) return false;
      scope_logs_ = -1;
    } else if (IsBytes(tag, otlp::kResource)) {
      own_ = "resource";
      if (!walker_.Pairs(tag.bytes(), otlp::kResourceAttributes, 0)) {
        return false;
      }
      own_ = nullptr;
    }
  }
  return walker_.Ended(tag, logs);
}

bool ExportCheck::ScopeLogs(absl::string_view logs) {
  int next = 0;
  TagIterator tag(logs);
  while (tag.Next()) {
    if (IsBytes(tag, otlp::kLogRecords)) {
      record_ = next++;
      if (!Record(tag.bytes())) return false;
    } else if (IsBytes(tag, otlp::kScope)) {
      record_ = -1;
      own_ = "scope";
      if (!walker_.Pairs(tag.bytes(), otlp::kScopeAttributes, 0)) return false;
      own_ = nullptr;
    }
  }
  record_ = -1;
  return walker_.Ended(tag, logs);
}

bool ExportCheck::Record(absl::string_view record) {
  RecordFacts facts;
  if (walker_.Record(record, &facts)) {
    AddRecord(facts, &summary_);
    return true;
  }
  if (malformed_ == nullptr) return false;
  if (malformed_->count++ == 0) malformed_->first = error();
  return true;
}

std::string ExportCheck::Where() const {
  if (resource_logs_ < 0) return "request";
  std::string where = absl::StrCat("resource_logs ", resource_logs_);
  if (scope_logs_ >= 0) absl::StrAppend(&where, ", scope_logs ", scope_logs_);
  if (record_ >= 0) absl::StrAppend(&where, ", record ", record_);
  if (own_ != nullptr) absl::StrAppend(&where, ", ", own_);
  return where;
}

}  // namespace

absl::StatusOr<BatchSummary> CheckBatch(absl::string_view batch) {
  BatchSummary summary;
  StructureWalker walker(batch);
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
      if (!CheckLost(tag.bytes(), &walker, &summary)) {
        return walker.ErrorIn("lost");
      }
    }
  }
  if (!walker.Ended(tag, batch)) {
    return walker.ErrorIn(
        absl::StrCat("batch, after ", summary.record_count, " records"));
  }
  return summary;
}

absl::StatusOr<BatchSummary> CheckExport(absl::string_view request,
                                         MalformedRecords* malformed) {
  ExportCheck check(request, malformed);
  if (!check.Request(request)) return check.error();
  if (malformed != nullptr && malformed->count > 0 &&
      check.summary().record_count == 0) {
    return malformed->first;
  }
  return check.summary();
}

absl::Status CheckRecord(absl::string_view record) {
  StructureWalker walker(record);
  RecordFacts facts;
  if (!walker.Record(record, &facts)) return walker.ErrorIn("record");
  return absl::OkStatus();
}

BatchSummary SummaryOfRecord(absl::string_view record) {
  RecordFacts facts;
  TagIterator tag(record);
  while ((facts.time_unix_nano == 0 || facts.severity_number == 0) &&
         tag.Next()) {
    TakeFact(tag, &facts);
  }
  BatchSummary summary;
  AddRecord(facts, &summary);
  return summary;
}

absl::Status CheckResource(absl::string_view resource) {
  StructureWalker walker(resource);
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
