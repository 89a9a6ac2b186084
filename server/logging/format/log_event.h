#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_LOG_EVENT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_LOG_EVENT_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/wire/record_view.h"
#include "server/journal/journal.h"

namespace logboom {

// One record on its way through loggers and handlers: what it says itself and
// what the journal knows of it. Points into the reader's buffer: valid until
// the reader moves on.
struct LogEvent {
  RecordView record;
  // The logger it is handled by: the record's own name, '' for the root.
  absl::string_view logger;
  // The record's number on Python's scale, derived where it has none
  // (record.proto).
  int32_t levelno = 20;
  MapView resource;  // the session's, or an OTLP record's own
  // What surrounds a record that came by OTLP; else empty.
  MapView scope;      // its scope's attributes
  bool otlp = false;  // a structured body prints as JSON, as its producers do
  absl::Time received;
  Offset offset = 0;
};

// The name that filters compare: the record's own, which differs from the
// logger's where `tcp.logger` re-emits it under another; 'root' for the root.
// Looks through the attributes.
absl::string_view OwnName(const LogEvent& event);

// Fills in logger ('root' becomes '') and levelno from the record: its own
// levelno, else severity_number, else severity_text, else INFO.
LogEvent MakeLogEvent(const RecordView& record, MapView resource,
                      absl::Time received, Offset offset);

// The record came by OTLP (RecordView::ParseOtlp), and these are its scope's
// attributes.
inline void SetOtlpScope(const MapView& scope, LogEvent* event) {
  event->scope = scope;
  event->otlp = true;
}

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_LOG_EVENT_H_
