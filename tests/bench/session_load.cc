#include "tests/bench/session_load.h"

#include <grpcpp/client_context.h>
#include <grpcpp/support/client_callback.h>

#include <atomic>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/grpc_status.h"
#include "logboom/v1/ingest.grpc.pb.h"
#include "tests/bench/own_channel.h"

namespace logboom {
namespace {

constexpr uint64_t kEpoch = 1;

}  // namespace

// A message is answered when its write is done as well, whichever comes first.
class SessionLoad::Stream final
    : public grpc::ClientBidiReactor<v1::PublishRequest, v1::PublishResponse> {
 public:
  // `number` makes its producer's id.
  Stream(SessionLoad* load, const std::shared_ptr<grpc::Channel>& channel,
         int number)
      : load_(*load), stub_(v1::LogIngest::NewStub(channel)) {
    v1::OpenSession& open = *request_.mutable_open();
    open.set_producer_id(absl::StrFormat("producer%08d", number));
    open.set_session_epoch(kEpoch);
    stub_->async()->Publish(&context_, this);
    AddHold();  // for SendNext from outside, until End()
    StartWrite(&request_);
    StartRead(&response_);
    StartCall();
  }

  // Once, after it was opened.
  void SendNext() {
    v1::LogBatch& batch = *request_.mutable_batch();
    if (sequence_ == 0) batch.ParseFromString(load_.batch_);
    batch.set_sequence(++sequence_);
    StartWrite(&request_);
  }

  // Once. OnDone follows.
  void End() {
    context_.TryCancel();
    RemoveHold();
  }

 private:
  void OnWriteDone(bool ok) override {
    if (ok) OnHalf();
  }

  void OnReadDone(bool ok) override {
    if (!ok) return load_.OnFailed(absl::UnavailableError("a session ended"));
    if (response_.has_rejected()) {
      load_.OnFailed(
          absl::InvalidArgumentError(response_.rejected().message()));
    }
    const bool answers = response_.has_opened() || response_.has_ack();
    StartRead(&response_);
    if (answers) OnHalf();
  }

  void OnHalf() {
    if (halves_.fetch_add(1) % 2 == 0) return;
    if (sequence_ == 0) {
      load_.OnOpened();
    } else {
      SendNext();
    }
  }

  void OnDone(const grpc::Status&) override { load_.OnDone(); }

  SessionLoad& load_;
  const std::unique_ptr<v1::LogIngest::Stub> stub_;
  grpc::ClientContext context_;
  v1::PublishRequest request_;
  v1::PublishResponse response_;
  uint64_t sequence_ = 0;
  std::atomic<int> halves_{0};
};

SessionLoad::SessionLoad(LoadOptions options, absl::string_view batch)
    : options_(std::move(options)), batch_(batch) {}

SessionLoad::~SessionLoad() {
  for (const auto& stream : streams_) stream->End();
  MutexLock lock(&mu_);
  while (done_ < streams_.size()) changed_.Wait(&mu_);
}

absl::Status SessionLoad::Open(absl::Time deadline) {
  for (int i = 0; i < options_.connections; ++i) {
    const std::shared_ptr<grpc::Channel> channel =
        NewOwnChannel(options_.address);
    for (int j = 0; j < options_.in_flight; ++j) {
      streams_.push_back(std::make_unique<Stream>(
          this, channel, static_cast<int>(streams_.size())));
    }
  }
  MutexLock lock(&mu_);
  while (opened_ < streams_.size() && failure_.ok()) {
    if (!changed_.WaitUntil(&mu_, deadline) && absl::Now() >= deadline) {
      return absl::DeadlineExceededError("not all sessions are open");
    }
  }
  return failure_;
}

absl::Status SessionLoad::Send(OutputProgress*, absl::Time deadline) {
  for (const auto& stream : streams_) stream->SendNext();
  MutexLock lock(&mu_);
  while (failure_.ok()) {
    if (!changed_.WaitUntil(&mu_, deadline) && absl::Now() >= deadline) {
      return absl::DeadlineExceededError("it goes on");
    }
  }
  return failure_;
}

void SessionLoad::OnOpened() {
  MutexLock lock(&mu_);
  ++opened_;
  changed_.NotifyAll();
}

void SessionLoad::OnFailed(const absl::Status& why) {
  MutexLock lock(&mu_);
  failure_.Update(why);
  changed_.NotifyAll();
}

void SessionLoad::OnDone() {
  MutexLock lock(&mu_);
  ++done_;
  changed_.NotifyAll();
}

}  // namespace logboom
