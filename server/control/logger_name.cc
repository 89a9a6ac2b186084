#include "server/control/logger_name.h"

#include <cstdint>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

uint8_t ByteAt(absl::string_view text, size_t i) {
  return i < text.size() ? static_cast<uint8_t>(text[i]) : 0;
}

// The bytes of the UTF-8 sequence that `text` begins with; 0: it is none
// (Unicode 15, table 3-7).
size_t SequenceBytes(absl::string_view text) {
  const uint8_t lead = ByteAt(text, 0);
  if (lead < 0x80) return 1;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  const size_t size = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  const uint8_t second = ByteAt(text, 1);
  uint8_t least = 0x80;
  uint8_t most = 0xBF;
  if (lead == 0xE0) least = 0xA0;
  if (lead == 0xED) most = 0x9F;
  if (lead == 0xF0) least = 0x90;
  if (lead == 0xF4) most = 0x8F;
  if (second < least || second > most) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (ByteAt(text, i) < 0x80 || ByteAt(text, i) > 0xBF) return 0;
  }
  return size;
}

// C0, DEL and C1, which is U+0080 to U+009F.
bool HasControlCharacter(absl::string_view name) {
  for (size_t i = 0; i < name.size(); ++i) {
    const uint8_t byte = ByteAt(name, i);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && ByteAt(name, i + 1) < 0xA0) return true;
  }
  return false;
}

absl::Status CheckText(absl::string_view what, absl::string_view name) {
  if (name.size() > kMaxControlNameBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has ", name.size(), " bytes; at most ",
                     kMaxControlNameBytes, " are accepted"));
  }
  if (HasControlCharacter(name)) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " has a control character, which is not accepted"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::string> CheckLoggerName(absl::string_view name) {
  if (name.empty()) return std::string("root");
  if (absl::Status status = CheckText("the logger's name", name);
      !status.ok()) {
    return status;
  }
  if (name.front() == '.' || name.back() == '.' ||
      absl::StrContains(name, "..")) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the logger's name '", name,
        "' has an empty part; accepted: parts separated by single dots "
        "(shop.cart), or root"));
  }
  return std::string(name);
}

absl::Status CheckServiceName(absl::string_view name) {
  return CheckText("the service's name", name);
}

std::string Utf8Text(absl::string_view bytes) {
  std::string text;
  while (!bytes.empty()) {
    const size_t size = SequenceBytes(bytes);
    if (size > 0) {
      text.append(bytes.data(), size);
    } else {
      absl::StrAppendFormat(&text, "\\x%02x", ByteAt(bytes, 0));
    }
    bytes.remove_prefix(size > 0 ? size : 1);
  }
  return text;
}

}  // namespace logboom
