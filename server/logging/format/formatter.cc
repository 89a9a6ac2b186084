#include "server/logging/format/formatter.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/logging/format/percent_convert.h"
#include "server/logging/format/percent_format.h"
#include "server/logging/format/record_fields.h"
#include "server/logging/format/safe_text.h"
#include "server/logging/format/time_format.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

absl::Status Refused(absl::string_view format, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("format '", format, "': ", why));
}

// The format's own text. Only its line breaks are changed, and not in kRaw:
// what follows one may be a record's text, which must not begin a line.
std::string PrepareLiteral(absl::string_view text, Newlines newlines) {
  if (newlines == Newlines::kRaw) return std::string(text);
  return absl::StrReplaceAll(text, {{"\n", absl::StrCat("\n", kContinuation)}});
}

// Spaces that bring the text to the width, counted in characters.
size_t PaddingOf(absl::string_view text, int width) {
  if (width <= 0) return 0;
  const size_t size = CountCharacters(text);
  return size < static_cast<size_t>(width) ? width - size : 0;
}

class PercentFormatter : public Formatter {
 public:
  PercentFormatter(const FormatterOptions& options, absl::Time start)
      : format_(options.format.empty() ? "%(message)s" : options.format),
        newlines_(options.newlines),
        guard_first_line_(newlines_ == Newlines::kIndent ||
                          (newlines_ == Newlines::kEscape &&
                           absl::StrContains(format_, '\n'))),
        fields_(start, options.datefmt) {}

  // Before anything else.
  absl::Status Compile();

  void Format(const LogEvent& event, std::string* out) override;
  int64_t missing_fields() const override { return missing_fields_; }

 private:
  // A literal, or a field with how it looks when its value cannot be had.
  struct Piece {
    std::string text;
    bool ends_line = false;  // text ends with a line break
    int field = -1;
    PercentSpec spec;
  };

  absl::Status AddField(const PercentParser& field);
  void AppendField(const Piece& piece, std::string* out);
  void AppendPadded(absl::string_view text, const PercentSpec& spec,
                    std::string* out);
  void AppendText(absl::string_view text, std::string* out);
  void AppendBelow(absl::string_view text, std::string* out);
  void CountMissing(const Piece& piece);
  void GuardFirstLine(size_t begin, std::string* out) const;

  const std::string format_;
  const Newlines newlines_;
  const bool guard_first_line_;
  RecordFields fields_;
  std::vector<Piece> pieces_;
  int64_t missing_fields_ = 0;
  std::string scratch_;
  // Whether what Python's text would be so far ends with a line break.
  bool at_line_start_ = false;
};

absl::Status PercentFormatter::Compile() {
  PercentParser parser(format_);
  while (parser.Next()) {
    if (parser.is_field()) {
      LOGBOOM_RETURN_IF_ERROR(AddField(parser));
    } else {
      pieces_.push_back({PrepareLiteral(parser.text(), newlines_),
                         absl::EndsWith(parser.text(), "\n")});
    }
  }
  if (!parser.ok()) return Refused(format_, parser.status().message());
  if (!HasPercentField(format_)) {
    return Refused(format_,
                   "no field; at least one with a one-word name is required, "
                   "such as %(message)s");
  }
  return absl::OkStatus();
}

absl::Status PercentFormatter::AddField(const PercentParser& field) {
  const std::string where =
      absl::StrCat("character ", field.position(), ": '", field.text(), "' ");
  if (!field.has_key()) {
    return Refused(format_, absl::StrCat(where,
                                         "has no name; accepted: %(name)s, "
                                         "and %% for a percent sign"));
  }
  if (field.star_width() || field.star_precision()) {
    return Refused(format_, absl::StrCat(where, "has a *; accepted: a number"));
  }
  pieces_.push_back({PrepareLiteral(field.text(), newlines_), false,
                     fields_.Add(field.key()), field.spec()});
  return absl::OkStatus();
}

// logging.Formatter.format.
void PercentFormatter::Format(const LogEvent& event, std::string* out) {
  const size_t begin = out->size();
  fields_.Load(event);
  at_line_start_ = false;
  for (const Piece& piece : pieces_) {
    if (piece.field >= 0) {
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

void PercentFormatter::AppendField(const Piece& piece, std::string* out) {
  const std::optional<PyValue> value = fields_.Get(piece.field);
  if (value && value->kind() == PyValue::Kind::kStr &&
      piece.spec.conversion == 's' && piece.spec.precision < 0) {
    return AppendPadded(value->text(), piece.spec, out);
  }
  scratch_.clear();
  if (value && AppendConverted(piece.spec, *value, &scratch_)) {
    return AppendText(scratch_, out);
  }
  CountMissing(piece);
  out->append(piece.text);
  at_line_start_ = false;
}

// The commonest fields, without a copy in between.
void PercentFormatter::AppendPadded(absl::string_view text,
                                    const PercentSpec& spec, std::string* out) {
  const size_t padding = PaddingOf(text, spec.width);
  if (padding == 0) return AppendText(text, out);
  if (!spec.left) out->append(padding, ' ');
  AppendText(text, out);
  if (spec.left) out->append(padding, ' ');
  // Not a line break, if the text did not end with one.
  at_line_start_ = at_line_start_ && !spec.left && !text.empty();
}

void PercentFormatter::AppendText(absl::string_view text, std::string* out) {
  if (text.empty()) return;
  AppendSafe(text, newlines_, out);
  at_line_start_ = text.back() == '\n';
}

void PercentFormatter::AppendBelow(absl::string_view text, std::string* out) {
  if (text.empty()) return;
  if (!at_line_start_) AppendLineBreak(newlines_, out);
  AppendText(text, out);
}

void PercentFormatter::CountMissing(const Piece& piece) {
  if (missing_fields_++ > 0) return;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("format '", format_, "': a record has no value for ",
                        piece.text,
                        ", or none of that type; it prints as written. "
                        "Reported once, then counted"));
}

// So that a first line never looks like one that continues the record above.
void PercentFormatter::GuardFirstLine(size_t begin, std::string* out) const {
  if ((*out)[begin] != ' ') return;  // out is NUL-terminated
  if (absl::StartsWith(absl::string_view(*out).substr(begin), kContinuation)) {
    out->replace(begin, 1, "\\x20");
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<Formatter>> Formatter::Create(
    const FormatterOptions& options, absl::Time start) {
  LOGBOOM_RETURN_IF_ERROR(TimeFormat::Check(options.datefmt));
  auto formatter = std::make_unique<PercentFormatter>(options, start);
  LOGBOOM_RETURN_IF_ERROR(formatter->Compile());
  return std::unique_ptr<Formatter>(std::move(formatter));
}

}  // namespace logboom
