#include "base/units.h"

#include <limits>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

struct Unit {
  absl::string_view name;
  int64_t factor;
};

// Largest first, so that printing picks the largest unit that divides.
constexpr Unit kSizeUnits[] = {
    {"GiB", int64_t{1} << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"B", 1}};
constexpr Unit kDurationUnits[] = {  // in milliseconds
    {"d", 86'400'000},
    {"h", 3'600'000},
    {"m", 60'000},
    {"s", 1'000},
    {"ms", 1}};

template <size_t N>
absl::StatusOr<int64_t> Parse(absl::string_view text, const Unit (&units)[N],
                              bool unit_required, absl::string_view accepted) {
  const size_t digits = text.find_first_not_of("0123456789");
  const absl::string_view number = text.substr(0, digits);
  const absl::string_view suffix =
      digits == absl::string_view::npos ? "" : text.substr(digits);
  int64_t value;
  if (absl::SimpleAtoi(number, &value)) {
    if (suffix.empty() && !unit_required) return value;
    for (const Unit& unit : units) {
      if (suffix != unit.name) continue;
      if (value > std::numeric_limits<int64_t>::max() / unit.factor) break;
      return value * unit.factor;
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("'", text, "' is not ", accepted));
}

template <size_t N>
std::string Format(int64_t value, const Unit (&units)[N]) {
  for (const Unit& unit : units) {
    if (value != 0 && value % unit.factor == 0) {
      return absl::StrCat(value / unit.factor, unit.name);
    }
  }
  return absl::StrCat(value, units[N - 1].name);
}

}  // namespace

absl::StatusOr<int64_t> ParseSize(absl::string_view text) {
  return Parse(text, kSizeUnits, /*unit_required=*/false,
               "a size such as 512, 64KiB, 128MiB or 10GiB");
}

std::string FormatSize(int64_t bytes) { return Format(bytes, kSizeUnits); }

absl::StatusOr<absl::Duration> ParseDuration(absl::string_view text) {
  const auto ms = Parse(text, kDurationUnits, /*unit_required=*/true,
                        "a duration such as 500ms, 30s, 10m, 12h or 7d");
  if (!ms.ok()) return ms.status();
  return absl::Milliseconds(*ms);
}

std::string FormatDuration(absl::Duration duration) {
  return Format(absl::ToInt64Milliseconds(duration), kDurationUnits);
}

}  // namespace logboom
