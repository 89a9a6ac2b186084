#include "server/logging/format/log_event.h"

#include <optional>

#include "proto/wire/level.h"

namespace logboom {
namespace {

int32_t DeriveLevelno(const RecordView& record) {
  if (record.levelno) return *record.levelno;
  if (record.severity_number >= 1 && record.severity_number <= 24) {
    return LevelnoFromSeverity(record.severity_number);
  }
  const std::optional<int32_t> named = SeverityFromText(record.severity_text);
  return named ? LevelnoFromSeverity(*named) : kLevelInfo;
}

}  // namespace

LogEvent MakeLogEvent(const RecordView& record, MapView resource,
                      absl::Time received, Offset offset) {
  LogEvent event;
  event.record = record;
  event.logger = record.logger == "root" ? "" : record.logger;
  event.levelno = DeriveLevelno(record);
  event.resource = resource;
  event.received = received;
  event.offset = offset;
  return event;
}

absl::string_view OwnName(const LogEvent& event) {
  const std::optional<AnyValueView> own =
      event.record.attributes().Find("python.name");
  if (own && own->kind() == AnyValueView::Kind::kString) {
    return own->string_value();
  }
  return event.logger.empty() ? "root" : event.logger;
}

}  // namespace logboom
