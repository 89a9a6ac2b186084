// Any bytes as an ExportLogsServiceRequest, plain or gzip: nothing is read past
// the end; what CheckExport accepts the view walks in full, to the same
// summary; without its malformed records it is accepted as it is.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "proto/wire/otlp_repair.h"
#include "proto/wire/otlp_view.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/grpc/gzip.h"
#include "tests/fuzz/fuzz_checks.h"

namespace logboom {
namespace {

constexpr size_t kInflatedLimit = 1 << 20;

void TouchPairs(MapView map) {
  while (map.Next()) {
    Touch(map.key());
    Touch(map.value().string_value());
  }
}

struct Walked {
  uint32_t good = 0;
  uint32_t malformed = 0;
  uint64_t max_time = 0;
};

Walked Walk(absl::string_view request) {
  Walked walked;
  for (OtlpLogsView logs(request); logs.Next();) {
    Touch(logs.scope_name());
    Touch(logs.scope_version());
    TouchPairs(logs.scope());
    TouchPairs(logs.resource());
    const auto record = RecordView::ParseOtlp(logs.record(), logs.scope_name());
    if (!CheckRecord(logs.record()).ok()) {
      ++walked.malformed;
      continue;
    }
    Require(record.ok());
    ++walked.good;
    walked.max_time = std::max(walked.max_time, record->time_unix_nano);
    Require(record->logger == logs.scope_name());
    TouchPairs(record->attributes());
  }
  return walked;
}

void RequireSame(const BatchSummary& a, const BatchSummary& b) {
  Require(a.record_count == b.record_count);
  Require(a.severities == b.severities);
  Require(a.min_time_unix_nano == b.min_time_unix_nano);
  Require(a.max_time_unix_nano == b.max_time_unix_nano);
}

void TryRequest(absl::string_view request) {
  MalformedRecords malformed;
  const absl::StatusOr<BatchSummary> summary = CheckExport(request, &malformed);
  const absl::StatusOr<BatchSummary> strict = CheckExport(request);
  Require(strict.ok() == (summary.ok() && malformed.count == 0));
  const Walked walked = Walk(request);
  if (!summary.ok()) return;
  Require(walked.good == summary->record_count);
  Require(walked.malformed == malformed.count);
  Require(walked.max_time == summary->max_time_unix_nano);
  if (strict.ok()) return RequireSame(*strict, *summary);
  const std::string repaired = WithoutMalformedRecords(request);
  const absl::StatusOr<BatchSummary> again = CheckExport(repaired);
  Require(again.ok());
  RequireSame(*again, *summary);
}

}  // namespace
}  // namespace logboom

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view bytes(reinterpret_cast<const char*>(data), size);
  logboom::TryRequest(bytes);
  if (logboom::IsGzip(bytes)) {
    const auto inflated = logboom::InflateGzip(bytes, logboom::kInflatedLimit);
    if (inflated.ok()) logboom::TryRequest(*inflated);
  }
  return 0;
}
