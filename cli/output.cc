#include "cli/output.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

bool HasColour(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  return isatty(fd) != 0 && (no_color == nullptr || *no_color == '\0');
}

// ECMA-48 "select graphic rendition".
absl::string_view ColourOf(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kBad:
      return "\x1b[31m";
    case Style::kDim:
      return "\x1b[2m";
  }
  return "";
}

std::string Coloured(absl::string_view text, Style style) {
  return absl::StrCat(ColourOf(style), text, "\x1b[0m");
}

std::string Escaped(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte < 0x20 && c != '\n') || byte == 0x7F) {
      absl::StrAppendFormat(&escaped, "\\x%02x", byte);
    } else {
      escaped.push_back(c);
    }
  }
  return escaped;
}

}  // namespace

std::string Styled(absl::string_view text, Style style) {
  static const bool colour = HasColour(STDOUT_FILENO);
  if (!colour || style == Style::kPlain) return std::string(text);
  return Coloured(text, style);
}

std::string Counted(int64_t count, absl::string_view what) {
  return absl::StrCat(count, " ", what, count == 1 ? "" : "s");
}

void PrintLine(absl::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void PrintError(absl::string_view text) {
  PrintErrorLines(absl::StrCat("logboom: ", text));
}

void PrintErrorLines(absl::string_view lines) {
  static const bool colour = HasColour(STDERR_FILENO);
  std::string text = Escaped(lines);
  if (colour) text = Coloured(text, Style::kBad);
  std::fflush(stdout);  // in the order in which it was said
  std::fprintf(stderr, "%s\n", text.c_str());
}

bool FlushOutput() {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  PrintError("cannot write to stdout");
  return false;
}

}  // namespace logboom
