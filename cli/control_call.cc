#include "cli/control_call.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/exit_codes.h"
#include "base/grpc_status.h"
#include "base/units.h"
#include "cli/output.h"

namespace logboom {
namespace {

// 10,000 loggers and services of 1,024 bytes each, all of them escaped, fit.
constexpr int kMaxAnswerBytes = 128 << 20;

// What the server understood and did not do, for a reason it gives.
bool IsRefusal(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) ||
         absl::IsResourceExhausted(status);
}

absl::Status WithMessage(const grpc::Status& status) {
  if (status.error_code() == grpc::StatusCode::UNIMPLEMENTED) {
    return absl::UnimplementedError(
        "the server does not know this call; is it older than this program?");
  }
  absl::Status converted = FromGrpcStatus(status);
  if (converted.ok() || !converted.message().empty()) return converted;
  return absl::Status(converted.code(),
                      absl::StatusCodeToString(converted.code()));
}

std::string BytesOf(const grpc::ByteBuffer& buffer) {
  grpc::Slice slice;
  if (!buffer.DumpToSingleSlice(&slice).ok()) return "";
  return std::string(slice.begin(), slice.end());
}

}  // namespace

void AddServerOptions(CLI::App* command, ServerOptions* options) {
  command->add_option("--server", options->server, "The server's gRPC port")
      ->capture_default_str();
  command->add_option("--timeout", options->timeout, "How long to wait")
      ->capture_default_str()
      ->check(CheckDurationText);
}

std::string CheckDurationText(const std::string& text) {
  return std::string(ParseDuration(text).status().message());
}

absl::StatusOr<std::string> CallServer(const ServerOptions& options,
                                       const std::string& method,
                                       const std::string& request) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kMaxAnswerBytes);
  grpc::GenericStub stub(grpc::CreateCustomChannel(
      options.server, grpc::InsecureChannelCredentials(), arguments));
  grpc::ClientContext context;
  context.set_deadline(
      absl::ToChronoTime(absl::Now() + *ParseDuration(options.timeout)));
  grpc::CompletionQueue queue;
  grpc::Slice bytes(request);
  const auto call = stub.PrepareUnaryCall(&context, method,
                                          grpc::ByteBuffer(&bytes, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag;
  bool ok;
  queue.Next(&tag, &ok);
  if (!status.ok()) return WithMessage(status);
  return BytesOf(answer);
}

int ReportFailedCall(const ServerOptions& options, const absl::Status& status) {
  PrintError(IsRefusal(status)
                 ? std::string(status.message())
                 : absl::StrCat(options.server, ": ", status.message()));
  return kExitFailed;
}

}  // namespace logboom
