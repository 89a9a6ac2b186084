#include "tests/server/journal/segment_image.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <variant>

#include "server/journal/segment_name.h"
#include "server/journal/segment_writer.h"
#include "tests/testing/memory_file.h"

namespace logboom {

PendingEntry EntryOf(absl::string_view payload, uint32_t record_count) {
  PendingEntry entry;
  entry.anonymous = true;
  entry.record_count = record_count;
  entry.payload = absl::Cord(payload);
  return entry;
}

size_t SegmentImage::WholeEntriesBefore(int64_t cut) const {
  return static_cast<size_t>(std::count_if(
      ends.begin(), ends.end(), [cut](int64_t end) { return end <= cut; }));
}

SegmentImage MakeSegmentOf(const std::vector<PendingEntry>& entries,
                           int64_t spare_bytes, const JournalId& journal_id) {
  SegmentImage image;
  int64_t size = kFirstEntryByte;
  for (const PendingEntry& entry : entries) {
    image.begins.push_back(size);
    size += SegmentWriter::BytesOf(entry);
    image.ends.push_back(size);
  }
  size += spare_bytes;

  const auto header =
      EncodeSegmentHeader({.journal_id = journal_id, .number = 1});
  const auto bytes =
      std::make_shared<std::string>(header.data(), header.size());
  bytes->resize(static_cast<size_t>(size));
  SegmentWriter writer(std::make_unique<MemoryFile>(bytes), {0, 1}, journal_id,
                       kFirstEntryByte, size);
  Offset offset = 0;
  for (const PendingEntry& entry : entries) {
    writer.Stage(entry, offset);
    offset += entry.record_count;
  }
  if (!writer.Write().ok()) abort();
  image.bytes = *bytes;
  return image;
}

SegmentImage MakeSegment(const std::vector<std::string>& payloads,
                         int64_t spare_bytes) {
  std::vector<PendingEntry> entries;
  for (const std::string& payload : payloads) {
    entries.push_back(EntryOf(payload));
  }
  return MakeSegmentOf(entries, spare_bytes);
}

ReadBack ReadSegment(const std::string& bytes) {
  SegmentReader reader(std::make_unique<MemoryFile>(bytes), kTestJournal);
  ReadBack got;
  while (true) {
    const auto item = reader.Next(static_cast<int64_t>(bytes.size()));
    if (!item.ok()) abort();  // memory does not fail
    if (const auto* entry = std::get_if<JournalEntry>(&*item)) {
      got.payloads.emplace_back(entry->payload);
      got.offsets.push_back(entry->header.first_offset);
    } else if (const auto* extent = std::get_if<DamagedExtent>(&*item)) {
      got.damaged.push_back(*extent);
    } else {
      got.end = reader.position();
      return got;
    }
  }
}

}  // namespace logboom
