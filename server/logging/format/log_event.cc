#include "server/logging/format/log_event.h"

#include <optional>

namespace logboom {

LogEvent MakeLogEvent(const RecordView& record, MapView resource,
                      absl::Time received, Offset offset) {
  LogEvent event;
  event.record = record;
  event.logger = record.logger == "root" ? "" : record.logger;
  event.levelno = record.effective_levelno();
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
