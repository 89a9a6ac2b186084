#include "server/logging/format/formatter.h"

#include <optional>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/logging/format/brace_style.h"
#include "server/logging/format/dollar_style.h"
#include "server/logging/format/field_text.h"
#include "server/logging/format/percent_style.h"
#include "server/logging/format/safe_text.h"
#include "server/logging/format/time_format.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

using Kind = FormatPiece::Kind;

absl::StatusOr<std::vector<FormatPiece>> Compile(FormatStyle style,
                                                 absl::string_view format) {
  switch (style) {
    case FormatStyle::kBrace:
      return CompileBraceStyle(format);
    case FormatStyle::kDollar:
      return CompileDollarStyle(format);
    default:
      return CompilePercentStyle(format);
  }
}

// The format's own text. Only its line breaks are changed, and not in kRaw:
// what follows one may be a record's text, which must not begin a line.
void PrepareText(Newlines newlines, FormatPiece* piece) {
  piece->ends_line =
      piece->kind == Kind::kLiteral && absl::EndsWith(piece->text, "\n");
  if (newlines == Newlines::kRaw) return;
  piece->text = absl::StrReplaceAll(
      piece->text, {{"\n", absl::StrCat("\n", kContinuation)}});
}

// Characters that bring the text to the width.
size_t PaddingOf(absl::string_view text, int width) {
  const size_t size = CountCharacters(text);
  return size < static_cast<size_t>(width) ? width - size : 0;
}

}  // namespace

std::string DefaultFormat(FormatStyle style) {
  switch (style) {
    case FormatStyle::kBrace:
      return "{message}";
    case FormatStyle::kDollar:
      return "${message}";
    default:
      return "%(message)s";
  }
}

absl::StatusOr<std::unique_ptr<Formatter>> Formatter::Create(
    const FormatterOptions& given, absl::Time start) {
  FormatterOptions options = given;
  if (options.format.empty()) {
    options.format = DefaultFormat(options.style);
  }
  LOGBOOM_RETURN_IF_ERROR(TimeFormat::Check(options.datefmt));
  absl::StatusOr<std::vector<FormatPiece>> pieces =
      Compile(options.style, options.format);
  if (!pieces.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "format '", options.format, "': ", pieces.status().message()));
  }
  return absl::WrapUnique(new Formatter(options, *std::move(pieces), start));
}

Formatter::Formatter(const FormatterOptions& options,
                     std::vector<FormatPiece> pieces, absl::Time start)
    : format_(options.format),
      newlines_(options.newlines),
      guard_first_line_(
          newlines_ == Newlines::kIndent ||
          (newlines_ == Newlines::kEscape && absl::StrContains(format_, '\n'))),
      fields_(start, options.datefmt),
      pieces_(std::move(pieces)) {
  for (FormatPiece& piece : pieces_) {
    PrepareText(newlines_, &piece);
    AddFields(&piece, &fields_);
  }
}

// logging.Formatter.format.
void Formatter::Format(const LogEvent& event, std::string* out) {
  const size_t begin = out->size();
  fields_.Load(event);
  at_line_start_ = false;
  for (const FormatPiece& piece : pieces_) {
    if (piece.kind != Kind::kLiteral) {
      AppendField(piece, out);
    } else {
      out->append(piece.text);
      at_line_start_ = piece.ends_line;
    }
  }
  AppendBelow(fields_.exc_text(), out);
  AppendBelow(fields_.stack_info(), out);
  if (guard_first_line_) GuardFirstLine(begin, out);
}

void Formatter::AppendField(const FormatPiece& piece, std::string* out) {
  const std::optional<PyValue> value = fields_.Get(piece.field.number);
  if (value && piece.pads_str && value->kind() == PyValue::Kind::kStr) {
    return piece.width <= 0 ? AppendText(value->text(), out)
                            : AppendPadded(value->text(), piece, out);
  }
  scratch_.clear();
  if (value && AppendFieldText(piece, *value, &fields_, &scratch_)) {
    return AppendText(scratch_, out);
  }
  CountMissing(piece);
  out->append(piece.text);
  at_line_start_ = false;
}

// The commonest fields, without a copy in between.
void Formatter::AppendPadded(absl::string_view text, const FormatPiece& piece,
                             std::string* out) {
  const size_t padding = PaddingOf(text, piece.width);
  if (padding == 0) return AppendText(text, out);
  const auto before = static_cast<size_t>(
      PaddingBefore(piece.align, static_cast<int64_t>(padding)));
  if (before > 0) out->append(before, piece.fill);
  AppendText(text, out);
  if (before < padding) out->append(padding - before, piece.fill);
  // Not a line break, if the text did not end with one.
  at_line_start_ = at_line_start_ && before == padding && !text.empty();
}

void Formatter::AppendText(absl::string_view text, std::string* out) {
  if (text.empty()) return;
  AppendSafe(text, newlines_, out);
  at_line_start_ = text.back() == '\n';
}

void Formatter::AppendBelow(absl::string_view text, std::string* out) {
  if (text.empty()) return;
  if (!at_line_start_) AppendLineBreak(newlines_, out);
  AppendText(text, out);
}

void Formatter::CountMissing(const FormatPiece& piece) {
  if (missing_fields_++ > 0) return;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("format '", format_, "': a record has no value for ",
                        piece.text,
                        ", or none of that type; it prints as written. "
                        "Reported once, then counted"));
}

// So that a first line never looks like one that continues the record above.
void Formatter::GuardFirstLine(size_t begin, std::string* out) const {
  if ((*out)[begin] != ' ') return;  // out is NUL-terminated
  if (absl::StartsWith(absl::string_view(*out).substr(begin), kContinuation)) {
    out->replace(begin, 1, "\\x20");
  }
}

}  // namespace logboom
