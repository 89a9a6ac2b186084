#include "tests/fault/publish_producer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/session.h"

namespace logboom {
namespace {

// How much is made ahead of the acknowledgements.
constexpr size_t kWindowBytes = size_t{1} << 20;
constexpr absl::Duration kConnectPatience = absl::Seconds(20);
// After a stream ended: a server that lives may be tried again.
constexpr absl::Duration kRetryPause = absl::Milliseconds(50);
// An older stream must have ended by then.
constexpr absl::Duration kFencePatience = absl::Seconds(20);
constexpr int kMostPatienceMilliseconds = 2000;
// How many records a stream carries at full speed, and the pace after that: a
// batch each.
constexpr uint64_t kMostRecordsAtSpeed = 40'000;
constexpr absl::Duration kWalk = absl::Milliseconds(2);

std::string ProducerIdOf(int number) {
  return absl::StrCat("kill harness ", 100 + number);  // 16 bytes
}

}  // namespace

// One stream and its events. What they mean is the producer's business.
class PublishProducer::Stream final : public SessionEvents {
 public:
  Stream(PublishProducer* producer, const std::string& server)
      : producer_(*producer),
        session_(Session::Create({.server = server,
                                  .producer_id = producer->producer_id_,
                                  .epoch = producer->options_.seed | 1,
                                  .synced = producer->options_.synced},
                                 this)) {}

  Session& session() { return *session_; }

  void OnOpened(uint64_t last_sequence, int64_t) override {
    producer_.OnOpened(this, last_sequence);
  }
  void OnWritable() override { producer_.OnWritable(this); }
  void OnAck(uint64_t sequence) override { producer_.OnAck(this, sequence); }
  void OnRejected(uint64_t sequence, const absl::Status& why) override {
    producer_.OnRejected(sequence, why);
  }
  void OnDrain(absl::Duration) override { session_->CloseSending(); }
  void OnClosed(const absl::Status& why) override {
    producer_.OnClosed(this, why);
  }

  // Under the producer's lock.
  bool opened = false;
  std::optional<absl::Status> ended;

 private:
  PublishProducer& producer_;
  const std::unique_ptr<Session> session_;
};

PublishProducer::PublishProducer(const Options& options,
                                 const ServerBoard* board, Findings* findings)
    : options_(options),
      producer_id_(ProducerIdOf(options.number)),
      board_(*board),
      findings_(*findings),
      random_(options.seed),
      maker_(source(), options.seed + 1) {}

PublishProducer::~PublishProducer() {
  {
    MutexLock lock(&mu_);
    abandoned_ = true;
    changed_.NotifyAll();
  }
  if (thread_.joinable()) thread_.join();
}

RecordSource PublishProducer::source() const {
  return {RecordSource::Way::kPublish, options_.number, 0};
}

void PublishProducer::Start() {
  thread_ = std::thread([this] { Run(); });
}

void PublishProducer::Finish() {
  MutexLock lock(&mu_);
  finishing_ = true;
  if (current_ != nullptr && current_->opened) SendLocked();
}

void PublishProducer::Join(absl::Time deadline) {
  MutexLock lock(&mu_);
  while (!done_ && absl::Now() < deadline) changed_.WaitUntil(&mu_, deadline);
  if (done_) return;
  Find("not all was acknowledged in the end",
       absl::StrCat(kept_.size(), " batches left, acknowledged up to ",
                    acknowledged_));
}

PublishProducer::Totals PublishProducer::totals() const {
  MutexLock lock(&mu_);
  Totals totals = totals_;
  totals.made = maker_.made();
  totals.last_sequence = maker_.last_sequence();
  return totals;
}

void PublishProducer::Run() {
  int run = 0;
  while (true) {
    {
      MutexLock lock(&mu_);
      if (done_ || abandoned_) return;
    }
    const ServerBoard::Server server =
        board_.WaitForNewer(run, absl::Now() + kRetryPause);
    if (server.run == 0) continue;
    run = server.run;
    RunStreams(server.grpc);
  }
}

void PublishProducer::RunStreams(const std::string& server) {
  std::unique_ptr<Stream> stream = Open(server);
  while (!WaitForEnd(*stream)) {
    {
      MutexLock lock(&mu_);
      if (abandoned_) break;
    }
    std::unique_ptr<Stream> next = Open(server);
    WaitUntilFenced(*stream);
    stream = std::move(next);
  }
  absl::Status why;
  {
    MutexLock lock(&mu_);
    current_ = nullptr;
    if (!stream->ended.has_value()) return;  // abandoned
    why = *stream->ended;
    if (why.ok() && finishing_ && kept_.empty()) {
      done_ = true;
      changed_.NotifyAll();
    }
  }
  JudgeEnd(why);
}

std::unique_ptr<PublishProducer::Stream> PublishProducer::Open(
    const std::string& server) {
  auto stream = std::make_unique<Stream>(this, server);
  {
    MutexLock lock(&mu_);
    current_ = stream.get();
    allowed_records_ =
        maker_.made().records + std::uniform_int_distribution<uint64_t>(
                                    1, kMostRecordsAtSpeed)(random_);
  }
  stream->session().Connect(absl::Now() + kConnectPatience);
  return stream;
}

bool PublishProducer::WaitForEnd(const Stream& stream) {
  const int patience =
      std::uniform_int_distribution<int>(1, kMostPatienceMilliseconds)(random_);
  const absl::Time deadline = absl::Now() + absl::Milliseconds(patience);
  MutexLock lock(&mu_);
  // One that is not up yet might reach the server behind a newer one.
  while (!stream.ended.has_value() && !abandoned_ &&
         (finishing_ || !stream.opened || absl::Now() < deadline)) {
    changed_.WaitUntil(&mu_, absl::Now() + kWalk);
    WalkLocked();
  }
  return stream.ended.has_value();
}

void PublishProducer::WalkLocked() {
  if (maker_.made().records < allowed_records_) return;
  allowed_records_ = maker_.made().records + 1;
  SendLocked();
}

void PublishProducer::WaitUntilFenced(const Stream& stream) {
  const absl::Time deadline = absl::Now() + kFencePatience;
  MutexLock lock(&mu_);
  while (!stream.ended.has_value() && !abandoned_ && absl::Now() < deadline) {
    changed_.WaitUntil(&mu_, deadline);
  }
  if (!stream.ended.has_value()) {
    Find("a stream was not ended by a newer one", "still open");
  } else if (absl::IsAborted(*stream.ended)) {
    ++totals_.fenced_streams;
  } else if (!absl::IsUnavailable(*stream.ended) && !stream.ended->ok()) {
    Find("a stream with a newer one ended otherwise than ABORTED",
         stream.ended->ToString());
  }
}

void PublishProducer::JudgeEnd(const absl::Status& why) {
  if (why.ok() || absl::IsUnavailable(why)) return;
  Find("a stream ended otherwise than UNAVAILABLE", why.ToString());
}

void PublishProducer::OnOpened(Stream* stream, uint64_t last_sequence) {
  MutexLock lock(&mu_);
  stream->opened = true;
  ++totals_.opened_streams;
  if (stream != current_) return;
  if (last_sequence < acknowledged_) {
    Find("an acknowledged batch is not stored",
         absl::StrCat("last_sequence ", last_sequence, " after ack ",
                      acknowledged_));
  }
  if (last_sequence > greatest_sent_) {
    Find("a batch is stored that was not sent",
         absl::StrCat("last_sequence ", last_sequence, ", sent up to ",
                      greatest_sent_));
  }
  SettleLocked(last_sequence);
  sent_on_current_ = last_sequence;
  SendLocked();
}

void PublishProducer::OnWritable(Stream* stream) {
  MutexLock lock(&mu_);
  if (stream == current_) SendLocked();
}

void PublishProducer::OnAck(Stream* stream, uint64_t sequence) {
  MutexLock lock(&mu_);
  if (sequence > greatest_sent_) {
    Find("a batch is acknowledged that was not sent", absl::StrCat(sequence));
  }
  SettleLocked(sequence);
  if (stream == current_) SendLocked();
}

void PublishProducer::OnRejected(uint64_t sequence, const absl::Status& why) {
  MutexLock lock(&mu_);
  const auto batch = kept_.find(sequence);
  // An older stream may say so when the newer one has settled it.
  if (batch == kept_.end() || batch->second.malformed) return;
  Find("a good batch was rejected",
       absl::StrCat(sequence, ": ", why.ToString()));
}

void PublishProducer::OnClosed(Stream* stream, const absl::Status& why) {
  MutexLock lock(&mu_);
  stream->ended = why;
  changed_.NotifyAll();
}

void PublishProducer::SettleLocked(uint64_t sequence) {
  acknowledged_ = std::max(acknowledged_, sequence);
  while (!kept_.empty() && kept_.begin()->first <= sequence) {
    const SentBatch& batch = kept_.begin()->second;
    totals_.acknowledged_records = batch.last_record;
    kept_bytes_ -= batch.payload.size();
    kept_.erase(kept_.begin());
  }
}

void PublishProducer::SendLocked() {
  if (!current_->opened) return;
  while (const SentBatch* batch = NextLocked()) {
    const bool again = batch->sequence <= greatest_sent_;
    if (!current_->session().Send(batch->sequence, batch->payload)) {
      return;
    }
    sent_on_current_ = batch->sequence;
    greatest_sent_ = std::max(greatest_sent_, batch->sequence);
    if (again) ++totals_.resent_batches;
  }
  if (finishing_ && kept_.empty()) current_->session().CloseSending();
}

const SentBatch* PublishProducer::NextLocked() {
  const auto next = kept_.upper_bound(sent_on_current_);
  if (next != kept_.end()) return &next->second;
  if (finishing_ || kept_bytes_ >= kWindowBytes ||
      maker_.made().records >= allowed_records_) {
    return nullptr;
  }
  SentBatch batch = maker_.Make();
  kept_bytes_ += batch.payload.size();
  const uint64_t sequence = batch.sequence;
  return &kept_.emplace(sequence, std::move(batch)).first->second;
}

void PublishProducer::Find(absl::string_view what, absl::string_view example) {
  findings_.Add(absl::StrCat("publish: ", what),
                absl::StrCat("producer ", options_.number, ": ", example));
}

}  // namespace logboom
