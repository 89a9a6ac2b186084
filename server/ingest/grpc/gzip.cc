#include "server/ingest/grpc/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// Header and trailer; zlib's sizes are 32 bits.
constexpr size_t kLeastBytes = 18;
constexpr size_t kMostBytes = UINT32_MAX;
// The greatest window, and gzip only.
constexpr int kWindowBits = 15 + 16;

absl::Status Damaged(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("not a whole gzip stream: ", what));
}

// The size that the trailer claims, modulo 2^32.
uint32_t ClaimedSize(absl::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  uint32_t size = 0;
  std::memcpy(&size, bytes.data() + bytes.size() - sizeof(size), sizeof(size));
  return size;
}

}  // namespace

bool IsGzip(absl::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

// The trailer says how much to allocate; where that is not true the stream is
// damaged anyway.
absl::StatusOr<std::string> InflateGzip(absl::string_view bytes,
                                        size_t limit_bytes) {
  if (bytes.size() < kLeastBytes) return Damaged("cut");
  if (bytes.size() > kMostBytes) return Damaged("of over 4 GiB");
  const size_t claimed = ClaimedSize(bytes);
  std::string inflated(std::min(claimed, limit_bytes), '\0');
  z_stream stream{};
  if (inflateInit2(&stream, kWindowBits) != Z_OK) {
    return absl::ResourceExhaustedError("no memory to inflate a message");
  }
  const absl::Cleanup end = [&stream] { inflateEnd(&stream); };
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(inflated.data());
  stream.avail_out = static_cast<uInt>(inflated.size());
  const int result = inflate(&stream, Z_FINISH);
  if (result == Z_STREAM_END) {
    if (stream.avail_in > 0) return Damaged("something follows it");
    return inflated;
  }
  if (result == Z_BUF_ERROR && stream.avail_out == 0 && claimed > limit_bytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("the message inflates to more than ", limit_bytes,
                     " bytes, which is all that is taken"));
  }
  if (result == Z_BUF_ERROR && stream.avail_in == 0) return Damaged("cut");
  return Damaged(stream.msg != nullptr ? stream.msg
                                       : "a wrong size at its end");
}

}  // namespace logboom
