#include "client/spool_scan.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

using Item = SpoolReader::Item;

void Take(const Item& item, const SegmentName& name, SpoolReader* reader,
          SpoolScan* scan) {
  const EntryHeader& header = item.header;
  if (!scan->segment) {
    scan->segment = SpoolSegment{.name = name,
                                 .epoch = header.session_epoch,
                                 .first_sequence = header.sequence,
                                 .end_offset = name.first_offset};
  }
  SpoolSegment& segment = *scan->segment;
  if (item.kind == Item::Kind::kDamage) {
    const auto missing =
        static_cast<int64_t>(header.first_offset -
                             std::min(header.first_offset, segment.end_offset));
    segment.AddDamage({item.begin, item.end, missing});
    segment.end_offset = header.first_offset;
    scan->missing_records += missing;
    scan->damaged_bytes += item.end - item.begin;
    return;
  }
  if (scan->resource.empty() && header.resource_bytes > 0) {
    const absl::StatusOr<SpoolReader::Entry> entry = reader->Read(item);
    if (entry.ok()) scan->resource = std::string(entry->parts.resource);
  }
  scan->producer_id = header.producer_id;
  segment.last_sequence = std::max(segment.last_sequence, header.sequence);
  segment.end_offset = header.end_offset();
  segment.records += header.record_count;
  segment.bytes = item.end;
}

// Cut: only what is not read anyway.
void CutTail(SpoolDisk* disk, const std::string& path, int64_t end,
             SpoolScan* scan) {
  scan->tail_bytes = scan->bytes - end;
  UniqueFd fd;
  if (OpenFile(disk, path, O_WRONLY, &fd).ok() &&
      disk->Truncate(fd.get(), end) == 0) {
    scan->bytes = end;
  }
}

}  // namespace

absl::StatusOr<SpoolScan> ScanSpoolSegment(SpoolDisk* disk,
                                           const std::string& path,
                                           const SegmentName& name,
                                           const JournalId& fallback_id) {
  SpoolReader reader(disk);
  LOGBOOM_RETURN_IF_ERROR(reader.Open(path));
  const absl::StatusOr<SegmentHeader> header = reader.ReadFileHeader();
  if (absl::IsFailedPrecondition(header.status())) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", header.status().message()));
  }
  const JournalId journal_id = header.ok() ? header->journal_id : fallback_id;
  reader.set_journal_id(journal_id);
  SpoolScan scan{.bytes = std::max(FileSize(reader.fd()), int64_t{0})};
  Item item = reader.Next(scan.bytes);
  for (; item.kind != Item::Kind::kEnd; item = reader.Next(scan.bytes)) {
    Take(item, name, &reader, &scan);
  }
  if (!scan.segment) {
    scan.tail_bytes = std::max(scan.bytes - kFirstEntryByte, int64_t{0});
    return scan;
  }
  if (item.begin < scan.bytes && reader.unreadable_bytes() == 0) {
    CutTail(disk, path, item.begin, &scan);
  }
  scan.segment->bytes = scan.bytes;
  scan.segment->journal_id = journal_id;
  return scan;
}

}  // namespace logboom
