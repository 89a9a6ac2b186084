#include "logboom/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/testing/hand_listener.h"
#include "tests/testing/received_records.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

absl::Time Soon() { return absl::Now() + absl::Minutes(1); }

class ClientTest : public ::testing::Test {
 protected:
  std::unique_ptr<Client> NewClient(Options options = {}) {
    options.server = server_.address();
    options.diagnose = [](std::string_view) {};
    return Client::Create(std::move(options));
  }

  ReceivedRecords server_;
};

// Goal: what the design's first example says arrives.
TEST_F(ClientTest, ARecordArrivesWithAllItsParts) {
  const auto client = NewClient();
  const Logger log = client->GetLogger("shop.cart.payment");
  const int line = __LINE__ + 1;
  log.Info("payment authorised", {{"order_id", 7}, {"amount_eur", 129.90}});
  ASSERT_TRUE(client->Flush(Soon()).ok());
  const std::vector<v1::LogRecord> records = server_.records();
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].logger(), "shop.cart.payment");
  EXPECT_EQ(records[0].body().string_value(), "payment authorised");
  EXPECT_EQ(records[0].levelno(), 20);
  EXPECT_EQ(records[0].severity_text(), "INFO");
  auto attributes = ReceivedRecords::Attributes(records[0]);
  EXPECT_EQ(attributes["order_id"], "int_value: 7");
  EXPECT_EQ(attributes["amount_eur"], "double_value: 129.9");
  EXPECT_EQ(attributes["code.line.number"], absl::StrCat("int_value: ", line));
  EXPECT_THAT(attributes["code.file.path"], HasSubstr("client_test.cc"));
  EXPECT_THAT(attributes["code.function.name"], HasSubstr("TestBody"));
  EXPECT_EQ(attributes["thread.id"], absl::StrCat("int_value: ", gettid()));
  EXPECT_EQ(client->stats().acknowledged, 1);
}

TEST_F(ClientTest, LevelsAreThoseOfTheTree) {
  const auto client = NewClient();
  const Logger shop = client->GetLogger("shop");
  const Logger cart = shop.GetChild("cart");
  EXPECT_EQ(cart.name(), "shop.cart");
  EXPECT_EQ(cart.GetEffectiveLevel(), Level::kInfo);
  cart.Debug("too low");
  shop.SetLevel(Level::kDebug);
  EXPECT_TRUE(cart.IsEnabledFor(Level::kDebug));
  cart.Debug("inherited");
  cart.SetLevel(Level::kError);
  cart.Warning("too low again");
  client->GetLogger().Error("root");
  Logger().Critical("of no client");
  ASSERT_TRUE(client->Flush(Soon()).ok());
  const std::vector<v1::LogRecord> records = server_.records();
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].body().string_value(), "inherited");
  EXPECT_EQ(records[1].body().string_value(), "root");
}

TEST_F(ClientTest, AnExceptionIsThreeAttributes) {
  const auto client = NewClient();
  const std::runtime_error error("disk full");
  client->GetLogger("a").Error(error, "cannot save");
  ASSERT_TRUE(client->Flush(Soon()).ok());
  auto attributes = ReceivedRecords::Attributes(server_.records().at(0));
  EXPECT_EQ(attributes["exception.type"],
            "string_value: \"std::runtime_error\"");
  EXPECT_EQ(attributes["exception.message"], "string_value: \"disk full\"");
  EXPECT_THAT(attributes["exception.stacktrace"],
              HasSubstr("std::runtime_error: disk full"));
}

TEST_F(ClientTest, TheTraceHookGivesTraceAndSpan) {
  const auto client = NewClient({.trace_context = [] {
    TraceContext trace;
    trace.trace_id.fill(0xab);
    trace.span_id.fill(0xcd);
    trace.flags = 1;
    return trace;
  }});
  client->GetLogger("a").Info("traced");
  ASSERT_TRUE(client->Flush(Soon()).ok());
  const v1::LogRecord record = server_.records().at(0);
  EXPECT_EQ(record.trace_id(), std::string(16, '\xab'));
  EXPECT_EQ(record.span_id(), std::string(8, '\xcd'));
  EXPECT_EQ(record.flags(), 1u);
}

TEST_F(ClientTest, RecordsOfManyThreadsArriveOnceInEachOnesOrder) {
  constexpr int kThreads = 8;
  constexpr int kRecords = 5000;
  const auto client = NewClient({.buffer_bytes = int64_t{1} << 20,
                                 .when_full = WhenFull::kBlock,
                                 .block_timeout = absl::Minutes(1),
                                 .batch_records = 100});
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&client, t] {
      const Logger log = client->GetLogger(absl::StrCat("thread.", t));
      for (int i = 0; i < kRecords; ++i) log.Info("count", {{"i", i}});
    });
  }
  for (std::thread& thread : threads) thread.join();
  ASSERT_TRUE(client->Flush(Soon()).ok());
  std::map<std::string, int> next;
  for (const v1::LogRecord& record : server_.records()) {
    ASSERT_EQ(record.attributes(0).value().int_value(), next[record.logger()]++)
        << record.logger();
  }
  EXPECT_THAT(next, SizeIs(kThreads));
  for (const auto& [logger, count] : next) EXPECT_EQ(count, kRecords) << logger;
  const ClientStats stats = client->stats();
  EXPECT_EQ(stats.logged, kThreads * kRecords);
  EXPECT_EQ(stats.acknowledged, kThreads * kRecords);
  EXPECT_EQ(stats.pending, 0);
  EXPECT_EQ(stats.buffered_bytes, 0);
}

TEST_F(ClientTest, AClientThatIsOnlyMadeDoesNothing) {
  const auto client = NewClient();
  const Logger log = client->GetLogger("a");
  EXPECT_EQ(client->stats().connections, 0);
  EXPECT_EQ(server_.records().size(), 0u);
}

TEST_F(ClientTest, ConnectSaysWhetherThereIsAServer) {
  EXPECT_TRUE(NewClient()->Connect(Soon()).ok());
  const auto alone = Client::Create(
      {.server = "127.0.0.1:1", .diagnose = [](std::string_view) {}});
  const absl::Status status = alone->Connect(Soon());
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
}

TEST_F(ClientTest, AFlushWithoutAServerSaysHowMuchIsMissingAndWhy) {
  const auto alone = Client::Create(
      {.server = "127.0.0.1:1", .diagnose = [](std::string_view) {}});
  alone->GetLogger("a").Info("lonely");
  EXPECT_TRUE(absl::IsUnavailable(alone->Connect(Soon())));
  const absl::Status status = alone->Flush(absl::Now());
  EXPECT_TRUE(absl::IsDeadlineExceeded(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("1 records are not acknowledged: no connection to "
                        "127.0.0.1:1"));
}

// Goal: a program ends promptly with no server in sight, however long it would
// wait for one that is.
TEST_F(ClientTest, EndsAtOnceWithoutAServerAndCountsWhatIsLost) {
  std::vector<std::string> said;
  auto alone = Client::Create(
      {.server = "127.0.0.1:1",
       .shutdown_timeout = absl::Hours(1),
       .diagnose = [&](std::string_view line) { said.emplace_back(line); }});
  const Logger log = alone->GetLogger("a");
  log.Info("lonely");
  alone->Shutdown();
  log.Info("too late");
  const ClientStats stats = alone->stats();
  EXPECT_EQ(stats.lost_shut_down, 2);
  EXPECT_EQ(stats.logged, 2);
  EXPECT_EQ(stats.pending, 0);
  alone = nullptr;
  log.Info("the client is gone");
  EXPECT_THAT(said.back(), HasSubstr("1 records were not acknowledged"));
}

TEST_F(ClientTest, EndsAfterItsTimeWhenTheServerSaysNothing) {
  const HandListener silent;
  const auto client =
      Client::Create({.server = silent.address(),
                      .shutdown_timeout = absl::Milliseconds(50),
                      .diagnose = [](std::string_view) {}});
  client->GetLogger("a").Info("lonely");
  client->Shutdown();
  EXPECT_EQ(client->stats().lost_shut_down, 1);
}

// Goal: with no room a record is dropped and counted, and the server is told of
// each in the end.
TEST_F(ClientTest, WhatFindsNoRoomIsCountedAndReported) {
  const HandListener silent;
  auto client = Client::Create({.server = silent.address(),
                                .buffer_bytes = int64_t{256} << 10,
                                .shutdown_timeout = absl::ZeroDuration(),
                                .diagnose = [](std::string_view) {}});
  const Logger log = client->GetLogger("a");
  for (int i = 0; i < 10'000; ++i) log.Info("a message of some length");
  const ClientStats stats = client->stats();
  EXPECT_EQ(stats.logged, 10'000);
  EXPECT_GT(stats.lost_buffer_full, 0);
  EXPECT_EQ(stats.lost_buffer_full + stats.pending, 10'000);
  EXPECT_LE(stats.buffered_bytes, int64_t{256} << 10);
}

TEST_F(ClientTest, AnEncodedRecordIsTakenAsItIsIfItIsOne) {
  const auto client = NewClient();
  v1::LogRecord record;
  record.mutable_body()->set_string_value("of another make");
  record.set_levelno(5);
  ASSERT_TRUE(client->WriteEncoded(record.SerializeAsString()).ok());
  EXPECT_TRUE(absl::IsInvalidArgument(client->WriteEncoded("\x0a\x7f")));
  const absl::Status status = client->Flush(Soon());
  EXPECT_TRUE(absl::IsDataLoss(status)) << status;
  ASSERT_THAT(server_.records(), SizeIs(1));
  EXPECT_EQ(server_.records()[0].body().string_value(), "of another make");
  EXPECT_TRUE(client->Flush(Soon()).ok()) << "said once";
}

// Goal: what destructors log at a program's end arrives, as long as the client
// is there, and is no harm afterwards.
TEST_F(ClientTest, StaticDestructorsMayLog) {
  const std::string command =
      absl::StrCat(STATIC_END_PROGRAM, " ", server_.address(), " 2>&1");
  EXPECT_EQ(std::system(command.c_str()), 0);
  std::vector<std::string> messages;
  for (const v1::LogRecord& record : server_.records()) {
    messages.push_back(record.body().string_value());
  }
  EXPECT_THAT(messages,
              UnorderedElementsAre("from main", "from a thread's destructor",
                                   "from a static destructor"));
}

// Goal: a child of a started client touches nothing of its parent's and ends;
// the parent goes on.
TEST_F(ClientTest, AForkedChildOnlyCounts) {
  auto client = NewClient();
  const Logger log = client->GetLogger("a");
  log.Info("before");
  ASSERT_TRUE(client->Flush(Soon()).ok());
  const pid_t child = fork();
  if (child == 0) {
    log.Info("in the child");
    client->GetLogger("b").Info("and again");
    const bool counted =
        client->stats().lost_forked == 2 && !client->Flush(Soon()).ok();
    client = nullptr;
    _exit(counted ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  log.Info("after");
  ASSERT_TRUE(client->Flush(Soon()).ok());
  EXPECT_THAT(server_.records(), SizeIs(2));
}

}  // namespace
}  // namespace logboom
