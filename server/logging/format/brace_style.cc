#include "server/logging/format/brace_style.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

// \w: letters outside ASCII all count.
bool IsWord(char c) {
  return absl::ascii_isalnum(c) || c == '_' || static_cast<signed char>(c) < 0;
}

bool AllDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isdigit(c) != 0; });
}

absl::string_view TakeWord(absl::string_view* text) {
  const auto* end = std::find_if_not(text->begin(), text->end(), IsWord);
  const absl::string_view word = text->substr(0, end - text->begin());
  text->remove_prefix(word.size());
  return word;
}

absl::Status Bad(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

// A field cut into its parts: {name!conversion:spec}.
struct BraceField {
  absl::string_view name;
  absl::string_view conversion;  // empty: none
  absl::string_view spec;
  size_t end = 0;  // behind the brace that closes it
};

// Objects/stringlib/unicode_format.h, parse_field. `begin` is behind the brace.
absl::StatusOr<BraceField> CutField(absl::string_view format, size_t begin) {
  BraceField field;
  size_t at = begin;
  for (; at < format.size() && !absl::StrContains("}:!", format[at]); ++at) {
    if (format[at] == '{') return Bad("a '{' inside a field's name");
    if (format[at] == '[') at = std::min(format.find(']', at), format.size());
  }
  if (at >= format.size()) return Bad("a '{' that nothing closes");
  field.name = format.substr(begin, at - begin);
  if (format[at] == '!') {
    ++at;
    if (at == format.size()) return Bad("a '!' at the end");
    field.conversion = format.substr(at, DecodeUtf8(format.substr(at)).size);
    at += field.conversion.size();
    if (at == format.size() || (format[at] != '}' && format[at] != ':')) {
      return Bad("a conversion that neither ':' nor '}' follows");
    }
  }
  if (format[at] == ':') {
    const size_t spec = ++at;
    for (int depth = 1; at < format.size(); ++at) {
      if (format[at] == '{') ++depth;
      if (format[at] == '}' && --depth == 0) break;
    }
    if (at == format.size()) return Bad("a '{' that nothing closes");
    field.spec = format.substr(spec, at - spec);
  }
  field.end = at + 1;
  return field;
}

// StrFormatStyle.field_spec: (\d+|\w+)(\.\w+|\[[^]]+\])*
absl::Status CompileName(absl::string_view name, FormatPiece* piece) {
  constexpr absl::string_view kBad =
      "is no name; accepted: words joined by dots, then [keys]";
  absl::string_view rest = name;
  const absl::string_view first = TakeWord(&rest);
  if (first.empty() && rest.empty()) {
    return Bad("has no name; accepted: {name}, and {{ for a brace");
  }
  if (first.empty()) return Bad(kBad);
  if (AllDigits(first)) {
    return Bad("has a number for a name; accepted: {name}");
  }
  while (absl::StartsWith(rest, ".")) {
    rest.remove_prefix(1);
    if (TakeWord(&rest).empty()) return Bad(kBad);
  }
  piece->field.name = std::string(name.substr(0, name.size() - rest.size()));
  while (!rest.empty()) {
    const size_t close = rest.find(']');
    if (rest[0] != '[' || close == absl::string_view::npos || close == 1) {
      return Bad(kBad);
    }
    FieldIndex& index = piece->indices.emplace_back();
    index.key = std::string(rest.substr(1, close - 1));
    if (AllDigits(index.key) && !absl::SimpleAtoi(index.key, &index.number)) {
      return Bad("has too large an index");
    }
    rest.remove_prefix(close + 1);
  }
  return absl::OkStatus();
}

// StrFormatStyle.fmt_spec: {name} may be the whole width or the whole
// precision. `before` is what stands in front of it.
bool MayNameField(absl::string_view before, bool first) {
  if (absl::EndsWith(before, ".") && (before.size() > 1 || !first)) return true;
  if (!first) return false;
  if (absl::EndsWith(before, "0") && !absl::EndsWith(before, ".0")) {
    before.remove_suffix(1);  // the flag
  }
  return before.empty() || !absl::ascii_isdigit(before.back());
}

absl::Status ParseSpec(absl::string_view spec, FormatPiece* piece) {
  const absl::StatusOr<FormatSpec> parsed = ParseFormatSpec(spec);
  if (!parsed.ok()) {
    return Bad(
        absl::StrCat("has a bad specification: ", parsed.status().message()));
  }
  piece->spec = *parsed;
  return absl::OkStatus();
}

// A specification that names fields: whether it is one is seen with 1 for each.
absl::Status CompileNestedSpec(absl::string_view spec, FormatPiece* piece) {
  constexpr absl::string_view kBad =
      "names fields where none may be; accepted: {name} for the width or the "
      "precision";
  std::string sample;
  while (true) {
    const size_t open = std::min(spec.find('{'), spec.size());
    const absl::string_view text = spec.substr(0, open);
    const bool first = piece->spec_texts.empty();
    piece->spec_texts.push_back(std::string(text));
    absl::StrAppend(&sample, text);
    if (!first && !text.empty() && absl::ascii_isdigit(text[0])) {
      return Bad(kBad);
    }
    if (open == spec.size()) break;
    spec.remove_prefix(open + 1);
    const absl::string_view name = TakeWord(&spec);
    if (name.empty() || AllDigits(name) || !absl::StartsWith(spec, "}") ||
        !MayNameField(text, first)) {
      return Bad(kBad);
    }
    spec.remove_prefix(1);
    sample.push_back('1');
    piece->spec_fields.push_back({std::string(name)});
  }
  return ParseSpec(sample, piece);
}

absl::Status CompileSpec(absl::string_view spec, FormatPiece* piece) {
  if (absl::StrContains(spec, '{')) {
    LOGBOOM_RETURN_IF_ERROR(CompileNestedSpec(spec, piece));
  } else {
    LOGBOOM_RETURN_IF_ERROR(ParseSpec(spec, piece));
  }
  if (piece->conversion != 0 && !SuitsStr(piece->spec)) {
    return Bad(
        "has a specification that text, which its conversion gives, "
        "cannot have");
  }
  return absl::OkStatus();
}

// A fill that would have to be escaped is left to the long way.
void NotePadding(FormatPiece* piece) {
  const FormatSpec& spec = piece->spec;
  const bool harmless =
      spec.fill >= 0x20 && spec.fill < 0x7F && spec.fill != '\\';
  piece->pads_str = piece->indices.empty() && piece->spec_fields.empty() &&
                    (piece->conversion == 0 || piece->conversion == 's') &&
                    SuitsStr(spec) && spec.precision < 0 && harmless;
  piece->width = spec.width;
  piece->align = spec.AlignOr('<');
  piece->fill = static_cast<char>(spec.fill);
}

absl::Status CompileField(const BraceField& field, FormatPiece* piece) {
  piece->kind = FormatPiece::Kind::kBrace;
  LOGBOOM_RETURN_IF_ERROR(CompileName(field.name, piece));
  if (!field.conversion.empty()) {
    piece->conversion = field.conversion[0];
    if (!absl::StrContains("rsa", field.conversion)) {
      return Bad(absl::StrCat("has an unknown conversion '", field.conversion,
                              "'; accepted: !r !s !a"));
    }
  }
  LOGBOOM_RETURN_IF_ERROR(CompileSpec(field.spec, piece));
  NotePadding(piece);
  return absl::OkStatus();
}

absl::Status At(absl::string_view format, size_t byte, absl::string_view what,
                absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("character ", CountCharacters(format.substr(0, byte)), ": ",
                   what, what.empty() ? "" : " ", why));
}

}  // namespace

absl::StatusOr<std::vector<FormatPiece>> CompileBraceStyle(
    absl::string_view format) {
  std::vector<FormatPiece> pieces;
  bool any_field = false;
  for (size_t at = 0; at < format.size();) {
    const size_t brace =
        std::min(format.find_first_of("{}", at), format.size());
    if (brace > at) {
      pieces.emplace_back().text = std::string(format.substr(at, brace - at));
    }
    if (brace == format.size()) break;
    if (brace + 1 < format.size() && format[brace + 1] == format[brace]) {
      pieces.emplace_back().text = std::string(1, format[brace]);
      at = brace + 2;
      continue;
    }
    if (format[brace] == '}') {
      return At(format, brace, "", "a single '}'; accepted: }}");
    }
    const absl::StatusOr<BraceField> field = CutField(format, brace + 1);
    if (!field.ok()) return At(format, brace, "", field.status().message());
    FormatPiece& piece = pieces.emplace_back();
    piece.text = std::string(format.substr(brace, field->end - brace));
    const absl::Status compiled = CompileField(*field, &piece);
    if (!compiled.ok()) {
      return At(format, brace, absl::StrCat("'", piece.text, "'"),
                compiled.message());
    }
    any_field = true;
    at = field->end;
  }
  if (!any_field) {
    return absl::InvalidArgumentError(
        "no field; at least one is required, such as {message}");
  }
  return pieces;
}

}  // namespace logboom
