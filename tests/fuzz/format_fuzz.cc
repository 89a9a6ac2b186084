// Any format of any style with any record of any source: compiling says yes or
// no, and what was accepted prints every record, whose lines after the first
// are all marked (kIndent). Formatters report missing fields on stderr: run
// with -close_fd_mask=2.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "server/logging/format/formatter.h"
#include "server/logging/format/safe_text.h"

namespace {

using logboom::FormatStyle;
using logboom::Formatter;
using logboom::FormatterOptions;
using logboom::Newlines;

// Every line but the first is marked as a continuation, and only those.
void CheckLines(absl::string_view text) {
  bool first = true;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const bool marked =
        line.substr(0, logboom::kContinuation.size()) == logboom::kContinuation;
    if (marked == first) std::abort();
    first = false;
  }
}

}  // namespace

// Byte 0 is the mode, the style and whether it came by OTLP (whose scope and
// resource then have the record's attributes), bytes 1 and 2 the sizes of
// datefmt and format; then come datefmt, format and an encoded LogRecord.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 3) return 0;
  const absl::string_view input(reinterpret_cast<const char*>(data + 3),
                                size - 3);
  FormatterOptions options;
  options.newlines = static_cast<Newlines>(data[0] % 3);
  options.style = static_cast<FormatStyle>(data[0] / 3 % 3);
  options.datefmt = std::string(input.substr(0, data[1] % 32));
  const absl::string_view rest =
      input.substr(std::min<size_t>(data[1] % 32, input.size()));
  options.format = std::string(rest.substr(0, data[2]));
  const absl::string_view encoded =
      rest.substr(std::min<size_t>(data[2], rest.size()));
  auto formatter = Formatter::Create(options, absl::UnixEpoch());
  if (!formatter.ok()) return 0;
  const auto record = logboom::RecordView::Parse(encoded);
  if (!record.ok()) return 0;
  std::string out;
  logboom::LogEvent event =
      logboom::MakeLogEvent(*record, logboom::MapView(), absl::UnixEpoch(), 0);
  event.otlp = data[0] / 9 % 2 == 1;
  if (event.otlp) event.scope = event.resource = record->attributes();
  (*formatter)->Format(event, &out);
  if (options.newlines == Newlines::kIndent) CheckLines(out);
  return 0;
}
