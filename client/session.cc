#include "client/session.h"

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <cstdlib>
#include <utility>

#include "base/mutex.h"
#include "base/random_bytes.h"
#include "client/publish_call.h"
#include "client/publish_encoding.h"
#include "client/serial_runner.h"

namespace logboom {
namespace {

constexpr size_t kProducerIdBytes = 16;

SessionOptions WithIdentity(SessionOptions options) {
  if (options.producer_id.empty()) {
    options.producer_id.resize(kProducerIdBytes);
    FillRandom(options.producer_id.data(), kProducerIdBytes);
  }
  if (options.epoch == 0) FillRandom(&options.epoch, sizeof(options.epoch));
  return options;
}

// A channel that shares no connection and no memory of failed attempts with any
// other: when to try again is the owner's decision, not gRPC's back-off's.
std::shared_ptr<grpc::Channel> NewChannel(const std::string& server) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  // A server that went away without a word is noticed after the sum of the two.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  return grpc::CreateCustomChannel(server, grpc::InsecureChannelCredentials(),
                                   arguments);
}

class SessionImpl final : public Session {
 public:
  SessionImpl(SessionOptions options, SessionEvents* events)
      : options_(WithIdentity(std::move(options))), events_(*events) {}

  ~SessionImpl() override {
    {
      MutexLock lock(&mu_);
      if (open_ != nullptr) open_->Cancel();
      while (open_ != nullptr) closed_.Wait(&mu_);
    }
    runner_.WaitUntilIdle();
  }

  void Connect(absl::Time deadline) override ABSL_LOCKS_EXCLUDED(mu_);
  bool Send(uint64_t sequence, const absl::Cord& batch) override
      ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return open_ != nullptr && open_->Send(sequence, batch);
  }
  void ConfirmLevels(uint64_t version) override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (open_ != nullptr) open_->ConfirmLevels(version);
  }
  void CloseSending() override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (open_ != nullptr) open_->CloseSending();
  }
  void Cancel() override ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    if (open_ != nullptr) open_->Cancel();
  }

  const std::string& producer_id() const override {
    return options_.producer_id;
  }

 private:
  // The open call's last event, in the runner.
  void OnCallClosed(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);

  const SessionOptions options_;
  SessionEvents& events_;
  SerialRunner runner_;
  Mutex mu_;
  CondVar closed_;  // signalled when open_ becomes null
  std::unique_ptr<PublishCall> open_ ABSL_GUARDED_BY(mu_);
  // The call before, kept because its channel must not be destroyed on a gRPC
  // thread as the last one of the process: gRPC would wait for that thread.
  std::unique_ptr<PublishCall> ended_ ABSL_GUARDED_BY(mu_);
};

void SessionImpl::Connect(absl::Time deadline) {
  auto call = std::make_unique<PublishCall>(
      NewChannel(options_.server), &events_, &runner_,
      [this](const absl::Status& why) { OnCallClosed(why); });
  std::unique_ptr<PublishCall> previous;  // destroyed last, without the lock
  MutexLock lock(&mu_);
  if (open_ != nullptr) abort();  // the caller's error: two streams
  open_ = std::move(call);
  open_->Start(EncodeOpenRequest(options_), deadline);
  previous = std::move(ended_);
}

void SessionImpl::OnCallClosed(const absl::Status& why) {
  {
    MutexLock lock(&mu_);
    ended_ = std::move(open_);
    closed_.NotifyAll();
  }
  events_.OnClosed(why);
}

}  // namespace

std::unique_ptr<Session> Session::Create(SessionOptions options,
                                         SessionEvents* events) {
  return std::make_unique<SessionImpl>(std::move(options), events);
}

}  // namespace logboom
