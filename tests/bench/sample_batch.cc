#include "tests/bench/sample_batch.h"

#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr char kLogger[] = "shop.cart.payment";

// OTLP's own numbers (opentelemetry/proto/logs/v1/logs.proto).
constexpr uint32_t kRequestResourceLogsField = 1;
constexpr uint32_t kResourceLogsResourceField = 1;
constexpr uint32_t kResourceLogsScopeLogsField = 2;
constexpr uint32_t kScopeLogsScopeField = 1;
constexpr uint32_t kScopeLogsRecordsField = 2;
constexpr uint32_t kResourceAttributesField = 1;
constexpr uint32_t kScopeNameField = 1;

// One element of a repeated field; without a logger where that is said
// elsewhere.
std::string Element(uint32_t field, absl::string_view logger,
                    absl::string_view body) {
  std::string element;
  MessageWriter message(&element);
  const OpenField record = message.Begin(field);
  RecordWriter writer(&element);
  writer.Time(1'700'000'000'123'456'789);
  writer.SeverityNumber(9);
  writer.SeverityText("INFO");
  writer.BodyText(body);
  writer.Attribute("code.file.path", "/srv/shop/cart/payment.cc");
  writer.AttributeInt("code.line.number", 214);
  writer.AttributeInt("order_id", 4711);
  writer.AttributeDouble("amount_eur", 129.90);
  writer.Logger(logger);
  message.End(record);
  return element;
}

// The same with a body that makes it kSampleRecordBytes long.
std::string SampleElement(uint32_t field, absl::string_view logger) {
  const size_t fixed = Element(field, logger, "").size();
  return Element(field, logger, std::string(kSampleRecordBytes - fixed, 'x'));
}

}  // namespace

std::string SampleBatch(int records) {
  const std::string record = SampleElement(kBatchRecordsField, kLogger);
  std::string batch;
  for (int i = 0; i < records; ++i) batch += record;
  return batch;
}

std::string SampleBatchOfLoggers(int first, int records) {
  std::string batch;
  for (int i = 0; i < records; ++i) {
    batch += SampleElement(kBatchRecordsField,
                           absl::StrFormat("shop.cart.p%06d", first + i));
  }
  return batch;
}

std::vector<std::string> SampleBatchesOfLoggers(int loggers, int records) {
  std::vector<std::string> batches;
  for (int first = 0; first < loggers; first += records) {
    batches.push_back(SampleBatchOfLoggers(first, records));
  }
  return batches;
}

std::string SampleExport(int records) {
  const std::string record = SampleElement(kScopeLogsRecordsField, "");
  std::string request;
  MessageWriter message(&request);
  const OpenField resource_logs = message.Begin(kRequestResourceLogsField);
  const OpenField resource = message.Begin(kResourceLogsResourceField);
  ValueWriter value(&message);
  const ValueWriter::OpenPair service =
      value.BeginPairField(kResourceAttributesField, "service.name");
  value.String("shop");
  value.EndPair(service);
  message.End(resource);
  const OpenField scope_logs = message.Begin(kResourceLogsScopeLogsField);
  const OpenField scope = message.Begin(kScopeLogsScopeField);
  message.Bytes(kScopeNameField, kLogger);
  message.End(scope);
  for (int i = 0; i < records; ++i) request += record;
  message.End(scope_logs);
  message.End(resource_logs);
  return request;
}

}  // namespace logboom
