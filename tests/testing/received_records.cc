#include "tests/testing/received_records.h"

#include <gtest/gtest.h>

#include "logboom/v1/ingest.pb.h"

namespace logboom {

ReceivedRecords::ReceivedRecords() : ingest_({}, &journal_) {
  journal_.CompleteAllFromNowOn();
  absl::StatusOr<std::unique_ptr<GrpcServer>> server =
      GrpcServer::Start({.address = {"127.0.0.1", 0}}, &ingest_);
  EXPECT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
}

ReceivedRecords::~ReceivedRecords() {
  server_ = nullptr;
  journal_.Stop();
}

std::vector<v1::LogRecord> ReceivedRecords::records() const {
  std::vector<v1::LogRecord> records;
  for (size_t i = 0; i < journal_.appends(); ++i) {
    v1::LogBatch batch;
    EXPECT_TRUE(batch.ParseFromString(std::string(journal_.entry(i).payload)));
    records.insert(records.end(), batch.records().begin(),
                   batch.records().end());
  }
  return records;
}

std::map<std::string, std::string> ReceivedRecords::Attributes(
    const v1::LogRecord& record) {
  std::map<std::string, std::string> attributes;
  for (const v1::KeyValue& attribute : record.attributes()) {
    attributes[attribute.key()] = attribute.value().ShortDebugString();
  }
  return attributes;
}

}  // namespace logboom
