#ifndef LOGBOOM_TESTS_BENCH_DISCARDING_SERVER_H_
#define LOGBOOM_TESTS_BENCH_DISCARDING_SERVER_H_

#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "logboom/v1/ingest.grpc.pb.h"

namespace logboom {

// A Publish server that acknowledges every batch at once and keeps none: what a
// client costs, without what a journal does. Batches are not decoded but for
// their sequence.
class DiscardingServer final {
 public:
  DiscardingServer();
  ~DiscardingServer();

  const std::string& address() const { return address_; }

 private:
  class Service;

  std::unique_ptr<Service> service_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_DISCARDING_SERVER_H_
