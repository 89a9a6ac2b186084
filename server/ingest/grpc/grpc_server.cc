#include "server/ingest/grpc/grpc_server.h"

#include <grpc/support/log.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "base/diagnostics.h"
#include "base/named_thread.h"
#include "base/status_macros.h"
#include "server/ingest/grpc/message_bytes.h"
#include "server/ingest/grpc/probe_address.h"
#include "server/ingest/grpc/stream_window.h"

namespace logboom {
namespace {

// Larger than HTTP/2's 16 KiB, so that a batch comes in few frames.
constexpr int kFrameBytes = 1 << 20;
constexpr int kMaxStreamsPerConnection = 1000;
// A peer that went away without a word is noticed after the sum of the two.
constexpr int kKeepaliveTimeMs = 60'000;
constexpr int kKeepaliveTimeoutMs = 20'000;
// Clients may ask as often whether this server is there, data or not.
constexpr int kLeastPingIntervalMs = 5'000;

void SetTransportLimits(grpc::ServerBuilder& builder) {
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // The window is fixed, because the bytes that gRPC holds for a stream that is
  // not read are part of what admission bounds.
  builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES,
                             static_cast<int>(kStreamWindowBytes));
  builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, kFrameBytes);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             kMaxStreamsPerConnection);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveTimeMs);
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             kKeepaliveTimeoutMs);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      kLeastPingIntervalMs);
  // gRPC would inflate a message first and look at its size then.
  builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
}

// What gRPC itself may hold: read buffers, and messages that are not here
// whole. Admission keeps it below that; the limit is for clients that all begin
// at once, or never end a message. On the way to it gRPC gives up spare read
// buffers, at it it ends streams, RESOURCE_EXHAUSTED, and takes no connection.
void SetMemoryLimit(grpc::ServerBuilder& builder, const IngestOptions& limits) {
  constexpr int64_t kLeastBytes = int64_t{64} << 20;
  grpc::ResourceQuota quota("logboom");
  quota.Resize(static_cast<size_t>(
      std::max({limits.ingest_bytes + limits.ingest_bytes / 4,
                4 * limits.batch_bytes, kLeastBytes})));
  builder.SetResourceQuota(quota);
}

void WriteGrpcLog(gpr_log_func_args* args) {
  DiagnosticLevel level = DiagnosticLevel::kInfo;
  if (args->severity == GPR_LOG_SEVERITY_ERROR) {
    level = DiagnosticLevel::kError;
  }
  Diagnose(level, absl::StrCat("grpc: ", args->message));
}

}  // namespace

absl::StatusOr<std::unique_ptr<GrpcServer>> GrpcServer::Start(
    const GrpcServerOptions& options, Ingest* ingest) {
  // These are switches for every server of the process; setting them again
  // changes nothing.
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // Debian's Abseil looks for deadlocks at each of gRPC's locks: 3.6% of the
  // CPU of batches of 1 on 64 connections (perf record -e cpu-clock).
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  std::unique_ptr<GrpcServer> server(new GrpcServer(options, ingest));
  LOGBOOM_RETURN_IF_ERROR(server->Listen(options, ingest->options()));
  return server;
}

GrpcServer::GrpcServer(const GrpcServerOptions& options, Ingest* ingest)
    : retry_after_(options.retry_after),
      publish_(ingest, options.observer),
      otlp_(ingest, options.retry_after),
      admission_(ingest->admission()),
      ticker_(NamedThread("admission", [this] {
        while (admission_.AwaitTick()) admission_.Tick();
      })) {}

GrpcServer::~GrpcServer() {
  if (server_ != nullptr) Shutdown(absl::InfinitePast());
  admission_.Stop();
  ticker_.join();
}

absl::Status GrpcServer::Listen(const GrpcServerOptions& options,
                                const IngestOptions& ingest) {
  const std::string wanted = options.address.ToString();
  // gRPC says only that it failed.
  if (absl::Status status = ProbeAddress(options.address); !status.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on grpc ", wanted, ": ", status.message()));
  }
  grpc::ServerBuilder builder;
  int bound_port = 0;
  builder.AddListeningPort(wanted, grpc::InsecureServerCredentials(),
                           &bound_port);
  builder.SetMaxReceiveMessageSize(
      static_cast<int>(MessageLimit(ingest.batch_bytes)));
  SetTransportLimits(builder);
  SetMemoryLimit(builder, ingest);
  builder.RegisterService(&publish_);
  builder.RegisterService(&otlp_);
  for (grpc::Service* service : options.services) {
    builder.RegisterService(service);
  }
  server_ = builder.BuildAndStart();
  if (server_ == nullptr) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot listen on grpc ", wanted));
  }
  port_ = static_cast<uint16_t>(bound_port);
  address_ = HostPort{options.address.host, port_}.ToString();
  return absl::OkStatus();
}

void GrpcServer::Shutdown(absl::Time deadline) {
  server_->GetHealthCheckService()->Shutdown();
  publish_.Drain(retry_after_);
  otlp_.Drain();
  // gRPC takes a time before 1970 for one that never comes.
  server_->Shutdown(absl::ToChronoTime(std::max(deadline, absl::UnixEpoch())));
  server_->Wait();
}

void SendGrpcLogToDiagnostics() { gpr_set_log_function(WriteGrpcLog); }

}  // namespace logboom
