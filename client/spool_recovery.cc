#include "client/spool_recovery.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "client/spool_scan.h"

namespace logboom {
namespace {

// What the files say, should the identity be lost.
struct Traces {
  std::optional<JournalId> spool_id;
  std::optional<ProducerId> producer_id;  // of the newest entry
};

// The id in the first header that is whole.
std::optional<JournalId> FindSpoolId(SpoolDisk* disk, const SpoolFolder& folder,
                                     const std::vector<SegmentName>& names) {
  for (const SegmentName& name : names) {
    SpoolReader reader(disk);
    if (!reader.Open(folder.PathOf(name)).ok()) continue;
    const absl::StatusOr<SegmentHeader> header = reader.ReadFileHeader();
    if (header.ok()) return header->journal_id;
  }
  return std::nullopt;
}

void Say(const SpoolFolder& folder, const SegmentName& name,
         const SpoolScan& scan, std::string* problems) {
  const std::string path = folder.PathOf(name);
  if (scan.damaged_bytes > 0) {
    absl::StrAppend(problems, path, ": ", scan.damaged_bytes,
                    " bytes are damaged: ", scan.missing_records,
                    " records are missing\n");
  }
  if (scan.tail_bytes > 0) {
    absl::StrAppend(problems, path, ": the last ", scan.tail_bytes,
                    " bytes are no whole batch\n");
  }
}

// Adds one file; one that has no entry is removed.
absl::Status AddFile(SpoolDisk* disk, const SpoolFolder& folder,
                     const SegmentName& name, const JournalId& spool_id,
                     RecoveredSpool* spool, Traces* traces) {
  spool->next_number = std::max(spool->next_number, name.number + 1);
  spool->next_offset = std::max(spool->next_offset, name.first_offset);
  absl::StatusOr<SpoolScan> scan =
      ScanSpoolSegment(disk, folder.PathOf(name), name, spool_id);
  if (absl::IsNotFound(scan.status())) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(scan.status());
  Say(folder, name, *scan, &spool->problems);
  if (!scan->segment) return RemoveFile(disk, folder.PathOf(name));
  traces->producer_id = scan->producer_id;
  spool->next_offset = std::max(spool->next_offset, scan->segment->end_offset);
  spool->bytes += scan->bytes;
  spool->damaged_records += scan->missing_records;
  spool->lives.Add(*std::move(scan->segment), std::move(scan->resource));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<RecoveredSpool> RecoverSpool(SpoolDisk* disk,
                                            const SpoolFolder& folder) {
  RecoveredSpool spool;
  LOGBOOM_ASSIGN_OR_RETURN(const std::vector<SegmentName> names, folder.List());
  const absl::StatusOr<SpoolIdentity> stored = folder.ReadIdentity();
  spool.identity_stored = stored.ok();
  if (!stored.ok() && !absl::IsNotFound(stored.status()) &&
      !absl::IsDataLoss(stored.status())) {
    return stored.status();
  }
  const bool lost =
      !stored.ok() && (!names.empty() || absl::IsDataLoss(stored.status()));
  if (lost) {
    absl::StrAppend(&spool.problems, folder.path(), ": ",
                    stored.status().message(), "\n");
  }
  spool.identity =
      stored.ok() ? *stored : SpoolIdentity{DrawSpoolId(), DrawSpoolId()};
  Traces traces;
  if (lost) traces.spool_id = FindSpoolId(disk, folder, names);
  if (traces.spool_id) spool.identity.spool_id = *traces.spool_id;
  for (const SegmentName& name : names) {
    LOGBOOM_RETURN_IF_ERROR(
        AddFile(disk, folder, name, spool.identity.spool_id, &spool, &traces));
  }
  if (lost && traces.producer_id) {
    spool.identity.producer_id = *traces.producer_id;
  }
  return spool;
}

}  // namespace logboom
