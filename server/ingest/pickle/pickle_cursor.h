#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_CURSOR_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_CURSOR_H_

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/strings/string_view.h"

namespace logboom {

// Takes a pickle's bytes from the front. A function is false when it would pass
// the end: the pickle is cut off. What it gives points into the pickle.
class PickleCursor {
 public:
  PickleCursor() = default;
  explicit PickleCursor(absl::string_view pickle)
      : at_(pickle.data()), end_(pickle.data() + pickle.size()) {}

  size_t bytes_left() const { return static_cast<size_t>(end_ - at_); }

  bool Bytes(uint64_t size, absl::string_view* bytes) {
    if (size > bytes_left()) return false;
    *bytes = absl::string_view(at_, size);
    at_ += size;
    return true;
  }

  // An unsigned little-endian number of kWidth bytes, at most 8.
  template <size_t kWidth>
  bool Number(uint64_t* number) {
    static_assert(std::endian::native == std::endian::little);
    if (kWidth > bytes_left()) return false;
    uint64_t read = 0;
    std::memcpy(&read, at_, kWidth);
    *number = read;
    at_ += kWidth;
    return true;
  }

  // A number of kWidth bytes, then as many bytes. Python 2's lengths of four
  // bytes are signed, and never reach the sign bit.
  template <size_t kWidth>
  bool Counted(absl::string_view* bytes) {
    uint64_t size = 0;
    return Number<kWidth>(&size) && Bytes(size, bytes);
  }

  // Without its line feed.
  bool Line(absl::string_view* line) {
    const void* const end = std::memchr(at_, '\n', bytes_left());
    if (end == nullptr) return false;
    const char* const begin = at_;
    at_ = static_cast<const char*>(end) + 1;
    *line = absl::string_view(begin, static_cast<size_t>(at_ - 1 - begin));
    return true;
  }

 private:
  const char* at_ = nullptr;
  const char* end_ = nullptr;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_CURSOR_H_
