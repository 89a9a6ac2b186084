#include "server/journal/segment_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/status_macros.h"

namespace logboom {
namespace {

// An entry of a thousand records and the next one's header; small enough that
// what was read is still in the processor's cache when it is looked at.
constexpr int64_t kReadBytes = int64_t{256} << 10;
// A buffer that a larger entry needed is given back behind it.
constexpr int64_t kKeptBytes = int64_t{8} << 20;
// What a disk fails to read at the least.
constexpr int64_t kPageBytes = 4096;
constexpr auto kHeaderBytes = int64_t{kEntryHeaderBytes};
constexpr auto kAlignment = int64_t{kEntryAlignment};

bool AllZeros(absl::string_view bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 &&
          std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

}  // namespace

SegmentReader::SegmentReader(std::unique_ptr<File> file,
                             const JournalId& journal_id)
    : file_(std::move(file)), journal_id_(journal_id) {}

absl::StatusOr<SegmentItem> SegmentReader::Next(int64_t limit) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::optional<EntryHeader> header,
                           HeaderAt(position_, limit));
  if (!header) return PassDamage(position_ + kAlignment, limit);
  const int64_t entry_bytes = header->entry_bytes();
  LOGBOOM_ASSIGN_OR_RETURN(const absl::string_view bytes,
                           View(position_, entry_bytes, limit));
  const bool read_in_full = static_cast<int64_t>(bytes.size()) == entry_bytes;
  if (read_in_full) {
    const absl::StatusOr<JournalEntry> entry =
        DecodeEntryBody(*header, bytes, EntrySeed(journal_id_, position_));
    if (entry.ok()) {
      position_ += entry_bytes;
      return *entry;
    }
  }
  return PassDamage(position_ + entry_bytes, limit);
}

absl::StatusOr<SegmentItem> SegmentReader::PassDamage(int64_t search_from,
                                                      int64_t limit) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::optional<int64_t> next,
                           FindHeader(search_from, limit));
  if (!next) return EndOfSegment{};
  return DamagedExtent{.begin = std::exchange(position_, *next), .end = *next};
}

absl::Status SegmentReader::SkipBelow(Offset offset, int64_t limit) {
  while (true) {
    LOGBOOM_ASSIGN_OR_RETURN(const std::optional<EntryHeader> header,
                             HeaderAt(position_, limit));
    if (!header || header->end_offset() > offset) return absl::OkStatus();
    position_ += header->entry_bytes();
  }
}

absl::StatusOr<std::optional<EntryHeader>> SegmentReader::HeaderAt(
    int64_t position, int64_t limit) {
  LOGBOOM_ASSIGN_OR_RETURN(const absl::string_view bytes,
                           View(position, kHeaderBytes, limit));
  if (bytes.size() < kEntryHeaderBytes || !HasEntryMagic(bytes)) {
    return std::nullopt;
  }
  const auto header =
      DecodeEntryHeader(bytes, EntrySeed(journal_id_, position));
  if (!header || header->entry_bytes() > limit - position) return std::nullopt;
  return header;
}

absl::StatusOr<std::optional<int64_t>> SegmentReader::FindHeader(
    int64_t position, int64_t limit) {
  for (; position + kHeaderBytes <= limit; position += kAlignment) {
    LOGBOOM_ASSIGN_OR_RETURN(absl::string_view bytes,
                             View(position, kHeaderBytes, limit));
    if (bytes.size() < kEntryHeaderBytes) break;  // the file is shorter
    // All that the buffer has, at once: most of it has no magic.
    bytes = absl::string_view(
        bytes.data(),
        static_cast<size_t>(std::min(buffer_begin_ + buffer_filled_, limit) -
                            position));
    size_t at = 0;
    const size_t last = bytes.size() - kEntryHeaderBytes;
    while (at < last && !HasEntryMagic(bytes.substr(at))) at += kEntryAlignment;
    position += static_cast<int64_t>(
        std::min(at, last / kEntryAlignment * kEntryAlignment));
    LOGBOOM_ASSIGN_OR_RETURN(const std::optional<EntryHeader> header,
                             HeaderAt(position, limit));
    if (header) return position;
  }
  return std::nullopt;
}

absl::StatusOr<bool> SegmentReader::OnlyZerosLeft(int64_t limit) {
  for (int64_t at = position_; at < limit;) {
    LOGBOOM_ASSIGN_OR_RETURN(const absl::string_view bytes,
                             View(at, std::min(limit - at, kReadBytes), limit));
    if (!AllZeros(bytes)) return false;
    if (bytes.empty()) break;  // the file is shorter
    at += static_cast<int64_t>(bytes.size());
  }
  return true;
}

absl::StatusOr<absl::string_view> SegmentReader::View(int64_t position,
                                                      int64_t size,
                                                      int64_t limit) {
  size = std::max(std::min(size, limit - position), int64_t{0});
  if (position < buffer_begin_ ||
      position + size > buffer_begin_ + buffer_filled_) {
    LOGBOOM_RETURN_IF_ERROR(
        Refill(position, std::min(std::max(size, kReadBytes),
                                  std::max(limit - position, int64_t{0}))));
  }
  const int64_t held = buffer_begin_ + buffer_filled_ - position;
  return absl::string_view(buffer_.get() + (position - buffer_begin_),
                           static_cast<size_t>(std::min(size, held)));
}

absl::Status SegmentReader::Refill(int64_t position, int64_t size) {
  const int64_t wanted = std::max(size, kReadBytes);
  buffer_filled_ = 0;
  buffer_begin_ = position;
  if (buffer_bytes_ < wanted ||
      (buffer_bytes_ > kKeptBytes && wanted <= kKeptBytes)) {
    buffer_.reset(new char[static_cast<size_t>(wanted)]);
    buffer_bytes_ = wanted;
  }
  const absl::StatusOr<size_t> got =
      file_->ReadAt(position, {buffer_.get(), static_cast<size_t>(size)});
  if (got.ok()) {
    buffer_filled_ = static_cast<int64_t>(*got);
    return absl::OkStatus();
  }
  if (!pass_over_unreadable_) return got.status();
  ReadWhatThereIs(position, size);
  return absl::OkStatus();
}

void SegmentReader::ReadWhatThereIs(int64_t position, int64_t size) {
  while (buffer_filled_ < size) {
    const int64_t at = position + buffer_filled_;
    const int64_t page =
        std::min(kPageBytes - at % kPageBytes, size - buffer_filled_);
    const absl::Span<char> part(buffer_.get() + buffer_filled_,
                                static_cast<size_t>(page));
    const absl::StatusOr<size_t> got = file_->ReadAt(at, part);
    if (!got.ok()) {
      std::fill(part.begin(), part.end(), '\0');
      unreadable_bytes_ += page;
    }
    const int64_t filled = got.ok() ? static_cast<int64_t>(*got) : page;
    buffer_filled_ += filled;
    if (filled < page) return;  // the file ends
  }
}

}  // namespace logboom
