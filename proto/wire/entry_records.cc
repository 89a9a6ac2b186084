#include "proto/wire/entry_records.h"

namespace logboom {
namespace {

absl::string_view PayloadOf(const JournalEntry& entry, EntryKind kind) {
  return entry.header.kind == kind ? entry.payload : absl::string_view();
}

}  // namespace

EntryRecords::EntryRecords(const JournalEntry& entry)
    : otlp_(entry.header.kind == EntryKind::kOtlp),
      batch_(PayloadOf(entry, EntryKind::kNative)),
      logs_(PayloadOf(entry, EntryKind::kOtlp)),
      encoded_resource_(entry.resource),
      resource_(entry.resource, /*field=*/1) {}

}  // namespace logboom
