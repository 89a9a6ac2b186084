#include "client/spool_reader.h"

#include <fcntl.h>

#include <algorithm>
#include <utility>

#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr int64_t kBufferBytes = int64_t{16} << 10;
constexpr auto kHeaderBytes = int64_t{kEntryHeaderBytes};
constexpr auto kAlignment = int64_t{kEntryAlignment};

}  // namespace

absl::Status SpoolReader::Open(const std::string& path) {
  position_ = kFirstEntryByte;
  buffer_filled_ = 0;
  unreadable_bytes_ = 0;
  return OpenFile(disk_, path, O_RDONLY, &fd_);
}

absl::StatusOr<SegmentHeader> SpoolReader::ReadFileHeader() {
  return DecodeSegmentHeader(View(0, kFirstEntryByte, kFirstEntryByte));
}

SpoolReader::Item SpoolReader::Next(int64_t limit) {
  Item item{.begin = position_};
  if (HeaderAt(position_, limit, &item.header)) {
    item.kind = Item::Kind::kEntry;
    item.end = position_ = position_ + item.header.entry_bytes();
    return item;
  }
  item.end = FindHeader(position_ + kAlignment, limit, &item.header);
  if (item.end == limit) return item;
  item.kind = Item::Kind::kDamage;
  position_ = item.end;
  return item;
}

absl::StatusOr<SpoolReader::Entry> SpoolReader::Read(const Item& item) {
  const auto size = static_cast<size_t>(item.end - item.begin);
  Entry entry{.bytes = std::unique_ptr<char[]>(new char[size])};
  const absl::string_view held =
      size <= size_t{kBufferBytes} ? View(item.begin, size, item.end) : "";
  if (held.size() == size) {
    std::copy(held.begin(), held.end(), entry.bytes.get());
  } else if (ReadFile(disk_, fd_.get(), item.begin, entry.bytes.get(), size,
                      &unreadable_bytes_) < size) {
    return absl::DataLossError("the file has become shorter");
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      entry.parts,
      DecodeEntryBody(item.header, absl::string_view(entry.bytes.get(), size),
                      EntrySeed(journal_id_, item.begin)));
  return entry;
}

bool SpoolReader::HeaderAt(int64_t position, int64_t limit,
                           EntryHeader* header) {
  const absl::string_view bytes = View(position, kEntryHeaderBytes, limit);
  if (bytes.size() < kEntryHeaderBytes || !HasEntryMagic(bytes)) return false;
  const auto found = DecodeEntryHeader(bytes, EntrySeed(journal_id_, position));
  if (!found || found->entry_bytes() > limit - position) return false;
  *header = *found;
  return true;
}

int64_t SpoolReader::FindHeader(int64_t position, int64_t limit,
                                EntryHeader* header) {
  for (; position + kHeaderBytes <= limit; position += kAlignment) {
    if (HeaderAt(position, limit, header)) return position;
  }
  return limit;
}

absl::string_view SpoolReader::View(int64_t position, size_t size,
                                    int64_t limit) {
  const int64_t wanted = std::max(
      std::min(static_cast<int64_t>(size), limit - position), int64_t{0});
  if (position < buffer_begin_ ||
      position + wanted > buffer_begin_ + buffer_filled_) {
    if (!buffer_) buffer_.reset(new char[kBufferBytes]);
    buffer_begin_ = position;
    // No byte beyond the limit: it may change.
    buffer_filled_ = static_cast<int64_t>(
        ReadFile(disk_, fd_.get(), position, buffer_.get(),
                 static_cast<size_t>(
                     std::clamp(limit - position, int64_t{0}, kBufferBytes)),
                 &unreadable_bytes_));
  }
  const int64_t held = buffer_begin_ + buffer_filled_ - position;
  return absl::string_view(buffer_.get() + (position - buffer_begin_),
                           static_cast<size_t>(std::min(wanted, held)));
}

}  // namespace logboom
