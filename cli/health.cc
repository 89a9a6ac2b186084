// `logboom health`

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/exit_codes.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

struct HealthOptions {
  std::string server = "localhost:4317";
  std::string timeout = "5s";
};

// grpc.health.v1.HealthCheckResponse has one field: status = 1. The package
// brings no generated class for it, and three names need none.
std::string ServingStatus(const grpc::ByteBuffer& answer) {
  grpc::Slice slice;
  if (!answer.DumpToSingleSlice(&slice).ok()) return "UNKNOWN";
  TagIterator tag(absl::string_view(
      reinterpret_cast<const char*>(slice.begin()), slice.size()));
  uint64_t status = 0;
  while (tag.Next()) {
    if (tag.field() == 1 && tag.type() == WireType::kVarint) {
      status = tag.varint();
    }
  }
  if (status == 1) return "SERVING";
  return status == 2 ? "NOT_SERVING" : "UNKNOWN";
}

// An empty HealthCheckRequest asks for the server as a whole.
absl::StatusOr<std::string> CheckHealth(const HealthOptions& options) {
  grpc::GenericStub stub(
      grpc::CreateChannel(options.server, grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  context.set_deadline(
      absl::ToChronoTime(absl::Now() + *ParseDuration(options.timeout)));
  grpc::CompletionQueue queue;
  grpc::Slice empty;
  const auto call =
      stub.PrepareUnaryCall(&context, "/grpc.health.v1.Health/Check",
                            grpc::ByteBuffer(&empty, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  LOGBOOM_RETURN_IF_ERROR(FromGrpcStatus(status));
  return ServingStatus(answer);
}

int RunHealth(const HealthOptions& options) {
  const absl::StatusOr<std::string> health = CheckHealth(options);
  if (!health.ok()) {
    PrintError(absl::StrCat(options.server, ": ", health.status().message()));
    return kExitFailed;
  }
  const bool serving = *health == "SERVING";
  PrintLine(Styled(*health, serving ? Style::kGood : Style::kBad));
  return serving ? kExitDone : kExitFailed;
}

std::string CheckTimeout(const std::string& text) {
  return std::string(ParseDuration(text).status().message());
}

}  // namespace

void AddHealthCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<HealthOptions>();
  CLI::App* command = app.add_subcommand(
      "health", "Ask a server whether it serves; exit code 0 when it does");
  command->footer(
      "Examples:\n  logboom health\n  logboom health --server "
      "logs.example:4317 --timeout 1s\n");
  command->add_option("--server", options->server, "The server's gRPC port")
      ->capture_default_str();
  command->add_option("--timeout", options->timeout, "How long to wait")
      ->capture_default_str()
      ->check(CheckTimeout);
  command->callback([options, &exit_code] { exit_code = RunHealth(*options); });
}

}  // namespace logboom
