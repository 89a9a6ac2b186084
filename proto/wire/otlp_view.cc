#include "proto/wire/otlp_view.h"

namespace logboom {
namespace {

// The first such field; empty: there is none.
absl::string_view FirstField(absl::string_view message, uint32_t field) {
  TagIterator tag(message);
  return tag.NextBytes(field) ? tag.bytes() : absl::string_view();
}

}  // namespace

bool OtlpLogsView::NextScopeLogs() {
  while (!scope_logs_.NextBytes(otlp::kScopeLogs)) {
    if (!NextResourceLogs()) return false;
  }
  const absl::string_view logs = scope_logs_.bytes();
  TakeScope(FirstField(logs, otlp::kScope));
  records_ = TagIterator(logs);
  return true;
}

bool OtlpLogsView::NextResourceLogs() {
  if (!resource_logs_.NextBytes(otlp::kResourceLogs)) return false;
  const absl::string_view logs = resource_logs_.bytes();
  encoded_resource_ = FirstField(logs, otlp::kResource);
  resource_ = MapView(encoded_resource_, otlp::kResourceAttributes);
  scope_logs_ = TagIterator(logs);
  return true;
}

void OtlpLogsView::TakeScope(absl::string_view encoded) {
  scope_name_ = scope_version_ = absl::string_view();
  scope_ = MapView(encoded, otlp::kScopeAttributes);
  TagIterator tag(encoded);
  while (tag.Next()) {
    if (tag.type() != WireType::kBytes) continue;
    if (tag.field() == otlp::kScopeName) scope_name_ = tag.bytes();
    if (tag.field() == otlp::kScopeVersion) scope_version_ = tag.bytes();
  }
}

}  // namespace logboom
