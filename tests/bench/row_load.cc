#include "tests/bench/row_load.h"

#include "absl/strings/str_cat.h"
#include "tests/bench/export_load.h"
#include "tests/bench/frame_load.h"
#include "tests/bench/publish_load.h"
#include "tests/bench/relp_load.h"
#include "tests/bench/sample_batch.h"

namespace logboom {
namespace {

// A line as long as a sample record, in the form of RFC 3164.
std::string SyslogLine() {
  const std::string head = "<14>Nov 14 22:13:20 shop shop.cart.payment: ";
  return absl::StrCat(head, std::string(kSampleRecordBytes - head.size(), 'x'));
}

}  // namespace

std::vector<std::string> MessagesOf(const ServiceRow& row,
                                    const std::string& pickle) {
  switch (row.way) {
    case WayIn::kPublish:
    case WayIn::kBatchFrames:
      if (row.many_loggers) {
        return SampleBatchesOfLoggers(kManyLoggers, row.batch);
      }
      return {SampleBatch(row.batch)};
    case WayIn::kOtlp:
      return {SampleExport(row.batch)};
    case WayIn::kPickleFrames:
      return {pickle};
    case WayIn::kSyslog:
    case WayIn::kRelp:
      return {SyslogLine()};
  }
  return {};
}

std::unique_ptr<Load> MakeLoad(const ServiceRow& row,
                               const std::vector<std::string>& messages,
                               const std::string& address) {
  const LoadOptions options = {.address = address,
                               .connections = row.connections,
                               .in_flight = row.in_flight,
                               .messages_each = row.messages_each(),
                               .records_per_message = row.batch};
  switch (row.way) {
    case WayIn::kPublish:
      return std::make_unique<PublishLoad>(options, row.synced, messages);
    case WayIn::kOtlp:
      return std::make_unique<ExportLoad>(options, messages.front());
    case WayIn::kBatchFrames:
    case WayIn::kPickleFrames:
      return std::make_unique<FrameLoad>(options,
                                         LengthPrefixed(messages.front()));
    case WayIn::kSyslog:
      return std::make_unique<FrameLoad>(options, messages.front() + "\n");
    case WayIn::kRelp:
      return std::make_unique<RelpLoad>(options, messages.front());
  }
  return nullptr;
}

}  // namespace logboom
