#include "server/journal/segment_writer.h"

#include <utility>

#include "absl/strings/cord.h"
#include "absl/types/span.h"
#include "base/checksum.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// The header of an entry but for its body's checksum.
EntryHeader HeaderOf(const PendingEntry& entry, Offset first_offset,
                     int64_t synced_end) {
  return EntryHeader{
      .kind = entry.kind,
      .anonymous = entry.anonymous,
      .resource_bytes = static_cast<uint32_t>(entry.resource.size()),
      .payload_bytes = static_cast<uint32_t>(entry.payload.size()),
      .ledger_bytes = static_cast<uint32_t>(entry.ledger.size()),
      .record_count = entry.record_count,
      .severities = entry.severities,
      .first_offset = first_offset,
      .received_unix_nano =
          static_cast<uint64_t>(absl::ToUnixNanos(entry.received)),
      .producer_id = entry.producer_id,
      .session_epoch = entry.session_epoch,
      .sequence = entry.sequence,
      .min_time_unix_nano = entry.min_time_unix_nano,
      .max_time_unix_nano = entry.max_time_unix_nano,
      .synced_end = static_cast<uint64_t>(synced_end),
  };
}

void AddChunks(const absl::Cord& cord, std::vector<absl::string_view>* pieces) {
  for (const absl::string_view chunk : cord.Chunks()) pieces->push_back(chunk);
}

absl::Status Initialise(File* file, const SegmentHeader& header,
                        int64_t size_bytes) {
  LOGBOOM_RETURN_IF_ERROR(file->Allocate(size_bytes));
  const auto bytes = EncodeSegmentHeader(header);
  LOGBOOM_RETURN_IF_ERROR(
      file->WriteAt(0, {absl::string_view(bytes.data(), bytes.size())}));
  return file->Sync();
}

}  // namespace

absl::StatusOr<std::unique_ptr<SegmentWriter>> SegmentWriter::Create(
    FileSystem* files, absl::string_view folder, const SegmentHeader& header,
    int64_t size_bytes) {
  const SegmentName name{header.first_offset, header.number};
  const std::string path = name.PathIn(folder);
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                           files->Open(path, FileSystem::Mode::kCreate));
  absl::Status status = Initialise(file.get(), header, size_bytes);
  if (status.ok()) status = files->SyncFolder(folder);
  if (!status.ok()) {
    // Half a segment is recognised at the next start if it cannot be removed.
    files->Remove(path).IgnoreError();
    return status;
  }
  return std::make_unique<SegmentWriter>(
      std::move(file), name, header.journal_id, kFirstEntryByte, size_bytes);
}

SegmentWriter::SegmentWriter(std::unique_ptr<File> file,
                             const SegmentName& name,
                             const JournalId& journal_id, int64_t end,
                             int64_t size_bytes)
    : file_(std::move(file)),
      name_(name),
      journal_id_(journal_id),
      size_bytes_(size_bytes),
      synced_end_(end),
      written_end_(end),
      staged_end_(end) {}

int64_t SegmentWriter::BytesOf(const PendingEntry& entry) {
  return HeaderOf(entry, 0, 0).entry_bytes();
}

void SegmentWriter::Stage(const PendingEntry& entry, Offset first_offset) {
  static constexpr char kZeros[kEntryAlignment] = {};
  EntryHeader header = HeaderOf(entry, first_offset, synced_end_);
  const size_t header_piece = pieces_.size();
  pieces_.emplace_back();
  AddChunks(entry.resource, &pieces_);
  AddChunks(entry.payload, &pieces_);
  AddChunks(entry.ledger, &pieces_);

  const uint64_t seed = EntrySeed(journal_id_, staged_end_);
  header.body_checksum =
      Checksum(absl::MakeConstSpan(pieces_).subspan(header_piece + 1), seed);
  const HeaderBytes& bytes =
      headers_.emplace_back(EncodeEntryHeader(header, seed));
  pieces_[header_piece] = absl::string_view(bytes.data(), bytes.size());

  const int64_t unpadded = int64_t{kEntryHeaderBytes} + header.body_bytes();
  const int64_t padding = header.entry_bytes() - unpadded;
  if (padding > 0) pieces_.emplace_back(kZeros, static_cast<size_t>(padding));
  staged_end_ += header.entry_bytes();
}

absl::Status SegmentWriter::Write() {
  const absl::Status status = file_->WriteAt(written_end_, pieces_);
  pieces_.clear();
  headers_.clear();
  if (status.ok()) written_end_ = staged_end_;
  return status;
}

absl::Status SegmentWriter::Sync() {
  LOGBOOM_RETURN_IF_ERROR(file_->Sync());
  synced_end_ = written_end_;
  return absl::OkStatus();
}

}  // namespace logboom
