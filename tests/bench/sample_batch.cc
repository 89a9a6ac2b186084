#include "tests/bench/sample_batch.h"

#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

std::string SampleRecord(absl::string_view body) {
  std::string batch;
  MessageWriter message(&batch);
  const OpenField record = message.Begin(kBatchRecordsField);
  RecordWriter writer(&batch);
  writer.Time(1'700'000'000'123'456'789);
  writer.SeverityNumber(9);
  writer.SeverityText("INFO");
  writer.BodyText(body);
  writer.Attribute("code.file.path", "/srv/shop/cart/payment.cc");
  writer.AttributeInt("code.line.number", 214);
  writer.AttributeInt("order_id", 4711);
  writer.AttributeDouble("amount_eur", 129.90);
  writer.Logger("shop.cart.payment");
  message.End(record);
  return batch;
}

}  // namespace

std::string SampleBatch(int records) {
  const size_t fixed = SampleRecord("").size();
  const std::string record =
      SampleRecord(std::string(kSampleRecordBytes - fixed, 'x'));
  std::string batch;
  for (int i = 0; i < records; ++i) batch += record;
  return batch;
}

}  // namespace logboom
