#ifndef LOGBOOM_PROTO_WIRE_OTLP_VIEW_H_
#define LOGBOOM_PROTO_WIRE_OTLP_VIEW_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "proto/wire/otlp_fields.h"
#include "proto/wire/record_view.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {

// Walks all LogRecords of an ExportLogsServiceRequest in their order, with the
// resource and the scope that each belongs to. Copies nothing: all it returns
// points into the bytes given, which must outlive it.
//
//   OtlpLogsView logs(request);
//   while (logs.Next()) {
//     use(RecordView::ParseOtlp(logs.record(), logs.scope_name()));
//   }
//
// A resource and a scope are found wherever they stand in their message; where
// one stands twice the first counts, so that nobody who writes it in front, as
// all do, pays for a second look. What surrounds a record is read once for all
// that it surrounds. Never reads past the end, whatever the bytes; on bytes
// that CheckExport accepts it meets every record, on others it may end early.
//
// A value: copy freely, one thread at a time.
class OtlpLogsView {
 public:
  explicit OtlpLogsView(absl::string_view request)
      : resource_logs_(request), scope_logs_(""), records_("") {}

  // Steps to the next record. False at the end.
  bool Next() {
    while (!records_.NextBytes(otlp::kLogRecords)) {
      if (!NextScopeLogs()) return false;
    }
    return true;
  }

  // Of the current record, valid after Next() returned true.
  absl::string_view record() const { return records_.bytes(); }
  absl::string_view scope_name() const { return scope_name_; }
  absl::string_view scope_version() const { return scope_version_; }
  // The attributes.
  const MapView& scope() const { return scope_; }
  const MapView& resource() const { return resource_; }
  // The same as an encoded Resource.
  absl::string_view encoded_resource() const { return encoded_resource_; }

 private:
  // Enters the next ScopeLogs, of the next ResourceLogs where there is none.
  bool NextScopeLogs();
  bool NextResourceLogs();
  void TakeScope(absl::string_view encoded);

  TagIterator resource_logs_;  // of the request
  TagIterator scope_logs_;     // of the current ResourceLogs
  TagIterator records_;        // of the current ScopeLogs
  absl::string_view scope_name_;
  absl::string_view scope_version_;
  absl::string_view encoded_resource_;
  MapView scope_;
  MapView resource_;
};

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_OTLP_VIEW_H_
