#ifndef LOGBOOM_CLI_RECORD_SINK_H_
#define LOGBOOM_CLI_RECORD_SINK_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace logboom {

// Where `logboom send` puts its records. Used from one thread.
class RecordSink {
 public:
  virtual ~RecordSink() = default;

  // A batch should not be larger, in bytes.
  virtual size_t max_batch_bytes() const = 0;

  // Hands on one batch of `count` records: an encoded LogBatch.records field,
  // any number of them one behind the other. Waits while too much is under way.
  // After an error nothing more can be sent; Close says what became of the
  // rest.
  virtual absl::Status Send(absl::string_view records, int64_t count) = 0;

  // Nothing more comes: waits for the outcome. OK, all records arrived; else
  // what did not, and why.
  virtual absl::Status Close() = 0;

  // What Close promises when it is OK, after a number of records:
  // "acknowledged".
  virtual absl::string_view promise() const = 0;
};

// A Publish session with the gRPC port of `server`, host:port, as `service`.
// Every wait for the server ends after `timeout` without news from it; a server
// that comes back by then gets what it has not acknowledged.
// Errors: UNAVAILABLE, no session could be opened.
absl::StatusOr<std::unique_ptr<RecordSink>> OpenGrpcSink(
    const std::string& server, const std::string& service,
    absl::Duration timeout);

// Protobuf frames to the raw port (proto/FORMAT.md § 5), which never answers:
// all that Close can say is that the bytes were written and that the server
// then closed in return. Errors: INVALID_ARGUMENT, `address` is not host:port;
// UNAVAILABLE, it cannot be reached.
absl::StatusOr<std::unique_ptr<RecordSink>> OpenTcpSink(
    const std::string& address, absl::Duration timeout);

}  // namespace logboom

#endif  // LOGBOOM_CLI_RECORD_SINK_H_
