#include "client/spool_writer.h"

#include <fcntl.h>

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/checksum.h"
#include "base/status_macros.h"

namespace logboom {

absl::Status SpoolWriter::Create(const std::string& path,
                                 const SegmentHeader& header) {
  LOGBOOM_RETURN_IF_ERROR(
      OpenFile(disk_, path, O_WRONLY | O_CREAT | O_EXCL, &fd_));
  const auto bytes = EncodeSegmentHeader(header);
  const absl::Status status = WriteFile(
      disk_, fd_.get(), 0, {absl::string_view(bytes.data(), bytes.size())});
  if (!status.ok()) {
    fd_.Reset();
    RemoveFile(disk_, path).IgnoreError();
    return absl::Status(status.code(),
                        absl::StrCat(path, ": ", status.message()));
  }
  path_ = path;
  journal_id_ = header.journal_id;
  end_ = kFirstEntryByte;
  return absl::OkStatus();
}

absl::Status SpoolWriter::Append(EntryHeader header, absl::string_view resource,
                                 const absl::Cord& payload,
                                 absl::string_view ledger) {
  static constexpr char kZeros[kEntryAlignment] = {};
  std::vector<absl::string_view> pieces;
  pieces.emplace_back();  // the header
  pieces.push_back(resource);
  for (const absl::string_view chunk : payload.Chunks()) {
    pieces.push_back(chunk);
  }
  pieces.push_back(ledger);
  const uint64_t seed = EntrySeed(journal_id_, end_);
  header.body_checksum = Checksum(absl::MakeConstSpan(pieces).subspan(1), seed);
  const auto bytes = EncodeEntryHeader(header, seed);
  pieces[0] = absl::string_view(bytes.data(), bytes.size());
  const int64_t padding =
      header.entry_bytes() - int64_t{kEntryHeaderBytes} - header.body_bytes();
  pieces.emplace_back(kZeros, static_cast<size_t>(padding));

  const absl::Status status = WriteFile(disk_, fd_.get(), end_, pieces);
  if (status.ok()) {
    end_ += header.entry_bytes();
    return status;
  }
  if (disk_->Truncate(fd_.get(), end_) != 0) Close();
  return absl::Status(status.code(),
                      absl::StrCat(path_, ": ", status.message()));
}

}  // namespace logboom
