#include "server/ingest/raw/tcp_listener.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "logboom/v1/ingest.pb.h"
#include "server/ingest/raw/file_limit.h"
#include "tests/server/ingest/raw/raw_port_client.h"
#include "tests/server/ingest/raw/raw_port_fakes.h"

namespace logboom {
namespace {

using ::logboom::testing::Batch;
using ::logboom::testing::FakeUnpickle;
using ::logboom::testing::Frame;
using ::logboom::testing::RawPortClient;
using ::logboom::testing::RawPortJournal;
using ::logboom::testing::Record;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string RecordFrame(absl::string_view body) { return Frame(Record(body)); }

// How often `text` stands in `all`.
size_t Occurrences(const std::string& all, const std::string& text) {
  return std::vector<std::string>(absl::StrSplit(all, text)).size() - 1;
}

// A listener with a real Ingest and a journal in memory.
class TcpListenerTest : public ::testing::Test {
 protected:
  TcpListenerTest() {
    std::string folder = absl::StrCat(::testing::TempDir(), "/logboomXXXXXX");
    folder_ = mkdtemp(folder.data());
    options_.tcp = HostPort{"127.0.0.1", 0};
    options_.unix_path = (folder_ / "log.sock").string();
  }
  ~TcpListenerTest() override {
    if (listener_ != nullptr) listener_->Stop();
    journal_.Stop();
    std::filesystem::remove_all(folder_);
  }

  void Listen(IngestOptions limits = IngestOptions()) {
    ingest_ = std::make_unique<Ingest>(limits, &journal_);
    auto listener =
        TcpListener::ListenWith(options_, ingest_.get(), FakeUnpickle);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
  }
  void Start(IngestOptions limits = IngestOptions()) {
    Listen(std::move(limits));
    listener_->Start();
  }
  RawPortClient Connect() { return RawPortClient::Tcp(listener_->port()); }
  RawPortClient ConnectUnix() {
    return RawPortClient::Unix(options_.unix_path);
  }
  // Sends on a connection of its own, and returns when all of it was read.
  void SendAlone(absl::string_view bytes) {
    RawPortClient client = Connect();
    client.Send(bytes);
    client.FinishAndWait();
  }

  std::filesystem::path folder_;
  TcpListenerOptions options_;
  RawPortJournal journal_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<TcpListener> listener_;
};

TEST_F(TcpListenerTest, TakesEveryKindOfPayloadInOrder) {
  Start();
  RawPortClient client = Connect();
  client.Send(absl::StrCat(Frame("}pickle"), Frame(Record("record")),
                           Frame(Batch({Record("b1"), Record("b2")}))));
  journal_.WaitForRecords(4);
  EXPECT_THAT(journal_.bodies(), ElementsAre("pickle", "record", "b1", "b2"));
  EXPECT_EQ(listener_->frames(), 3);
  EXPECT_EQ(listener_->open_connections(), 1);
  client.FinishAndWait();
  EXPECT_EQ(journal_.ledger().totals().ToString(), "none");
}

TEST_F(TcpListenerTest, ReadsWhatPythonSends) {
  ingest_ = std::make_unique<Ingest>(IngestOptions{.tcp_logger = "elsewhere"},
                                     &journal_);
  auto listener = TcpListener::Listen(options_, ingest_.get());
  ASSERT_TRUE(listener.ok()) << listener.status();
  listener_ = *std::move(listener);
  listener_->Start();
  // pickle.dumps({"name": "shop", "msg": "hi"}, 2)
  constexpr absl::string_view kPickle(
      "\x80\x02}q\x00(X\x04\x00\x00\x00nameq\x01X\x04\x00\x00\x00shopq\x02X"
      "\x03\x00\x00\x00msgq\x03X\x02\x00\x00\x00hiq\x04u.",
      49);
  SendAlone(Frame(kPickle));
  journal_.WaitForRecords(1);
  const std::string payload(journal_.entries().front().payload);
  BatchView batch(payload);
  ASSERT_TRUE(batch.Next());
  const absl::StatusOr<RecordView> record = RecordView::Parse(batch.record());
  ASSERT_TRUE(record.ok()) << record.status();
  EXPECT_EQ(record->body->string_value(), "hi");
  EXPECT_EQ(record->logger, "elsewhere");
  EXPECT_EQ(record->attributes().Find("python.name")->string_value(), "shop");
}

// Goal: nobody's records are lost, doubled or out of order. Method: 1,000
// connections, all open at once, each sending a record in each of three rounds.
TEST_F(TcpListenerTest, ServesAThousandConnectionsAtOnce) {
  constexpr int kClients = 1000;
  constexpr int kRounds = 3;
  if (RaiseFileLimit() < 2 * kClients + 200) GTEST_SKIP() << "too few files";
  Start();
  std::vector<RawPortClient> clients;
  for (int i = 0; i < kClients; ++i) clients.push_back(Connect());
  for (int round = 0; round < kRounds; ++round) {
    for (int i = 0; i < kClients; ++i) {
      clients[i].Send(RecordFrame(absl::StrCat(i, "/", round)));
    }
  }
  journal_.WaitForRecords(kClients * kRounds);
  EXPECT_EQ(listener_->open_connections(), kClients);
  std::map<int, int> next_round;
  for (const std::string& body : journal_.bodies()) {
    const std::vector<std::string> parts = absl::StrSplit(body, '/');
    int client = -1;
    int round = -1;
    ASSERT_TRUE(absl::SimpleAtoi(parts[0], &client) &&
                absl::SimpleAtoi(parts[1], &round));
    EXPECT_EQ(next_round[client]++, round) << "client " << client;
  }
  EXPECT_THAT(next_round, SizeIs(kClients));
  EXPECT_EQ(journal_.bodies().size(), kClients * kRounds);
}

TEST_F(TcpListenerTest, IsNotHeldUpByASlowSender) {
  Start();
  RawPortClient slow = Connect();
  RawPortClient quick = Connect();
  const std::string frame = RecordFrame("slow");
  for (size_t i = 0; i < frame.size(); ++i) {
    slow.Send(absl::string_view(frame).substr(i, 1));
    quick.Send(RecordFrame("quick"));
    journal_.WaitForRecords(static_cast<int64_t>(i) + 1);
  }
  journal_.WaitForRecords(static_cast<int64_t>(frame.size()) + 1);
  EXPECT_THAT(journal_.bodies(), ::testing::Contains("slow").Times(1));
}

TEST_F(TcpListenerTest, PutsTheRecordsOfAPassIntoOneEntry) {
  Listen();
  std::vector<RawPortClient> clients;
  for (int i = 0; i < 20; ++i) {
    clients.push_back(ConnectUnix());
    clients.back().Send(RecordFrame("one") + RecordFrame("two"));
  }
  listener_->Start();
  journal_.WaitForRecords(40);
  EXPECT_THAT(journal_.entries(), SizeIs(1));
}

TEST_F(TcpListenerTest, TakesAFrameLargerThanAnyRead) {
  Start({.frame_bytes = 16 << 20});
  const std::string body(5 << 20, 'l');
  SendAlone(RecordFrame(body) + RecordFrame("after"));
  journal_.WaitForRecords(2);
  EXPECT_THAT(journal_.bodies(), ElementsAre(body, "after"));
}

TEST_F(TcpListenerTest, LosesOnlyTheFrameThatIsNotDecodable) {
  Start();
  RawPortClient client = Connect();
  client.Send(absl::StrCat(RecordFrame("one"), Frame("GET /"), Frame(""),
                           Frame("}bad"), Frame("\x0A\x7F cut"),
                           RecordFrame("two")));
  journal_.WaitForRecords(2);
  EXPECT_THAT(journal_.bodies(), ElementsAre("one", "two"));
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameNotDecodable), 4);
}

TEST_F(TcpListenerTest, SkipsAFrameOverTheLimit) {
  Start({.frame_bytes = 1000});
  RawPortClient client = Connect();
  client.Send(Frame(std::string(1'000'000, 'x')) + RecordFrame("after"));
  journal_.WaitForRecords(1);
  EXPECT_THAT(journal_.bodies(), ElementsAre("after"));
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameTooLarge), 1);
}

TEST_F(TcpListenerTest, CountsAFrameThatTheEndCuts) {
  Start();
  SendAlone(RecordFrame("whole") + RecordFrame("cut off").substr(0, 7));
  SendAlone(absl::string_view("\0\0", 2));
  SendAlone("\xFF\xFF\xFF\xFF");
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameCut), 2);
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameTooLarge), 1);
  journal_.WaitForRecords(1);
  EXPECT_THAT(journal_.bodies(), ElementsAre("whole"));
  EXPECT_EQ(listener_->open_connections(), 0);
}

TEST_F(TcpListenerTest, GoesOnAfterRandomBytes) {
  Start();
  std::minstd_rand random(7);
  RawPortClient good = Connect();
  for (int i = 0; i < 50; ++i) {
    std::string bytes(2000, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    // Every other one with a length that makes a frame of it.
    SendAlone(i % 2 == 0 ? bytes : Frame(bytes));
    good.Send(RecordFrame("good"));
  }
  good.FinishAndWait();
  listener_->Stop();
  EXPECT_THAT(journal_.bodies(), ::testing::Contains("good").Times(50));
  EXPECT_GT(journal_.ledger().count(LossReason::kFrameNotDecodable), 0);
}

TEST_F(TcpListenerTest, ReportsOneLineAConnectionAndTenAMinute) {
  ::testing::internal::CaptureStderr();
  Start();
  for (int i = 0; i < 30; ++i) {
    SendAlone(Frame("GET /\n") + Frame("\r\n") + Frame("?"));
  }
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameNotDecodable), 90);
  EXPECT_THAT(printed, HasSubstr("warning: tcp 127.0.0.1:"));
  EXPECT_THAT(printed,
              HasSubstr("a frame of 6 bytes is not decodable: neither a pickle "
                        "nor protobuf: the first byte is 0x47"));
  EXPECT_EQ(Occurrences(printed, "\n"), 10);
}

// The same over a journal that stores nothing before Release().
class TcpListenerStuckTest : public TcpListenerTest {
 protected:
  TcpListenerStuckTest() { journal_.Hold(); }
};

TEST_F(TcpListenerStuckTest, KeepsReadingWhenTheBufferIsFull) {
  Start({.tcp_buffer_bytes = 10'000});
  RawPortClient client = ConnectUnix();
  const std::string body(1000, 'b');
  for (int i = 0; i < 100; ++i) client.Send(RecordFrame(body));
  client.FinishAndWait();

  const int64_t taken =
      100 - journal_.ledger().count(LossReason::kTcpBufferFull);
  EXPECT_GT(taken, 0);
  EXPECT_LE(taken, 5) << "half of the buffer is for records";
  journal_.WaitForRecords(taken);
  journal_.Release();
  RawPortClient::Unix(options_.unix_path).Send(RecordFrame("room again"));
  journal_.WaitForRecords(taken + 1);
  EXPECT_EQ(journal_.bodies().back(), "room again");
}

TEST_F(TcpListenerStuckTest, CountsEveryRecordOfABatchThatHasNoRoom) {
  Start({.tcp_buffer_bytes = 10'000});
  SendAlone(RecordFrame(std::string(5000, 'f')));
  journal_.WaitForRecords(1);
  v1::Lost lost;
  lost.set_count(7);
  std::string batch = Batch({Record("one"), Record("two"), Record("three")});
  MessageWriter(&batch).Bytes(v1::LogBatch::kLostFieldNumber,
                              lost.SerializeAsString());
  SendAlone(Frame(batch) + Frame("}pickle") + Frame("\x0A\x7F cut"));
  EXPECT_EQ(journal_.ledger().totals().ToString(),
            "lost_by_producer 7, tcp_buffer_full 5");
}

// Goal: connections that each begin a large frame and stop there hold no more
// than their half of the buffer together, and disturb nobody.
TEST_F(TcpListenerTest, BoundsTheFramesThatAreBegun) {
  Start({.frame_bytes = 601'000, .tcp_buffer_bytes = 1 << 20});
  std::vector<RawPortClient> hoarders;
  const std::string half = RecordFrame(std::string(600'000, 'h'));
  for (int i = 0; i < 10; ++i) {
    hoarders.push_back(ConnectUnix());
    hoarders.back().Send(absl::string_view(half).substr(0, 400'000));
  }
  SendAlone(RecordFrame("undisturbed"));
  journal_.WaitForRecords(1);
  for (RawPortClient& hoarder : hoarders) hoarder.FinishAndWait();
  EXPECT_GT(journal_.ledger().count(LossReason::kTcpBufferFull), 0);
  EXPECT_EQ(journal_.ledger().count(LossReason::kTcpBufferFull) +
                journal_.ledger().count(LossReason::kFrameCut),
            10);
  EXPECT_THAT(journal_.bodies(), ElementsAre("undisturbed"));
}

TEST_F(TcpListenerTest, TakesWhatHadComeWhenItStops) {
  Listen();
  std::vector<RawPortClient> clients;
  for (int i = 0; i < 5; ++i) {
    clients.push_back(ConnectUnix());
    clients.back().Send(RecordFrame("sent") + RecordFrame("cut").substr(0, 5));
  }
  listener_->Start();
  listener_->Stop();
  EXPECT_THAT(journal_.bodies(), SizeIs(5));
  EXPECT_EQ(journal_.ledger().count(LossReason::kFrameCut), 5);
  EXPECT_EQ(listener_->open_connections(), 0);
  EXPECT_FALSE(std::filesystem::exists(options_.unix_path));
}

// Goal: a sender that never pauses cannot hold up the stop.
TEST_F(TcpListenerTest, StopsWhileASenderGoesOn) {
  Start();
  RawPortClient client = Connect();
  std::thread sender([&client] {
    const std::string frame = RecordFrame(std::string(1000, 's'));
    while (client.TrySend(frame)) {
    }
  });
  journal_.WaitForRecords(100);
  listener_->Stop();
  sender.join();
  EXPECT_EQ(listener_->open_connections(), 0);
}

TEST_F(TcpListenerTest, StopsWithoutHavingStarted) {
  Listen();
  listener_->Stop();
  listener_->Stop();
  EXPECT_FALSE(std::filesystem::exists(options_.unix_path));
}

TEST_F(TcpListenerTest, ListensOnWhatIsAskedFor) {
  options_.tcp.reset();
  Start();
  EXPECT_EQ(listener_->port(), 0);
  ConnectUnix().Send(RecordFrame("unix only"));
  journal_.WaitForRecords(1);
}

TEST_F(TcpListenerTest, RefusesAPortThatIsInUse) {
  Listen();
  Ingest other(IngestOptions(), &journal_);
  TcpListenerOptions same;
  same.tcp = HostPort{"127.0.0.1", static_cast<uint16_t>(listener_->port())};
  const absl::Status status =
      TcpListener::ListenWith(same, &other, FakeUnpickle).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("Address already in use"));
}

// Clients that connect in turn, send one record each and stay.
class TcpListenerCrowdTest : public TcpListenerTest {
 protected:
  static constexpr int kClients = 8;

  TcpListenerCrowdTest() {
    for (int i = 0; i < kClients; ++i) {
      clients_.push_back(RawPortClient::Unconnected());
    }
  }

  // Lets the crowd in, of which `at_once` may be open together, and makes room
  // by ending one after the other. Their own sockets stay open: in this process
  // they would be files for the listener.
  void AllGetInInTheEnd(int at_once) {
    for (RawPortClient& client : clients_) {
      client.ConnectTo(listener_->port());
      client.Send(RecordFrame("present"));
    }
    for (int i = 0; i < kClients; ++i) {
      journal_.WaitForRecords(std::min(kClients, at_once + i));
      EXPECT_LE(listener_->open_connections(), at_once);
      clients_[i].FinishAndWait();
    }
    EXPECT_THAT(journal_.bodies(), SizeIs(kClients));
  }

  std::vector<RawPortClient> clients_;
};

TEST_F(TcpListenerCrowdTest, LeavesConnectionsOverTheLimitWaiting) {
  options_.max_connections = 3;
  ::testing::internal::CaptureStderr();
  Start();
  AllGetInInTheEnd(3);
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(Occurrences(printed, "no more connections can be taken"), 1);
}

TEST_F(TcpListenerCrowdTest, SurvivesRunningOutOfFiles) {
  Start();
  ::testing::internal::CaptureStderr();
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next_file = dup(STDERR_FILENO);
  close(next_file);
  rlimit few = before;
  few.rlim_cur = static_cast<rlim_t>(next_file) + 3;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  AllGetInInTheEnd(3);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const std::string printed = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(Occurrences(printed, "no more connections can be taken"), 1);
  EXPECT_THAT(printed, HasSubstr("Too many open files"));
}

TEST(FileLimitTest, RaisesTheSoftLimitToTheHardOne) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 100;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  EXPECT_EQ(FileLimit(), 100);
  const int64_t raised = RaiseFileLimit();
  EXPECT_EQ(raised, FileLimit());
  EXPECT_GT(raised, 100);
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace logboom
