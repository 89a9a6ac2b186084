#include "server/logging/block_filler.h"

#include <algorithm>

#include "absl/time/time.h"
#include "proto/wire/entry_records.h"

namespace logboom {
namespace {

// Written together: large enough that the system calls cost little beside the
// formatting, small enough to stay in the processor's cache.
constexpr size_t kBlockBytes = 64 * 1024;

using Loss = HandlerProgress::Loss;

}  // namespace

void BlockFiller::Follow(JournalReader* reader) {
  reader_ = reader;
  overtaken_seen_ = reader->overtaken_records();
}

absl::Status BlockFiller::Fill(HandlerProgress* progress,
                               const std::atomic<bool>& stop) {
  progress->BeginBlock();
  while (progress->text()->size() < kBlockBytes && !stop.load()) {
    const absl::StatusOr<JournalEntry> entry = reader_->Next();
    if (!entry.ok()) {
      CountMissing(reader_->offset(), progress);
      return entry.status();
    }
    CountMissing(entry->header.first_offset, progress);
    HandleEntry(*entry, progress);
  }
  return absl::OkStatus();
}

void BlockFiller::CountMissing(Offset found, HandlerProgress* progress) {
  const int64_t overtaken = reader_->overtaken_records();
  if (found > progress->passed()) {
    const uint64_t missing = found - progress->passed();
    const uint64_t overtook =
        std::min(missing, static_cast<uint64_t>(overtaken - overtaken_seen_));
    if (overtook > 0) progress->Lost(Loss::kRetentionOvertook, overtook);
    const uint64_t damaged = missing - overtook;
    if (damaged > 0) progress->Lost(Loss::kJournalDamaged, damaged);
  }
  overtaken_seen_ = overtaken;
}

void BlockFiller::HandleEntry(const JournalEntry& entry,
                              HandlerProgress* progress) {
  const Offset end = entry.header.end_offset();
  const absl::Time received = absl::FromUnixNanos(
      static_cast<int64_t>(entry.header.received_unix_nano));
  Offset offset = entry.header.first_offset;
  EntryRecords records(entry);
  for (; offset < end && records.Next(); ++offset) {
    if (offset < progress->passed()) continue;  // the reader started inside
    const absl::StatusOr<RecordView> record = records.Parse();
    if (record.ok()) {
      LogEvent event =
          MakeLogEvent(*record, records.resource(), received, offset);
      if (records.otlp()) SetOtlpScope(records.scope(), &event);
      HandleRecord(event, progress);
      continue;
    }
    // Ingest has checked every record it stored: this one was changed since.
    progress->PassTo(offset);
    progress->Lost(Loss::kJournalDamaged, 1);
  }
  if (offset < end) {
    progress->PassTo(std::max(offset, progress->passed()));
    progress->Lost(Loss::kJournalDamaged, end - progress->passed());
  }
  progress->PassTo(end);
}

void BlockFiller::HandleRecord(const LogEvent& event,
                               HandlerProgress* progress) {
  const int times = routes_.Find(event).TimesFor(event.levelno);
  if (times == 0) return;
  std::string* text = progress->text();
  for (int i = 0; i < times; ++i) {
    formatter_->Format(event, text);
    text->push_back('\n');
  }
  progress->Emitted(event.offset);
}

}  // namespace logboom
