#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/logging/format/format_piece.h"
#include "server/logging/format/log_event.h"
#include "server/logging/format/record_fields.h"
#include "server/logging/logging_options.h"

namespace logboom {

// Of a formatter that names none: the message field alone.
std::string DefaultFormat(FormatStyle style);

// Turns a record into text as logging.Formatter of CPython 3.11 does, byte for
// byte: formats of the three styles over every LogRecord attribute and any
// extra by name, datefmt, exc_text and stack_info appended. Deliberate
// differences:
// - text cannot be forged (FormatterOptions::newlines, safe_text.h). But for
//   kRaw, line breaks of the format itself begin continuation lines too, since
//   a record's text may follow them;
// - a field that the record lacks, or whose value Python cannot print so (a str
//   for %d), prints as written ("%(x)d") instead of losing the record; so do
//   values that python_format.h says are not done;
// - dotted names are names ("%(http.request.method)s", "{http.request.method}",
//   "${http.request.method}"): CPython has no such names in $, looks attributes
//   of values up in {, and wants a field of one word beside them in %;
// - an unnamed %s (in Python the whole record's dict), a `*`, and widths and
//   precisions over 10,000 are refused.
// record_fields.h says where each field's value comes from.
//
// Not thread-safe: each handler has its own, with its caches.
class Formatter {
 public:
  // Compiles the format. `start` is the zero of relativeCreated for records
  // that bring none.
  // Errors: INVALID_ARGUMENT, what CPython refuses or what would fail at every
  // record (a bad conversion, an incomplete field), saying what and where.
  static absl::StatusOr<std::unique_ptr<Formatter>> Create(
      const FormatterOptions& options, absl::Time start);

  // Appends the record's text, without a line end after it.
  void Format(const LogEvent& event, std::string* out);

  // How often a field was missing so far. The first time it is also reported,
  // in one diagnostic line.
  int64_t missing_fields() const { return missing_fields_; }

 private:
  Formatter(const FormatterOptions& options, std::vector<FormatPiece> pieces,
            absl::Time start);

  void AppendField(const FormatPiece& piece, std::string* out);
  void AppendPadded(absl::string_view text, const FormatPiece& piece,
                    std::string* out);
  void AppendText(absl::string_view text, std::string* out);
  void AppendBelow(absl::string_view text, std::string* out);
  void CountMissing(const FormatPiece& piece);
  void GuardFirstLine(size_t begin, std::string* out) const;

  const std::string format_;
  const Newlines newlines_;
  const bool guard_first_line_;
  RecordFields fields_;
  std::vector<FormatPiece> pieces_;
  int64_t missing_fields_ = 0;
  std::string scratch_;
  // Whether what Python's text would be so far ends with a line break.
  bool at_line_start_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_FORMATTER_H_
