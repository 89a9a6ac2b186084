#ifndef LOGBOOM_TESTS_TESTING_EXPORT_CLIENT_H_
#define LOGBOOM_TESTS_TESTING_EXPORT_CLIENT_H_

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <future>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"

namespace logboom {

using ExportRequest =
    opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using ExportResponse =
    opentelemetry::proto::collector::logs::v1::ExportLogsServiceResponse;

// How an Export ended.
struct ExportOutcome {
  grpc::Status status;
  ExportResponse response;
  // What the RetryInfo in the status's details says, and the one in the
  // trailing metadata.
  std::optional<absl::Duration> retry_delay;
  std::optional<absl::Duration> retry_delay_in_metadata;
};

// A client of OTLP's LogsService in the test's hands: it can send what no SDK
// would. A call lasts a minute at most. Thread-safe.
class ExportClient {
 public:
  // `server` is host:port.
  explicit ExportClient(
      const std::string& server,
      grpc_compression_algorithm compression = GRPC_COMPRESS_NONE);

  ExportOutcome Export(const ExportRequest& request) const;
  // One message of these bytes.
  ExportOutcome ExportBytes(absl::string_view request) const;

  // The same, under way when this returns.
  std::future<ExportOutcome> Start(const ExportRequest& request) const;

 private:
  std::shared_ptr<grpc::Channel> channel_;
  grpc_compression_algorithm compression_;
};

// A request of one resource, with this service.name, and one scope, with
// `records` records whose bodies are "0", "1", ...
ExportRequest MakeExport(int records = 1, const std::string& scope = "test",
                         const std::string& service = "cart");

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_EXPORT_CLIENT_H_
