#include "tests/testing/gzip_bytes.h"

#include <zlib.h>

#include <cstdlib>

namespace logboom::testing {
namespace {

constexpr char kHeader[] = "\x1f\x8b\x08\0\0\0\0\0\0\x03";
constexpr size_t kMiB = size_t{1} << 20;

// Deflates with no header around it. Z_FULL_FLUSH: the result may be put behind
// itself.
std::string Deflate(absl::string_view bytes, int flush) {
  z_stream stream{};
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, /*windowBits=*/-15,
                   /*memLevel=*/9, Z_DEFAULT_STRATEGY) != Z_OK) {
    std::abort();
  }
  std::string out(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, flush);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

void AppendNumber(uint32_t number, std::string* out) {
  for (int shift = 0; shift < 32; shift += 8) {
    out->push_back(static_cast<char>(number >> shift));
  }
}

uLong Crc(absl::string_view bytes) {
  return crc32(0, reinterpret_cast<const Bytef*>(bytes.data()),
               static_cast<uInt>(bytes.size()));
}

}  // namespace

std::string Gzip(absl::string_view bytes) {
  std::string out(kHeader, 10);
  out += Deflate(bytes, Z_FINISH);
  AppendNumber(static_cast<uint32_t>(Crc(bytes)), &out);
  AppendNumber(static_cast<uint32_t>(bytes.size()), &out);
  return out;
}

std::string GzipBomb(uint32_t mebibytes) {
  const std::string zeros(kMiB, '\0');
  const std::string block = Deflate(zeros, Z_FULL_FLUSH);
  const uLong block_crc = Crc(zeros);
  std::string out(kHeader, 10);
  uLong crc = 0;
  for (uint32_t i = 0; i < mebibytes; ++i) {
    out += block;
    crc = crc32_combine(crc, block_crc, kMiB);
  }
  out += Deflate("", Z_FINISH);
  AppendNumber(static_cast<uint32_t>(crc), &out);
  AppendNumber(static_cast<uint32_t>(mebibytes * kMiB), &out);
  return out;
}

}  // namespace logboom::testing
