#include "server/logging/format/python_format_spec.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

bool IsOneOf(char c, absl::string_view set) {
  return c != 0 && set.find(c) != absl::string_view::npos;
}

// Takes one character of `set` off the front; 0 when there is none.
char TakeOneOf(absl::string_view set, absl::string_view* text) {
  if (text->empty() || !IsOneOf(text->front(), set)) return 0;
  const char taken = text->front();
  text->remove_prefix(1);
  return taken;
}

void TakeFillAndAlign(absl::string_view* text, FormatSpec* spec,
                      bool* has_fill) {
  constexpr absl::string_view kAligns = "<>=^";
  if (text->empty()) return;
  const Utf8Char first = DecodeUtf8(*text);
  *has_fill = first.valid && text->size() > first.size &&
              IsOneOf((*text)[first.size], kAligns);
  if (*has_fill) {
    spec->fill = first.code_point;
    text->remove_prefix(first.size);
  }
  spec->align = TakeOneOf(kAligns, text);
}

// False when the number is too large; -1 when there is none.
bool TakeNumber(absl::string_view* text, int* number) {
  for (; !text->empty() && absl::ascii_isdigit(text->front());
       text->remove_prefix(1)) {
    *number = (*number < 0 ? 0 : *number * 10) + (text->front() - '0');
    if (*number > kMaxFormatWidth) return false;
  }
  return true;
}

// Python's own default type of ints and strs is a letter; both group alike.
bool GroupingSuits(const FormatSpec& spec) {
  if (spec.grouping == 0 || spec.type == 0) return true;
  if (IsOneOf(spec.type, "deEfFgG%")) return true;
  return spec.grouping == '_' && IsOneOf(spec.type, "boxX");
}

absl::Status Bad(absl::string_view why) {
  return absl::InvalidArgumentError(why);
}

}  // namespace

absl::StatusOr<FormatSpec> ParseFormatSpec(absl::string_view text) {
  FormatSpec spec;
  spec.empty = text.empty();
  bool has_fill = false;
  TakeFillAndAlign(&text, &spec, &has_fill);
  if (has_fill && spec.fill == '\n') return Bad("a line break as fill");
  spec.sign = TakeOneOf("+- ", &text);
  spec.alternate = TakeOneOf("#", &text) != 0;
  spec.zero = !has_fill && TakeOneOf("0", &text) != 0;
  if (spec.zero) spec.fill = '0';
  if (!TakeNumber(&text, &spec.width)) {
    return Bad(absl::StrCat("width over ", kMaxFormatWidth));
  }
  spec.grouping = TakeOneOf(",_", &text);
  if (TakeOneOf(",_", &text) != 0) return Bad("two grouping signs");
  if (TakeOneOf(".", &text) != 0) {
    if (!TakeNumber(&text, &spec.precision)) {
      return Bad(absl::StrCat("precision over ", kMaxFormatWidth));
    }
    if (spec.precision < 0) return Bad("a point without a precision");
  }
  constexpr absl::string_view kTypes = "bcdeEfFgGnosxX%";
  spec.type = TakeOneOf(kTypes, &text);
  if (!text.empty()) {
    const absl::string_view wrong = text.substr(0, DecodeUtf8(text).size);
    return Bad(absl::StrCat("unexpected '", wrong,
                            "'; accepted: [[fill]<>=^][+- ][#][0][width][,_]"
                            "[.precision][bcdeEfFgGnosxX%]"));
  }
  if (!SuitsStr(spec) && !SuitsInt(spec) && !SuitsFloat(spec)) {
    return Bad("no type of value has all of this");
  }
  return spec;
}

// format_string_internal.
bool SuitsStr(const FormatSpec& spec) {
  return (spec.type == 0 || spec.type == 's') && spec.sign == 0 &&
         !spec.alternate && spec.grouping == 0 && spec.align != '=';
}

// format_long_internal.
bool SuitsInt(const FormatSpec& spec) {
  if (spec.type != 0 && !IsOneOf(spec.type, "bcdnoxX")) return false;
  if (spec.type == 'c' && (spec.sign != 0 || spec.alternate)) return false;
  return spec.precision < 0 && GroupingSuits(spec);
}

// format_float_internal.
bool SuitsFloat(const FormatSpec& spec) {
  return (spec.type == 0 || IsOneOf(spec.type, "eEfFgGn%")) &&
         GroupingSuits(spec);
}

}  // namespace logboom
