#ifndef LOGBOOM_TESTS_BENCH_EXPORT_LOAD_H_
#define LOGBOOM_TESTS_BENCH_EXPORT_LOAD_H_

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "tests/bench/ack_latencies.h"
#include "tests/bench/load.h"

namespace logboom {

// The method of OTLP's LogsService that takes records.
inline constexpr char kExportMethod[] =
    "/opentelemetry.proto.collector.logs.v1.LogsService/Export";

// One OTLP request over and over, as unary calls; `in_flight` of them at a time
// on each of the connections.
class ExportLoad final : public Load {
 public:
  // `request` is an encoded ExportLogsServiceRequest.
  ExportLoad(LoadOptions options, absl::string_view request);
  // Send() must have returned OK, or the server be gone.
  ~ExportLoad() override;

  absl::Status Open(absl::Time deadline) override;
  absl::Status Send(OutputProgress* written, absl::Time deadline) override;
  std::vector<absl::Duration> latencies() const override;

 private:
  class Connection;
  struct Call;

  void Done(const absl::Status& status) ABSL_LOCKS_EXCLUDED(mu_);

  const LoadOptions options_;
  const grpc::ByteBuffer request_;
  Mutex mu_;
  CondVar changed_;                       // signalled when running_ is 0
  int running_ ABSL_GUARDED_BY(mu_) = 0;  // calls of all connections
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_EXPORT_LOAD_H_
