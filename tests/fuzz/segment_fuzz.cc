// A segment that was written well and then damaged in any way: a reader never
// reads past it, ends, and returns nothing that was not written.
//
// Checksums keep random bytes from ever being an entry, so the input is not the
// file but how to make one: first the entries, then what happens to them.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/server/journal/segment_image.h"

namespace logboom {
namespace {

// Takes numbers off the input; zeros when it is used up.
class Input {
 public:
  Input(const uint8_t* data, size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  size_t Byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  // Below `bound`, which is not 0.
  size_t Below(size_t bound) {
    return ((Byte() << 16) | (Byte() << 8) | Byte()) % bound;
  }

 private:
  const uint8_t* data_;
  size_t size_;
};

std::vector<PendingEntry> TakeEntries(Input* input) {
  std::vector<PendingEntry> entries;
  for (size_t left = input->Byte() % 8; left > 0; --left) {
    const std::string payload(input->Byte(), static_cast<char>(input->Byte()));
    entries.push_back(
        EntryOf(payload, static_cast<uint32_t>(input->Byte() % 4)));
  }
  return entries;
}

// `bytes` has at least one.
void DamageOnce(Input* input, std::string* bytes) {
  const size_t at = input->Below(bytes->size());
  switch (input->Byte() % 5) {
    case 0:  // a flipped bit
      (*bytes)[at] = static_cast<char>((*bytes)[at] ^ (1 << input->Byte() % 8));
      break;
    case 1:  // a byte of the input's choice
      (*bytes)[at] = static_cast<char>(input->Byte());
      break;
    case 2:  // cut
      bytes->resize(at);
      break;
    case 3:  // zeros, as a sector that was never written
      bytes->replace(at, 64, std::string(64, '\0'));
      break;
    case 4: {  // moved, as by a file system's fault: aligned, so that it fits
      const size_t to = input->Below(bytes->size()) / 8 * 8;
      const std::string moved = bytes->substr(at / 8 * 8, 256);
      bytes->replace(to, moved.size(), moved);
      break;
    }
  }
}

void Check(const SegmentImage& written, const ReadBack& whole,
           const std::string& bytes, const ReadBack& got) {
  const auto size = static_cast<int64_t>(bytes.size());
  if (got.end > std::max(size, kFirstEntryByte)) abort();
  int64_t before = kFirstEntryByte;
  for (const DamagedExtent& extent : got.damaged) {
    if (extent.begin < before || extent.end <= extent.begin) abort();
    before = extent.end;
  }
  // What is returned was written, in the same order.
  size_t next = 0;
  for (size_t i = 0; i < got.payloads.size(); ++i) {
    while (next < whole.payloads.size() &&
           (whole.offsets[next] != got.offsets[i] ||
            whole.payloads[next] != got.payloads[i])) {
      ++next;
    }
    if (next++ == whole.payloads.size()) abort();
  }
  // What was not touched is returned.
  size_t untouched = 0;
  for (size_t i = 0; i < written.begins.size(); ++i) {
    const auto begin = static_cast<size_t>(written.begins[i]);
    const auto length = static_cast<size_t>(written.ends[i]) - begin;
    if (bytes.size() >= begin + length &&
        bytes.compare(begin, length, written.bytes, begin, length) == 0) {
      ++untouched;
    }
  }
  if (got.payloads.size() < untouched) abort();
}

}  // namespace
}  // namespace logboom

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  logboom::Input input(data, size);
  const auto entries = logboom::TakeEntries(&input);
  const logboom::SegmentImage written =
      logboom::MakeSegmentOf(entries, /*spare_bytes=*/256);
  const logboom::ReadBack whole = logboom::ReadSegment(written.bytes);
  if (whole.payloads.size() != entries.size()) abort();

  std::string bytes = written.bytes;
  while (!input.empty() && !bytes.empty()) {
    logboom::DamageOnce(&input, &bytes);
  }
  logboom::Check(written, whole, bytes, logboom::ReadSegment(bytes));
  return 0;
}
