#include "proto/wire/otlp_repair.h"

#include <cstdint>

#include "proto/wire/otlp_fields.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"
#include "proto/wire/structure_walker.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

// Appends `message` to `out`; fields of this number are left to `copy`, which
// appends them anew or leaves them out.
template <typename CopyField>
void CopyFields(absl::string_view message, uint32_t field, CopyField copy,
                std::string* out) {
  TagIterator tag(message);
  while (tag.Next()) {
    if (IsBytes(tag, field)) {
      copy(tag.bytes(), out);
    } else {
      out->append(message.data() + tag.begin(), tag.end() - tag.begin());
    }
  }
}

void CopyRecord(absl::string_view record, std::string* out) {
  if (!CheckRecord(record).ok()) return;
  MessageWriter(out).Bytes(otlp::kLogRecords, record);
}

void CopyScopeLogs(absl::string_view logs, std::string* out) {
  MessageWriter writer(out);
  const OpenField field = writer.Begin(otlp::kScopeLogs);
  CopyFields(logs, otlp::kLogRecords, CopyRecord, out);
  writer.End(field);
}

void CopyResourceLogs(absl::string_view logs, std::string* out) {
  MessageWriter writer(out);
  const OpenField field = writer.Begin(otlp::kResourceLogs);
  CopyFields(logs, otlp::kScopeLogs, CopyScopeLogs, out);
  writer.End(field);
}

}  // namespace

std::string WithoutMalformedRecords(absl::string_view request) {
  std::string repaired;
  repaired.reserve(request.size());
  CopyFields(request, otlp::kResourceLogs, CopyResourceLogs, &repaired);
  return repaired;
}

}  // namespace logboom
