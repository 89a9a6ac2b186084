#include "client/session.h"

#include <gmock/gmock.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <deque>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "logboom/v1/ingest.grpc.pb.h"
#include "proto/wire/record_writer.h"
#include "server/ingest/grpc/grpc_server.h"
#include "tests/testing/fake_journal.h"
#include "tests/testing/hand_listener.h"
#include "tests/testing/raw_publish_client.h"

namespace logboom {
namespace {

using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr int64_t kBatchBytes = 64 << 10;

// Keeps a session's events as text, for the test to take one by one.
class EventLog final : public SessionEvents {
 public:
  void OnOpened(uint64_t last_sequence, int64_t max_batch_bytes) override {
    Add(absl::StrCat("opened ", last_sequence, " ", max_batch_bytes));
  }
  void OnWritable() override { Add("writable"); }
  void OnAck(uint64_t sequence) override {
    Add(absl::StrCat("ack ", sequence));
  }
  void OnRejected(uint64_t sequence, const absl::Status& why) override {
    Add(absl::StrCat("rejected ", sequence, " ", why.ToString()));
  }
  void OnLevels(uint64_t version,
                const std::vector<PushedLevel>& levels) override {
    std::string text = absl::StrCat("levels ", version);
    for (const PushedLevel& level : levels) {
      absl::StrAppend(&text, " ", level.logger, "=", level.levelno, " for ",
                      absl::FormatDuration(level.expires_in));
    }
    Add(text);
  }
  void OnDrain(absl::Duration retry_after) override {
    Add(absl::StrCat("drain ", absl::FormatDuration(retry_after)));
  }
  void OnClosed(const absl::Status& why) override {
    Add(absl::StrCat("closed ", why.ToString()));
    if (then_connect_ != nullptr) {
      std::exchange(then_connect_, nullptr)
          ->Connect(absl::Now() + absl::Minutes(1));
    }
  }

  // From the next OnClosed this session is connected again.
  void ConnectOnceClosed(Session* session) { then_connect_ = session; }

  // The next event; "nothing" after a minute.
  std::string Next() {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    MutexLock lock(&mu_);
    while (events_.empty()) {
      if (!added_.WaitUntil(&mu_, deadline) && events_.empty()) {
        return "nothing";
      }
    }
    std::string next = std::move(events_.front());
    events_.pop_front();
    return next;
  }

  bool HasNext() {
    MutexLock lock(&mu_);
    return !events_.empty();
  }

  // The next event that is not "writable": when that comes depends on when gRPC
  // has handed a batch on.
  std::string NextNews() {
    std::string next;
    while ((next = Next()) == "writable") {
    }
    return next;
  }

 private:
  void Add(std::string event) {
    MutexLock lock(&mu_);
    events_.push_back(std::move(event));
    added_.NotifyAll();
  }

  Session* then_connect_ = nullptr;
  Mutex mu_;
  CondVar added_;
  std::deque<std::string> events_ ABSL_GUARDED_BY(mu_);
};

absl::Cord Records(int count) {
  std::string records;
  MessageWriter batch(&records);
  for (int i = 0; i < count; ++i) {
    const OpenField record = batch.Begin(kBatchRecordsField);
    RecordWriter(&records).BodyText(absl::StrCat("message ", i));
    batch.End(record);
  }
  return absl::Cord(std::move(records));
}

// A session against a real server over a journal that the test holds.
class SessionTest : public ::testing::Test {
 protected:
  void SetUp() override { StartServer(0); }
  void TearDown() override {
    session_ = nullptr;
    server_ = nullptr;
    journal_.Stop();
  }

  void StartServer(uint16_t port) {
    absl::StatusOr<std::unique_ptr<GrpcServer>> server =
        GrpcServer::Start({.address = {"127.0.0.1", port}}, &ingest_);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void Create(SessionOptions options = {}) {
    if (server_ != nullptr) options.server = server_->address();
    session_ = Session::Create(options, &events_);
  }

  void Connect() { session_->Connect(absl::Now() + absl::Minutes(1)); }

  void Open(SessionOptions options = {}) {
    Create(std::move(options));
    Connect();
    ASSERT_EQ(events_.Next(), absl::StrCat("opened 0 ", kBatchBytes));
    ASSERT_EQ(events_.Next(), "writable");
  }

  // Sends a batch and waits until the next could be sent.
  void SendOne(uint64_t sequence) {
    ASSERT_TRUE(session_->Send(sequence, Records(1)));
    ASSERT_EQ(events_.Next(), "writable");
  }

  FakeJournal journal_;
  Ingest ingest_{{.batch_bytes = kBatchBytes}, &journal_};
  std::unique_ptr<GrpcServer> server_;
  EventLog events_;
  std::unique_ptr<Session> session_;
};

TEST_F(SessionTest, IntroducesItselfAndSendsWholeBatches) {
  v1::Resource resource;
  resource.add_attributes()->set_key("service.name");
  Open({.producer_id = "0123456789abcdef",
        .epoch = 9,
        .resource = resource.SerializeAsString(),
        .synced = false});
  EXPECT_EQ(session_->producer_id(), "0123456789abcdef");
  absl::Cord payload = Records(2);
  v1::LogBatch losses;
  losses.add_lost()->set_reason("queue full");
  losses.add_lost()->set_count(4);
  payload.Append(losses.SerializeAsString());
  ASSERT_TRUE(session_->Send(5, payload));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  const PendingEntry entry = journal_.entry(0);
  EXPECT_EQ(std::string(entry.producer_id.begin(), entry.producer_id.end()),
            "0123456789abcdef");
  EXPECT_EQ(entry.session_epoch, 9u);
  EXPECT_EQ(entry.resource, resource.SerializeAsString());
  EXPECT_EQ(journal_.depth(0), AckDepth::kWritten);
  v1::LogBatch batch;
  ASSERT_TRUE(batch.ParseFromString(std::string(entry.payload)));
  EXPECT_EQ(batch.sequence(), 5u);
  ASSERT_EQ(batch.records_size(), 2);
  EXPECT_EQ(batch.records(1).body().string_value(), "message 1");
  ASSERT_EQ(batch.lost_size(), 2);
  EXPECT_EQ(batch.lost(0).reason(), "queue full");
  EXPECT_EQ(batch.lost(1).count(), 4u);
}

TEST_F(SessionTest, DrawsAnIdentityOfItsOwn) {
  Open();
  SendOne(1);
  const std::string first = session_->producer_id();
  EXPECT_EQ(first.size(), 16u);
  ASSERT_TRUE(journal_.WaitForAppends(1));
  session_ = nullptr;
  EXPECT_THAT(events_.Next(), StartsWith("closed CANCELLED"));
  journal_.Complete(0);
  Open();
  SendOne(1);
  EXPECT_NE(session_->producer_id(), first);
  ASSERT_TRUE(journal_.WaitForAppends(2));
  EXPECT_NE(journal_.entry(0).session_epoch, journal_.entry(1).session_epoch);
  EXPECT_EQ(journal_.depth(0), AckDepth::kSynced);
}

TEST_F(SessionTest, KeepsBatchesInFlightAndReportsAcks) {
  Open();
  for (const uint64_t sequence : {1, 2, 3}) SendOne(sequence);
  ASSERT_TRUE(journal_.WaitForAppends(3));
  journal_.Complete(2);
  journal_.Complete(1);
  journal_.Complete(0);
  EXPECT_EQ(events_.Next(), "ack 3");
}

TEST_F(SessionTest, ReportsARejectedBatchAndGoesOn) {
  journal_.CompleteAllFromNowOn();
  Open();
  ASSERT_TRUE(session_->Send(1, absl::Cord(std::string(kBatchBytes, '\0'))));
  std::vector<std::string> events = {events_.Next(), events_.Next(),
                                     events_.Next()};
  // Whether gRPC has handed the batch on is heard before or after the answers.
  ASSERT_EQ(std::erase(events, "writable"), 1u);
  EXPECT_THAT(events, ElementsAre(StartsWith("rejected 1 RESOURCE_EXHAUSTED"),
                                  "ack 1"));
  ASSERT_TRUE(session_->Send(2, Records(1)));
  EXPECT_EQ(events_.NextNews(), "ack 2");
}

TEST_F(SessionTest, CollectsAllAcksBeforeItCloses) {
  Open();
  SendOne(1);
  SendOne(2);
  session_->CloseSending();
  EXPECT_FALSE(session_->Send(3, Records(1)));
  ASSERT_TRUE(journal_.WaitForAppends(2));
  journal_.Complete(0);
  EXPECT_EQ(events_.Next(), "ack 1");
  journal_.Complete(1);
  EXPECT_EQ(events_.Next(), "ack 2");
  EXPECT_EQ(events_.Next(), "closed OK");
}

TEST_F(SessionTest, TakesNothingUnlessAStreamIsOpen) {
  Create();
  EXPECT_FALSE(session_->Send(1, Records(1)));
  session_->CloseSending();
  session_->Cancel();
  Connect();
  ASSERT_EQ(events_.Next(), absl::StrCat("opened 0 ", kBatchBytes));
  ASSERT_EQ(events_.Next(), "writable");
  session_->Cancel();
  EXPECT_THAT(events_.Next(), StartsWith("closed CANCELLED"));
  EXPECT_FALSE(session_->Send(1, Records(1)));
}

TEST_F(SessionTest, HandsOnTheServersDrain) {
  Open();
  SendOne(1);
  ASSERT_TRUE(journal_.WaitForAppends(1));
  std::thread stopping(
      [this] { server_->Shutdown(absl::Now() + absl::Minutes(1)); });
  EXPECT_EQ(events_.Next(), "drain 1s");
  EXPECT_FALSE(session_->Send(2, Records(1)));
  session_->CloseSending();
  journal_.Complete(0);
  EXPECT_EQ(events_.Next(), "ack 1");
  EXPECT_EQ(events_.Next(), "closed OK");
  stopping.join();
}

// Goal: what was not acknowledged is sent again on the next stream under its
// old numbers. The server comes back on its port in between.
TEST_F(SessionTest, ResumesBySequenceAfterTheServerWasGone) {
  Open();
  SendOne(1);
  SendOne(2);
  ASSERT_TRUE(journal_.WaitForAppends(2));
  journal_.Complete(0);
  EXPECT_EQ(events_.Next(), "ack 1");
  const uint16_t port = server_->port();
  server_->Shutdown(absl::InfinitePast());
  std::string end;
  while ((end = events_.NextNews()) == "drain 1s") {
  }
  EXPECT_THAT(end, StartsWith("closed UNAVAILABLE"));

  server_ = nullptr;
  Connect();
  EXPECT_THAT(events_.Next(), StartsWith("closed UNAVAILABLE"))
      << "nobody listens";

  journal_.Fail(1, absl::UnavailableError("disk full"));
  StartServer(port);
  Connect();
  ASSERT_EQ(events_.Next(), absl::StrCat("opened 1 ", kBatchBytes));
  ASSERT_EQ(events_.Next(), "writable");
  SendOne(2);
  ASSERT_TRUE(journal_.WaitForAppends(3));
  EXPECT_EQ(journal_.entry(2).sequence, 2u);
  EXPECT_EQ(journal_.entry(2).session_epoch, journal_.entry(0).session_epoch);
  EXPECT_EQ(journal_.entry(2).producer_id, journal_.entry(0).producer_id);
  journal_.Complete(2);
  EXPECT_EQ(events_.Next(), "ack 2");
}

TEST_F(SessionTest, CanBeConnectedAgainFromOnClosed) {
  Open();
  events_.ConnectOnceClosed(session_.get());
  session_->Cancel();
  EXPECT_THAT(events_.Next(), StartsWith("closed CANCELLED"));
  EXPECT_EQ(events_.Next(), absl::StrCat("opened 0 ", kBatchBytes));
}

TEST_F(SessionTest, ReportsABatchThatWasNotStored) {
  Open();
  SendOne(1);
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Fail(0, absl::UnavailableError("disk full"));
  EXPECT_EQ(events_.Next(),
            "closed UNAVAILABLE: a batch was not stored: disk full");
}

TEST_F(SessionTest, GivesUpAtTheDeadline) {
  server_ = nullptr;
  const HandListener silent;
  Create({.server = silent.address()});
  session_->Connect(absl::Now() + absl::Milliseconds(50));
  EXPECT_EQ(events_.Next(),
            "closed UNAVAILABLE: the server did not answer in time");
}

TEST_F(SessionTest, WaitsForNothingWhenTheDeadlineHasPassed) {
  server_ = nullptr;
  const HandListener silent;
  Create({.server = silent.address()});
  session_->Connect(absl::InfinitePast());
  EXPECT_EQ(events_.Next(),
            "closed UNAVAILABLE: the server did not answer in time");
}

// A gRPC server that is shutting down cancels calls which reach it meanwhile:
// the session said CANCELLED, which means that its owner had cancelled it.
TEST_F(SessionTest, AStreamThatTheServerCancelsIsUnavailable) {
  // HTTP/2 frames: SETTINGS, and RST_STREAM of stream 1 with CANCEL (RFC 9113).
  constexpr absl::string_view kSettings("\0\0\0\4\0\0\0\0\0", 9);
  constexpr absl::string_view kCancel("\0\0\4\3\0\0\0\0\1\0\0\0\x08", 13);
  HandListener server;
  session_ = Session::Create({.server = server.address()}, &events_);
  Connect();
  const UniqueFd peer = server.Accept();
  std::string received(1 << 16, '\0');
  send(peer.get(), kSettings.data(), kSettings.size(), MSG_NOSIGNAL);
  for (size_t size = 0; received.find("Publish") == received.npos;) {
    const ssize_t more =
        recv(peer.get(), received.data() + size, received.size() - size, 0);
    ASSERT_GT(more, 0);
    size += static_cast<size_t>(more);
  }
  send(peer.get(), kCancel.data(), kCancel.size(), MSG_NOSIGNAL);
  EXPECT_THAT(events_.NextNews(), StartsWith("closed UNAVAILABLE"));
}

// A server that opens the session, sets two levels and waits to hear that they
// are applied.
class LevelPeer final : public v1::LogIngest::Service {
 public:
  LevelPeer() {
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(this);
    server_ = builder.BuildAndStart();
    address_ = absl::StrCat("127.0.0.1:", port);
  }
  ~LevelPeer() override { server_->Shutdown(); }

  const std::string& address() const { return address_; }

  grpc::Status Publish(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::PublishResponse, v1::PublishRequest>* stream)
      override {
    v1::PublishRequest request;
    stream->Read(&request);
    v1::PublishResponse response;
    response.mutable_opened()->set_max_batch_bytes(1000);
    stream->Write(response);
    v1::LevelUpdate& update = *response.mutable_level_update();
    update.set_version(7);
    v1::LoggerLevel& area = *update.add_levels();
    area.set_logger("myapp.area1");
    area.set_levelno(10);
    area.mutable_expires_in()->set_seconds(5);
    v1::LoggerLevel& root = *update.add_levels();
    root.set_logger("root");
    root.set_levelno(40);
    stream->Write(response);
    while (stream->Read(&request)) {
      if (request.has_levels_applied()) confirmed_ += request.DebugString();
    }
    return grpc::Status::OK;
  }

  // When its stream has ended.
  std::string confirmed() {
    server_->Shutdown();
    return confirmed_;
  }

 private:
  std::unique_ptr<grpc::Server> server_;
  std::string address_;
  std::string confirmed_;
};

// Goal: levels come as they were set, and their confirmation goes out, also
// when a batch is being written at that moment.
TEST_F(SessionTest, HandsOnLevelsAndConfirmsThem) {
  LevelPeer peer;
  session_ = Session::Create({.server = peer.address()}, &events_);
  Connect();
  ASSERT_EQ(events_.NextNews(), "opened 0 1000");
  EXPECT_EQ(events_.NextNews(),
            "levels 7 myapp.area1=10 for 5s root=40 for inf");
  ASSERT_TRUE(session_->Send(1, Records(1)));
  session_->ConfirmLevels(7);
  session_->CloseSending();
  EXPECT_EQ(events_.NextNews(), "closed OK");
  EXPECT_EQ(peer.confirmed(), "levels_applied {\n  version: 7\n}\n");
}

// Goal: a batch's memory is let go when it has been handed on, not with the
// next one.
TEST_F(SessionTest, SharesABatchOnlyUntilItIsHandedOn) {
  Open();
  absl::Notification released;
  const std::string records(Records(100));
  ASSERT_TRUE(session_->Send(
      1, absl::MakeCordFromExternal(records, [&] { released.Notify(); })));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(journal_.entry(0).record_count, 100u);
  EXPECT_TRUE(released.WaitForNotificationWithTimeout(absl::Minutes(1)));
}

// Destroyed at every stage of its life: each returns, and leaves no callback
// behind that would touch what is gone (AddressSanitizer looks).
TEST_F(SessionTest, CanBeDestroyedAtAnyTime) {
  Create();
  session_ = nullptr;
  for (const absl::Time deadline :
       {absl::InfinitePast(), absl::Now(), absl::InfiniteFuture()}) {
    Create();
    session_->Connect(deadline);
    session_ = nullptr;
    EXPECT_THAT(events_.NextNews(),
                AnyOf(StartsWith("opened"), StartsWith("closed")));
    while (events_.HasNext()) events_.Next();
  }
  Open();
  ASSERT_TRUE(session_->Send(1, Records(1)));
  session_ = nullptr;
  EXPECT_THAT(events_.NextNews(), StartsWith("closed CANCELLED"));
}

}  // namespace
}  // namespace logboom
