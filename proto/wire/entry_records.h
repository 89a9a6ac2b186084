#ifndef LOGBOOM_PROTO_WIRE_ENTRY_RECORDS_H_
#define LOGBOOM_PROTO_WIRE_ENTRY_RECORDS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"
#include "proto/wire/otlp_view.h"
#include "proto/wire/record_view.h"

namespace logboom {

// Walks the records of a journal entry of any kind, with what surrounds each:
// how readers of the journal read an entry. Entries of other kinds than native
// and OTLP have none. Copies nothing: points into the entry's bytes.
//
//   EntryRecords records(entry);
//   while (records.Next()) use(records.Parse(), records.resource());
//
// A value: one thread at a time.
class EntryRecords {
 public:
  explicit EntryRecords(const JournalEntry& entry);

  // Steps to the next record. False at the end.
  bool Next() { return otlp_ ? logs_.Next() : batch_.Next(); }

  // Whether it came by OTLP, as all of its entry did.
  bool otlp() const { return otlp_; }

  // Of the current record, valid after Next() returned true.
  absl::string_view encoded() const {
    return otlp_ ? logs_.record() : batch_.record();
  }
  // Errors: as RecordView::Parse.
  absl::StatusOr<RecordView> Parse() const {
    return otlp_ ? RecordView::ParseOtlp(logs_.record(), logs_.scope_name())
                 : RecordView::Parse(batch_.record());
  }
  // Attributes of who sent it: the session, or an OTLP record's own resource.
  const MapView& resource() const {
    return otlp_ ? logs_.resource() : resource_;
  }
  // The same as an encoded Resource.
  absl::string_view encoded_resource() const {
    return otlp_ ? logs_.encoded_resource() : encoded_resource_;
  }
  // What else OTLP says of the scope, whose name is the record's logger; empty
  // for native records.
  const MapView& scope() const { return logs_.scope(); }
  absl::string_view scope_version() const { return logs_.scope_version(); }

 private:
  const bool otlp_;
  BatchView batch_;
  OtlpLogsView logs_;
  absl::string_view encoded_resource_;
  MapView resource_;
};

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_ENTRY_RECORDS_H_
