#ifndef LOGBOOM_TESTS_BENCH_GRPC_FLOOR_H_
#define LOGBOOM_TESTS_BENCH_GRPC_FLOOR_H_

#include <grpcpp/impl/service_type.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>

#include "tests/bench/written_once.h"

namespace logboom {

// What gRPC costs by itself: a server with logboomd's transport settings that
// writes every message to a file as it came and answers at once: each batch of
// a Publish stream with an ack, each Export with an empty response. Messages
// are not looked into: the first one of a stream must be its OpenSession, the
// others batches numbered from 1.
class GrpcFloor final {
 public:
  // `file` must outlive it. Fails by ending the program.
  explicit GrpcFloor(const WrittenOnce* file);
  ~GrpcFloor();

  const std::string& address() const { return address_; }

 private:
  std::unique_ptr<grpc::Service> publish_;
  std::unique_ptr<grpc::Service> export_;
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_GRPC_FLOOR_H_
