#include "server/logging/format/utf8.h"

#include <array>
#include <cstring>

namespace logboom {
namespace {

unsigned char ByteAt(absl::string_view text, size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// How long a sequence its first byte announces, and the bounds of its second
// byte, which are what excludes overlong forms and surrogates (RFC 3629, § 4).
struct LeadByte {
  size_t size = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xBF;
};

LeadByte ReadLead(unsigned char byte) {
  if (byte >= 0xC2 && byte <= 0xDF) return {2};
  if (byte == 0xE0) return {3, 0xA0, 0xBF};
  if (byte == 0xED) return {3, 0x80, 0x9F};
  if (byte >= 0xE1 && byte <= 0xEF) return {3};
  if (byte == 0xF0) return {4, 0x90, 0xBF};
  if (byte >= 0xF1 && byte <= 0xF3) return {4};
  if (byte == 0xF4) return {4, 0x80, 0x8F};
  return {};
}

constexpr std::array<bool, 256> kCleanByte = [] {
  std::array<bool, 256> clean{};
  for (int byte = 0x20; byte < 0x7F; ++byte) clean[byte] = byte != '\\';
  return clean;
}();

// Bytes that are looked at together, signed: those from 0x80 on are below 0x20.
template <size_t kSize>
using Block [[gnu::vector_size(kSize)]] = signed char;

template <size_t kSize>
bool IsCleanBlock(const char* bytes) {
  Block<kSize> block;
  std::memcpy(&block, bytes, kSize);
  const auto unclean = (block < 0x20) | (block == 0x7F) | (block == '\\');
  std::array<uint64_t, kSize / 8> words;
  std::memcpy(words.data(), &unclean, kSize);
  uint64_t any = 0;
  for (const uint64_t word : words) any |= word;
  return any == 0;
}

// How many bytes of `text` are in clean blocks before an unclean one. A last
// block overlaps the one before.
template <size_t kSize>
size_t CleanBlocks(absl::string_view text) {
  size_t i = 0;
  for (; i + kSize <= text.size(); i += kSize) {
    if (!IsCleanBlock<kSize>(text.data() + i)) return i;
  }
  if (text.size() < kSize || i == text.size()) return i;
  return IsCleanBlock<kSize>(text.data() + text.size() - kSize) ? text.size()
                                                                : i;
}

}  // namespace

Utf8Char DecodeUtf8(absl::string_view text) {
  const unsigned char first = ByteAt(text, 0);
  if (first < 0x80) return {first, 1, true};
  const LeadByte lead = ReadLead(first);
  if (lead.size == 0 || text.size() < lead.size) return {first, 1, false};
  if (ByteAt(text, 1) < lead.second_min || ByteAt(text, 1) > lead.second_max) {
    return {first, 1, false};
  }
  char32_t code_point = first & (0x7F >> lead.size);
  for (size_t i = 1; i < lead.size; ++i) {
    if ((ByteAt(text, i) & 0xC0) != 0x80) return {first, 1, false};
    code_point = code_point << 6 | (ByteAt(text, i) & 0x3F);
  }
  return {code_point, lead.size, true};
}

void AppendUtf8(char32_t code_point, std::string* out) {
  const auto tail = [out](char32_t bits) {
    out->push_back(static_cast<char>(0x80 | (bits & 0x3F)));
  };
  if (code_point < 0x80) {
    out->push_back(static_cast<char>(code_point));
  } else if (code_point < 0x800) {
    out->push_back(static_cast<char>(0xC0 | code_point >> 6));
    tail(code_point);
  } else if (code_point < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | code_point >> 12));
    tail(code_point >> 6);
    tail(code_point);
  } else {
    out->push_back(static_cast<char>(0xF0 | code_point >> 18));
    tail(code_point >> 12);
    tail(code_point >> 6);
    tail(code_point);
  }
}

size_t CountCharacters(absl::string_view text) {
  size_t count = 0;
  while (!text.empty()) {
    const size_t clean = CleanAsciiPrefix(text);
    count += clean;
    text.remove_prefix(clean);
    if (text.empty()) break;
    text.remove_prefix(DecodeUtf8(text).size);
    ++count;
  }
  return count;
}

absl::string_view FirstCharacters(absl::string_view text, size_t count) {
  size_t end = 0;
  for (; count > 0 && end < text.size(); --count) {
    end += DecodeUtf8(text.substr(end)).size;
  }
  return text.substr(0, end);
}

size_t CleanAsciiPrefix(absl::string_view text) {
  size_t i = text.size() < 16 ? CleanBlocks<8>(text) : CleanBlocks<16>(text);
  while (i < text.size() && kCleanByte[ByteAt(text, i)]) ++i;
  return i;
}

}  // namespace logboom
