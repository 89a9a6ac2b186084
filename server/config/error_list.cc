#include "server/config/error_list.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace logboom {
namespace {

constexpr size_t kMaxQuoted = 80;
constexpr size_t kMaxListed = 10;
constexpr size_t kMaxCompared = 100;
constexpr size_t kMaxComparedBytes = 64;

// How many letters are wrong, missing, too many or swapped with a neighbour
// (optimal string alignment), upper and lower case being the same.
size_t EditDistance(absl::string_view a, absl::string_view b) {
  const auto same = [&](size_t i, size_t j) {
    return absl::ascii_tolower(a[i]) == absl::ascii_tolower(b[j]);
  };
  // Rows i - 2, i - 1 and i of the table.
  std::vector<size_t> older(b.size() + 1);
  std::vector<size_t> previous(b.size() + 1);
  std::vector<size_t> row(b.size() + 1);
  std::iota(previous.begin(), previous.end(), 0);
  for (size_t i = 0; i < a.size(); ++i) {
    row[0] = i + 1;
    for (size_t j = 0; j < b.size(); ++j) {
      const size_t replaced = previous[j] + (same(i, j) ? 0 : 1);
      row[j + 1] = std::min({replaced, row[j] + 1, previous[j + 1] + 1});
      if (i > 0 && j > 0 && same(i, j - 1) && same(i - 1, j)) {
        row[j + 1] = std::min(row[j + 1], older[j - 1] + 1);
      }
    }
    older.swap(previous);
    previous.swap(row);
  }
  return previous.back();
}

}  // namespace

void ErrorList::Add(const Location& at, absl::string_view path,
                    absl::string_view message) {
  errors_.push_back(
      {at, absl::StrCat(file_, ":", at.line, ":", at.column, ": ", path,
                        path.empty() ? "" : ": ", message)});
}

std::string ErrorList::ToString() const {
  std::vector<Error> sorted = errors_;
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const Error& a, const Error& b) { return IsBefore(a.at, b.at); });
  const auto last = std::unique(
      sorted.begin(), sorted.end(),
      [](const Error& a, const Error& b) { return a.text == b.text; });
  return absl::StrJoin(
      sorted.begin(), last, "\n",
      [](std::string* out, const Error& error) { out->append(error.text); });
}

std::string Quote(absl::string_view text) {
  const bool cut = text.size() > kMaxQuoted;
  size_t end = std::min(text.size(), kMaxQuoted);
  // Not inside a character: bytes 10xxxxxx continue one.
  while (cut && end > 0 && (static_cast<uint8_t>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  std::string escaped = absl::Utf8SafeCEscape(text.substr(0, end));
  return absl::StrCat("'", escaped, "'", cut ? "..." : "");
}

std::string OneLine(absl::string_view text) {
  std::string line;
  for (const char c : text) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&line, "\\x%02x", byte);
    } else {
      line.push_back(c);
    }
  }
  return line;
}

std::string Listed(const std::vector<std::string>& names) {
  if (names.empty()) return "none";
  const size_t shown = std::min(names.size(), kMaxListed);
  std::string list = absl::StrJoin(names.begin(), names.begin() + shown, ", ");
  if (shown < names.size()) {
    absl::StrAppend(&list, " and ", names.size() - shown, " more");
  }
  return list;
}

std::string DidYouMean(absl::string_view text,
                       const std::vector<std::string>& names) {
  if (text.size() > kMaxComparedBytes) return "";
  // A third of the letters may differ: more is another word.
  size_t nearest = std::max<size_t>(1, text.size() / 3) + 1;
  const std::string* best = nullptr;
  const size_t compared = std::min(names.size(), kMaxCompared);
  for (size_t i = 0; i < compared; ++i) {
    if (names[i].size() > kMaxComparedBytes) continue;
    const size_t distance = EditDistance(text, names[i]);
    if (distance >= nearest || distance >= names[i].size()) continue;
    nearest = distance;
    best = &names[i];
  }
  return best == nullptr ? ""
                         : absl::StrCat(", did you mean ", Quote(*best), "?");
}

}  // namespace logboom
