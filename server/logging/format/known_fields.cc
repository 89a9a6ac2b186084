#include "server/logging/format/known_fields.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"

namespace logboom {
namespace {

struct Row {
  absl::string_view name;
  absl::string_view places[3];  // empty: no more
};

constexpr Row kRows[] = {
    {"name", {"python.name"}},
    {"msg", {"python.msg"}},
    {"args", {"python.args"}},
    {"message", {}},
    {"levelno", {"python.levelno"}},
    {"levelname", {"python.levelname"}},
    {"pathname", {"python.pathname", "code.file.path", "code.filepath"}},
    {"filename", {"filename"}},
    {"module", {"module"}},
    {"lineno", {"python.lineno", "code.line.number", "code.lineno"}},
    {"funcName", {"python.funcName", "code.function.name", "code.function"}},
    {"created", {"python.created"}},
    {"msecs", {"msecs"}},
    {"relativeCreated", {"relativeCreated"}},
    {"asctime", {}},
    {"thread", {"python.thread", "thread.id"}},
    {"threadName", {"python.threadName", "thread.name"}},
    {"process", {"python.process", "process.pid"}},
    {"processName", {"processName"}},
    {"taskName", {"taskName"}},
    {"exc_info", {"exc_info"}},
    {"exc_text", {"python.exc_text", "exception.stacktrace"}},
    {"stack_info", {"stack_info"}},
    {"trace_id", {"trace_id"}},
    {"span_id", {"span_id"}},
    {"otelTraceID", {"otelTraceID"}},
    {"otelSpanID", {"otelSpanID"}},
    {"otelTraceSampled", {"otelTraceSampled"}},
    {"otelServiceName", {"otelServiceName"}},
};
static_assert(std::size(kRows) == kKnownFieldCount);

constexpr absl::string_view kMappedAttributes[] = {
    "code.file.path", "code.line.number", "code.function.name",  "thread.id",
    "thread.name",    "process.pid",      "exception.stacktrace"};

}  // namespace

std::optional<KnownField> FindKnownField(absl::string_view name) {
  for (int i = 0; i < kKnownFieldCount; ++i) {
    if (kRows[i].name == name) return static_cast<KnownField>(i);
  }
  return std::nullopt;
}

absl::Span<const absl::string_view> KnownFieldPlaces(KnownField field) {
  const auto& places = kRows[field].places;
  const auto end = std::find(std::begin(places), std::end(places), "");
  return absl::MakeConstSpan(std::begin(places), end);
}

bool IsMovedExtra(absl::string_view name) {
  return absl::StartsWith(name, "python.") ||
         std::find(std::begin(kMappedAttributes), std::end(kMappedAttributes),
                   name) != std::end(kMappedAttributes);
}

}  // namespace logboom
