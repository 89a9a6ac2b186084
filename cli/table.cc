#include "cli/table.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output.h"
#include "cli/record_json.h"

namespace logboom {
namespace {

bool ContinuesCharacter(char c) {
  return (static_cast<uint8_t>(c) & 0xC0) == 0x80;
}

size_t WidthOf(absl::string_view cell) {
  return static_cast<size_t>(std::count_if(
      cell.begin(), cell.end(), [](char c) { return !ContinuesCharacter(c); }));
}

// The code point whose sequence begins `text`, which is valid UTF-8.
uint32_t CodePointOf(absl::string_view sequence) {
  const auto lead = static_cast<uint8_t>(sequence[0]);
  if (sequence.size() == 1) return lead;
  uint32_t point = lead & (0x7Fu >> sequence.size());
  for (const char c : sequence.substr(1)) {
    point = point << 6 | (static_cast<uint8_t>(c) & 0x3F);
  }
  return point;
}

bool MustBeEscaped(uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) ||  // C0, DEL, C1
         point == 0x2028 || point == 0x2029 ||               // separators
         point == 0x061C || point == 0x200E || point == 0x200F ||
         (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069);  // bidirectional controls
}

}  // namespace

void PrintTable(const std::vector<TableRow>& rows, absl::string_view sides) {
  std::vector<size_t> widths;
  for (const TableRow& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], WidthOf(row[i]));
    }
  }
  for (const TableRow& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const bool left = sides[std::min(i, sides.size() - 1)] == 'l';
      const bool last = left && i + 1 == row.size();
      const std::string padding(last ? 0 : widths[i] - WidthOf(row[i]), ' ');
      absl::StrAppend(&line, i == 0 ? "" : "  ", left ? row[i] : padding,
                      left ? padding : row[i]);
    }
    PrintLine(line);
  }
}

std::string Printable(absl::string_view text) {
  const std::string valid = ValidUtf8(text);
  std::string printable;
  for (size_t i = 0; i < valid.size();) {
    size_t size = 1;
    while (i + size < valid.size() && ContinuesCharacter(valid[i + size])) {
      ++size;
    }
    const absl::string_view sequence = absl::string_view(valid).substr(i, size);
    const uint32_t point = CodePointOf(sequence);
    if (!MustBeEscaped(point)) {
      absl::StrAppend(&printable, sequence);
    } else if (point < 0x80) {
      absl::StrAppendFormat(&printable, "\\x%02x", point);
    } else {
      absl::StrAppendFormat(&printable, "\\u%04x", point);
    }
    i += size;
  }
  return printable;
}

}  // namespace logboom
