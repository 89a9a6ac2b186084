// `logboom health`

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/exit_codes.h"
#include "cli/commands.h"
#include "cli/control_call.h"
#include "cli/output.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

// grpc.health.v1.HealthCheckResponse has one field: status = 1. The package
// brings no generated class for it, and three names need none.
std::string ServingStatus(absl::string_view answer) {
  TagIterator tag(answer);
  uint64_t status = 0;
  while (tag.Next()) {
    if (tag.field() == 1 && tag.type() == WireType::kVarint) {
      status = tag.varint();
    }
  }
  if (status == 1) return "SERVING";
  return status == 2 ? "NOT_SERVING" : "UNKNOWN";
}

int RunHealth(const ServerOptions& options) {
  // An empty HealthCheckRequest asks for the server as a whole.
  const absl::StatusOr<std::string> answer =
      CallServer(options, "/grpc.health.v1.Health/Check", "");
  if (!answer.ok()) return ReportFailedCall(options, answer.status());
  const std::string health = ServingStatus(*answer);
  const bool serving = health == "SERVING";
  PrintLine(Styled(health, serving ? Style::kGood : Style::kBad));
  return serving ? kExitDone : kExitFailed;
}

}  // namespace

void AddHealthCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<ServerOptions>();
  CLI::App* command = app.add_subcommand(
      "health", "Ask a server whether it serves; exit code 0 when it does");
  command->footer(
      "Examples:\n  logboom health\n  logboom health --server "
      "logs.example:4317 --timeout 1s\n");
  AddServerOptions(command, options.get());
  command->callback([options, &exit_code] { exit_code = RunHealth(*options); });
}

}  // namespace logboom
