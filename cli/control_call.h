#ifndef LOGBOOM_CLI_CONTROL_CALL_H_
#define LOGBOOM_CLI_CONTROL_CALL_H_

#include <CLI/CLI.hpp>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// One question to a server, and its answer: what the commands that ask one
// share.
struct ServerOptions {
  std::string server = "localhost:4317";
  std::string timeout = "5s";  // ParseDuration reads it
};

// Adds --server and --timeout; `options` must outlive the parsing.
void AddServerOptions(CLI::App* command, ServerOptions* options);

// For CLI11's check(): empty when it is a duration.
std::string CheckDurationText(const std::string& text);

// Calls a unary method, "/logboom.v1.LogControl/SetLevel", with an encoded
// request, and returns the encoded answer. Waits at most for the timeout.
// Errors: the server's, or gRPC's; the message says something in any case.
absl::StatusOr<std::string> CallServer(const ServerOptions& options,
                                       const std::string& method,
                                       const std::string& request);

// The same for a method of LogControl with its messages.
template <typename Response, typename Request>
absl::StatusOr<Response> CallControl(const ServerOptions& options,
                                     const std::string& method,
                                     const Request& request) {
  const absl::StatusOr<std::string> answer = CallServer(
      options, "/logboom.v1.LogControl/" + method, request.SerializeAsString());
  if (!answer.ok()) return answer.status();
  Response response;
  if (!response.ParseFromString(*answer)) {
    return absl::DataLossError("the answer cannot be read");
  }
  return response;
}

// Says on stderr why a call failed: what the server refuses in its own words,
// else with the server's address. Returns the exit code.
int ReportFailedCall(const ServerOptions& options, const absl::Status& status);

}  // namespace logboom

#endif  // LOGBOOM_CLI_CONTROL_CALL_H_
