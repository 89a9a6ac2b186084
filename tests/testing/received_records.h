#ifndef LOGBOOM_TESTS_TESTING_RECEIVED_RECORDS_H_
#define LOGBOOM_TESTS_TESTING_RECEIVED_RECORDS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "logboom/v1/record.pb.h"
#include "server/ingest/grpc/grpc_server.h"
#include "server/ingest/ingest.h"
#include "tests/testing/fake_journal.h"

namespace logboom {

// A gRPC port that stores what comes in memory at once: what a client's records
// look like when they have arrived. Not thread-safe, but clients may send.
class ReceivedRecords {
 public:
  ReceivedRecords();
  ~ReceivedRecords();

  const std::string& address() const { return server_->address(); }

  // Everything that has come, in its order.
  std::vector<v1::LogRecord> records() const;

  // The records' attributes by name, as protobuf prints their values:
  // `int_value: 7`.
  static std::map<std::string, std::string> Attributes(
      const v1::LogRecord& record);

 private:
  FakeJournal journal_;
  Ingest ingest_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_RECEIVED_RECORDS_H_
