#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_FIELDS_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_FIELDS_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/logging/format/attribute_slots.h"
#include "server/logging/format/known_fields.h"
#include "server/logging/format/log_event.h"
#include "server/logging/format/py_value.h"
#include "server/logging/format/record_time.h"

namespace logboom {

// The attributes of logging.LogRecord, and any other attribute of a record, by
// the names that formats use; proto/FORMAT.md, § 6.1 has the table of what is
// kept where and what is printed when it is absent. Beyond that table:
// - code.filepath, code.lineno and code.function, OpenTelemetry's older names,
//   serve where the newer ones lack;
// - process serves itself from the resource, and any other name from the scope
//   of an OTLP record, then from the resource, when the record has no such
//   attribute ("%(service.name)s");
// - trace_id and span_id are the record's, as hexadecimal digits; otelTraceID,
//   otelSpanID, otelTraceSampled and otelServiceName are what OpenTelemetry's
//   instrumentation of Python's logging gives a record: "0" for no id;
// - msg and message of an OTLP record are its body as OpenTelemetry writes
//   values that are no text (any_value_json.h), or the event's name when it has
//   no body; nothing is merged into it;
// - exc_text of an OTLP record without a stack trace is the line that would end
//   one: "exception.type: exception.message". A Python record's extras of these
//   names are extras.
//
// Tell it with Add() what will be asked for; then, for each record, one walk
// over the attributes (Load) finds all of it. Not thread-safe.
class RecordFields {
 public:
  // `start` is the zero of relativeCreated for records that bring none; an
  // empty `datefmt` is Python's default. `datefmt` must have passed
  // TimeFormat::Check().
  RecordFields(absl::Time start, absl::string_view datefmt);

  // A field's number, for Get(). Call for all before the first Load().
  int Add(absl::string_view name);

  // What Get() speaks of until the next call; `event` must live as long.
  void Load(const LogEvent& event);

  // The field's value, valid until the next Load(). nullopt when the record has
  // none and there is no default, and for an asctime that Python cannot make
  // (msecs is not a number).
  std::optional<PyValue> Get(int field);

  // What Formatter.format puts under the record; empty when there is nothing,
  // or it is not text.
  absl::string_view exc_text();
  absl::string_view stack_info() const { return TextOf(FromSlots(kStackInfo)); }

 private:
  // Where a field's value is looked for: slots, the first one filled counts.
  struct Field {
    std::string name;
    std::vector<int> slots;
  };

  void Require(KnownField field);
  int AddOther(absl::string_view name);

  std::optional<PyValue> FromSlots(int field) const;
  void LoadException(const MapView& walk);
  static absl::string_view TextOf(const std::optional<PyValue>& value);
  std::optional<PyValue> Computed(KnownField field);
  std::optional<PyValue> FromResource(absl::string_view name) const;
  std::optional<PyValue> FromAround(absl::string_view name) const;
  PyValue Msg();
  PyValue OtlpMessage();
  PyValue Message();
  PyValue Levelname();
  PyValue Filename();
  PyValue Module();
  // created as a number; nullopt when the record's own is none.
  std::optional<double> Created() const;
  std::optional<PyValue> Msecs() const;
  std::optional<PyValue> RelativeCreated() const;
  std::optional<PyValue> AsctimeText();
  std::optional<PyValue> HexId(absl::string_view id, std::string* text);
  PyValue OtelId(absl::string_view id, std::string* text);

  const double start_;  // seconds since the epoch, as Python's time.time()
  Asctime asctime_;
  std::array<bool, kKnownFieldCount> required_{};
  std::vector<Field> fields_;  // the known ones, then others
  AttributeSlots slots_;
  // What the exception of an OTLP record is made from; not among the slots, so
  // that other records do not pay for it.
  std::optional<AnyValueView> exception_type_;
  std::optional<AnyValueView> exception_message_;

  const LogEvent* event_ = nullptr;
  // Texts of the current record that had to be made.
  std::string message_;
  std::string levelname_;
  std::string trace_id_;
  std::string span_id_;
  std::string exception_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_RECORD_FIELDS_H_
