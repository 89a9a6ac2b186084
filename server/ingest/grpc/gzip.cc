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
constexpr size_t kLeastGrowthBytes = 4096;
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

void SetOutput(z_stream* stream, std::string* output, size_t done) {
  stream->next_out = reinterpret_cast<Bytef*>(output->data() + done);
  stream->avail_out = static_cast<uInt>(output->size() - done);
}

absl::string_view Rest(const z_stream& stream) {
  return absl::string_view(reinterpret_cast<const char*>(stream.next_in),
                           stream.avail_in);
}

}  // namespace

bool IsGzip(absl::string_view bytes) {
  return bytes.size() >= 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

// The trailer says how much to allocate. That is its own member's size, which
// is all unless there are several, and nothing where the stream is damaged: so
// there may have to be more.
absl::StatusOr<std::string> InflateGzip(absl::string_view bytes,
                                        size_t limit_bytes) {
  if (bytes.size() < kLeastBytes) return Damaged("cut");
  if (bytes.size() > kMostBytes) return Damaged("of over 4 GiB");
  std::string inflated(std::min<size_t>(ClaimedSize(bytes), limit_bytes), '\0');
  z_stream stream{};
  if (inflateInit2(&stream, kWindowBits) != Z_OK) {
    return absl::ResourceExhaustedError("no memory to inflate a message");
  }
  const absl::Cleanup end = [&stream] { inflateEnd(&stream); };
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  SetOutput(&stream, &inflated, 0);
  while (true) {
    const int result = inflate(&stream, Z_FINISH);
    const size_t done = inflated.size() - stream.avail_out;
    if (result == Z_STREAM_END) {
      if (stream.avail_in == 0) {
        inflated.resize(done);
        return inflated;
      }
      if (!IsGzip(Rest(stream))) return Damaged("something follows it");
      inflateReset(&stream);  // RFC 1952, section 2.2: members in a row
    } else if (result != Z_BUF_ERROR) {
      return Damaged(stream.msg != nullptr ? stream.msg : "not deflated");
    } else if (stream.avail_out > 0) {
      return Damaged("cut");
    } else if (done == limit_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the message inflates to more than ", limit_bytes,
                       " bytes, which is all that is taken"));
    } else {
      inflated.resize(std::min(2 * done + kLeastGrowthBytes, limit_bytes));
      SetOutput(&stream, &inflated, done);
    }
  }
}

}  // namespace logboom
