#include "cli/rewind_target.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/units.h"

namespace logboom {
namespace {

constexpr absl::string_view kTimeFormats[] = {
    "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d%ET%H:%M:%E*S%Ez" /* RFC 3339 */};

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// absl::ParseTime alone also takes other years' lengths, spaces around and
// words.
bool BeginsWithDate(absl::string_view text) {
  return text.size() >= 10 && AllDigits(text.substr(0, 4)) && text[4] == '-' &&
         AllDigits(text.substr(5, 2)) && text[7] == '-' &&
         AllDigits(text.substr(8, 2)) && !absl::ascii_isspace(text.back());
}

std::optional<absl::Time> ParseMoment(absl::string_view text) {
  if (!BeginsWithDate(text)) return std::nullopt;
  for (const absl::string_view format : kTimeFormats) {
    absl::Time time;
    std::string ignored;
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, &ignored)) {
      return time;
    }
  }
  return std::nullopt;
}

}  // namespace

absl::StatusOr<RewindTarget> ParseRewindTarget(absl::string_view text,
                                               absl::Time now) {
  if (text == "beginning") return JournalEdge::kBeginning;
  if (text == "head") return JournalEdge::kHead;
  Offset offset = 0;
  if (AllDigits(text) && absl::SimpleAtoi(text, &offset)) return offset;
  if (const auto ago = ParseDuration(text); ago.ok()) return now - *ago;
  if (const auto time = ParseMoment(text)) return *time;
  return absl::InvalidArgumentError(absl::StrCat(
      "'", text,
      "' is not a record's offset, beginning, head, a time (RFC 3339, or "
      "YYYY-MM-DD[ HH:MM[:SS]] in UTC) or how long ago (500ms, 30s, 10m, 2h, "
      "7d)"));
}

}  // namespace logboom
