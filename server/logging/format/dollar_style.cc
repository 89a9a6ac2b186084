#include "server/logging/format/dollar_style.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

bool IsNameCharacter(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// string.Template.idpattern, at the start of `text`; empty when there is none.
absl::string_view TakeIdentifier(absl::string_view text) {
  if (text.empty() || absl::ascii_isdigit(text[0])) return "";
  const auto* end = std::find_if_not(text.begin(), text.end(), IsNameCharacter);
  return text.substr(0, end - text.begin());
}

// An identifier and what dots join to it, such as semantic conventions name
// attributes; up to the brace, which must follow. Empty when it does not.
absl::string_view TakeBraced(absl::string_view text) {
  const absl::string_view name = text.substr(0, text.find('}'));
  if (name.size() == text.size()) return "";
  size_t end = TakeIdentifier(name).size();
  while (end > 0 && end + 1 < name.size() && name[end] == '.' &&
         IsNameCharacter(name[end + 1])) {
    for (++end; end < name.size() && IsNameCharacter(name[end]);) ++end;
  }
  return end == name.size() ? name : "";
}

FormatPiece Field(absl::string_view name, absl::string_view written) {
  FormatPiece piece;
  piece.kind = FormatPiece::Kind::kText;
  piece.text = std::string(written);
  piece.field.name = std::string(name);
  piece.pads_str = true;
  return piece;
}

}  // namespace

absl::StatusOr<std::vector<FormatPiece>> CompileDollarStyle(
    absl::string_view format) {
  std::vector<FormatPiece> pieces;
  bool any_field = false;
  for (size_t at = 0; at < format.size();) {
    const size_t dollar = std::min(format.find('$', at), format.size());
    if (dollar > at) {
      pieces.emplace_back().text = std::string(format.substr(at, dollar - at));
    }
    if (dollar == format.size()) break;
    const absl::string_view rest = format.substr(dollar + 1);
    at = dollar + 2;
    if (!rest.empty() && rest[0] == '$') {
      pieces.emplace_back().text.push_back('$');
      continue;
    }
    const bool braced = !rest.empty() && rest[0] == '{';
    const absl::string_view name =
        braced ? TakeBraced(rest.substr(1)) : TakeIdentifier(rest);
    if (name.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "character ", CountCharacters(format.substr(0, dollar)),
          ": a '$' without a name; accepted: $name, ${name}, and $$ for a "
          "dollar sign"));
    }
    const size_t size = 1 + name.size() + (braced ? 2 : 0);
    pieces.push_back(Field(name, format.substr(dollar, size)));
    any_field = true;
    at = dollar + size;
  }
  if (!any_field) {
    return absl::InvalidArgumentError(
        "no field; at least one is required, such as ${message}");
  }
  return pieces;
}

}  // namespace logboom
