#include "tests/bench/export_load.h"

#include <grpcpp/client_context.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/slice.h>

#include <atomic>
#include <utility>

#include "absl/time/clock.h"
#include "base/grpc_status.h"
#include "base/status_macros.h"
#include "tests/bench/own_channel.h"

namespace logboom {
namespace {

using Stub = grpc::TemplatedGenericStub<grpc::ByteBuffer, grpc::ByteBuffer>;

grpc::ByteBuffer OneSlice(absl::string_view bytes) {
  const grpc::Slice slice(bytes.data(), bytes.size());
  return grpc::ByteBuffer(&slice, 1);
}

// Rather than ended by its client.
bool IsRefused(const grpc::Status& status) {
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::INVALID_ARGUMENT:
      return true;
    default:
      return false;
  }
}

}  // namespace

struct ExportLoad::Call {
  explicit Call(absl::Time deadline) {
    context.set_deadline(absl::ToChronoTime(deadline));
  }

  grpc::ClientContext context;
  grpc::ByteBuffer request;  // shares the bytes with all others
  grpc::ByteBuffer response;
};

// A chain of calls for each place in flight: the end of one starts the next.
class ExportLoad::Connection {
 public:
  Connection(ExportLoad* load)
      : load_(*load),
        channel_(NewOwnChannel(load->options_.address)),
        stub_(channel_),
        latencies_(static_cast<uint64_t>(load->options_.messages_each)) {}

  bool WaitForConnected(absl::Time deadline) {
    return channel_->WaitForConnected(absl::ToChronoTime(deadline));
  }
  const AckLatencies& latencies() const { return latencies_; }

  // Tells the load when there is nothing more to send, or a call failed.
  void StartNext(absl::Time deadline) {
    const int64_t number = ++started_;
    if (number > load_.options_.messages_each) {
      return load_.Done(absl::OkStatus());
    }
    Start(number, deadline);
  }

 private:
  void Start(int64_t number, absl::Time deadline) {
    auto* const call = new Call(deadline);
    call->request = load_.request_;
    latencies_.Sending(static_cast<uint64_t>(number));
    stub_.UnaryCall(&call->context, kExportMethod, {}, &call->request,
                    &call->response,
                    [this, call, deadline, number](const grpc::Status& status) {
                      delete call;
                      if (load_.options_.insists && IsRefused(status)) {
                        return Start(number, deadline);
                      }
                      if (!status.ok()) {
                        return load_.Done(FromGrpcStatus(status));
                      }
                      latencies_.Acked(static_cast<uint64_t>(number));
                      StartNext(deadline);
                    });
  }

  ExportLoad& load_;
  const std::shared_ptr<grpc::Channel> channel_;
  Stub stub_;
  AckLatencies latencies_;
  std::atomic<int64_t> started_{0};
};

ExportLoad::ExportLoad(LoadOptions options, absl::string_view request)
    : options_(std::move(options)), request_(OneSlice(request)) {
  for (int i = 0; i < options_.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(this));
  }
}

ExportLoad::~ExportLoad() {
  MutexLock lock(&mu_);
  while (running_ > 0) changed_.Wait(&mu_);
}

absl::Status ExportLoad::Open(absl::Time deadline) {
  for (const auto& connection : connections_) {
    if (!connection->WaitForConnected(deadline)) {
      return absl::DeadlineExceededError("no connection");
    }
  }
  return absl::OkStatus();
}

absl::Status ExportLoad::Send(OutputProgress*, absl::Time deadline) {
  {
    MutexLock lock(&mu_);
    running_ = options_.connections * options_.in_flight;
  }
  for (const auto& connection : connections_) {
    for (int i = 0; i < options_.in_flight; ++i) {
      connection->StartNext(deadline);
    }
  }
  MutexLock lock(&mu_);
  while (running_ > 0) changed_.Wait(&mu_);
  return failure_;
}

std::vector<absl::Duration> ExportLoad::latencies() const {
  std::vector<absl::Duration> all;
  for (const auto& connection : connections_) {
    connection->latencies().AppendTo(&all);
  }
  return all;
}

void ExportLoad::Done(const absl::Status& status) {
  MutexLock lock(&mu_);
  if (failure_.ok()) failure_ = status;
  if (--running_ == 0) changed_.NotifyAll();
}

}  // namespace logboom
