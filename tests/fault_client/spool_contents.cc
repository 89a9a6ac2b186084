#include "tests/fault_client/spool_contents.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "client/spool_reader.h"
#include "proto/wire/record_view.h"

namespace logboom {
namespace {

std::vector<std::string> SegmentsIn(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;  // a folder that is not there has none
  for (const auto& file :
       std::filesystem::recursive_directory_iterator(folder, error)) {
    if (file.path().extension() == ".segment") paths.push_back(file.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void TakeEntry(const JournalEntry& entry, const std::string& path,
               std::vector<LoggedLine>* lines, Findings* findings) {
  BatchView batch(entry.payload);
  while (batch.Next()) {
    const auto record = RecordView::Parse(batch.record());
    std::optional<LoggedLine> line;
    if (record.ok() && record->body.has_value()) {
      line = LoggedLine::FromMessage(record->body->string_value());
    }
    if (line) {
      lines->push_back(*line);
    } else {
      findings->Add("spool: a record that nobody logged", path);
    }
  }
}

void ReadSegment(const std::string& path, std::vector<LoggedLine>* lines,
                 Findings* findings) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  SpoolReader reader(SpoolDisk::System());
  // A program that was killed may have left a file without a whole header.
  if (error || bytes < kFirstEntryByte || !reader.Open(path).ok()) return;
  const auto header = reader.ReadFileHeader();
  if (!header.ok()) return;
  reader.set_journal_id(header->journal_id);
  while (true) {
    const SpoolReader::Item item = reader.Next(static_cast<int64_t>(bytes));
    if (item.kind == SpoolReader::Item::Kind::kEnd) return;
    if (item.kind == SpoolReader::Item::Kind::kDamage) {
      findings->Add("spool: damage",
                    absl::StrCat(path, " at byte ", item.begin));
      continue;
    }
    const auto entry = reader.Read(item);
    // The last one may be cut off by the kill.
    if (!entry.ok()) continue;
    TakeEntry(entry->parts, path, lines, findings);
  }
}

}  // namespace

std::vector<LoggedLine> ReadSpool(const std::string& folder,
                                  Findings* findings) {
  std::vector<LoggedLine> lines;
  for (const std::string& path : SegmentsIn(folder)) {
    ReadSegment(path, &lines, findings);
  }
  return lines;
}

}  // namespace logboom
