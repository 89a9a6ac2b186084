// Goal: what an operator types at the command line reaches a producer, comes
// back confirmed, ends when it should, and outlives the server. Method: the
// real programs, and a producer in the test's hands.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/testing/logboomd_process.h"
#include "tests/testing/raw_publish_client.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const std::string kProducer(16, 'p');

absl::Time Soon() { return absl::Now() + absl::Minutes(1); }

struct Outcome {
  int exit_code = -1;
  std::string text;  // stdout and stderr
};

Outcome RunShell(const std::string& command) {
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return {};
  Outcome outcome;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    outcome.text.append(buffer, n);
  }
  const int status = pclose(pipe);
  if (WIFEXITED(status)) outcome.exit_code = WEXITSTATUS(status);
  return outcome;
}

class LevelsEndToEndTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(folder_.PathOf("logboomd.json"))
        << R"({"listen": {"grpc": "127.0.0.1:0", "tcp": "127.0.0.1:0"},)"
        << R"( "journal": {"path": ")" << journal() << R"("}})";
    StartServer();
  }

  void StartServer() {
    auto server = LogboomdProcess::Start(
        {.program = LOGBOOM_TEST_SERVER,
         .config_file = folder_.PathOf("logboomd.json")});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto addresses = server_->WaitUntilListening(Soon());
    ASSERT_TRUE(addresses.ok()) << addresses.status();
    grpc_ = addresses->grpc;
  }
  void StopServer() {
    server_->Signal(SIGTERM);
    const auto exit_code = server_->Wait(Soon());
    ASSERT_TRUE(exit_code.ok()) << exit_code.status();
    EXPECT_EQ(*exit_code, 0) << server_->stderr_text();
  }
  void KillServer() {
    server_->Signal(SIGKILL);
    ASSERT_TRUE(server_->Wait(Soon()).ok());
  }

  // "logboom COMMAND --server ADDRESS".
  Outcome Logboom(const std::string& command) {
    return RunShell(
        absl::StrCat(LOGBOOM_TEST_CLI, " ", command, " --server ", grpc_));
  }
  nlohmann::json Json(const std::string& command) {
    const Outcome outcome = Logboom(command + " --json");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.text;
    return nlohmann::json::parse(outcome.text, nullptr, false);
  }
  void Do(const std::string& command) {
    const Outcome outcome = Logboom(command);
    ASSERT_EQ(outcome.exit_code, 0) << outcome.text;
  }

  // A producer of the service "test"; its session is open.
  std::unique_ptr<RawPublishClient> OpenProducer() {
    auto producer = std::make_unique<RawPublishClient>(grpc_);
    EXPECT_TRUE(producer->SendOpen(kProducer));
    EXPECT_THAT(producer->Next(), StartsWith("opened"));
    return producer;
  }
  // The producer's next message is a LevelUpdate; gives it, and confirms it.
  v1::LevelUpdate Levels(RawPublishClient& producer) {
    const auto response = producer.Read();
    if (!response.has_value() || !response->has_level_update()) {
      ADD_FAILURE() << "no LevelUpdate came";
      return {};
    }
    v1::PublishRequest applied;
    applied.mutable_levels_applied()->set_version(
        response->level_update().version());
    EXPECT_TRUE(producer.Send(applied));
    return response->level_update();
  }
  // "root=30 shop=10*": the star says that it expires.
  std::string LevelText(RawPublishClient& producer) {
    std::string text;
    const v1::LevelUpdate update = Levels(producer);
    for (const v1::LoggerLevel& level : update.levels()) {
      absl::StrAppend(&text, text.empty() ? "" : " ", level.logger(), "=",
                      level.levelno(), level.has_expires_in() ? "*" : "");
    }
    return text;
  }
  // What the producer is told when this is typed; it confirms meanwhile.
  std::string LevelsAfter(const std::string& command,
                          RawPublishClient& producer) {
    auto typed = std::async(std::launch::async,
                            [this, command] { return Logboom(command); });
    std::string levels = LevelText(producer);
    const Outcome outcome = typed.get();
    EXPECT_EQ(outcome.exit_code, 0) << outcome.text;
    EXPECT_THAT(outcome.text, HasSubstr("1 of 1 producer confirmed"));
    return levels;
  }
  // Stores this batch.
  void Publish(RawPublishClient& producer, const v1::LogBatch& batch) {
    ASSERT_TRUE(producer.SendBatchBytes(batch.SerializeAsString()));
    EXPECT_EQ(producer.Next(), absl::StrCat("ack ", batch.sequence()));
  }
  // Asks until the one producer there is has confirmed.
  nlohmann::json ConfirmedList() {
    const absl::Time deadline = Soon();
    nlohmann::json list;
    do {
      list = Json("level list");
    } while (list["producers"] != nlohmann::json::array() &&
             list["producers"][0]["confirmed"] != true &&
             absl::Now() < deadline);
    return list;
  }

  std::string journal() const { return folder_.PathOf("journal"); }

  TempFolder folder_;
  std::unique_ptr<LogboomdProcess> server_;
  std::string grpc_;
};

TEST_F(LevelsEndToEndTest, ALevelIsPushedConfirmedExpiresAndIsReset) {
  const auto producer = OpenProducer();
  EXPECT_EQ(LevelsAfter("level set shop.cart WARNING", *producer),
            "shop.cart=30");
  EXPECT_EQ(
      LevelsAfter("level set shop DEBUG --for 2s --service test", *producer),
      "shop=10* shop.cart=30");
  EXPECT_EQ(LevelText(*producer), "shop.cart=30") << "it has expired";
  nlohmann::json list = ConfirmedList();
  ASSERT_EQ(list["rules"].size(), 1u) << list;
  EXPECT_EQ(list["rules"][0]["logger"], "shop.cart");
  ASSERT_EQ(list["producers"].size(), 1u) << list;
  EXPECT_EQ(list["producers"][0]["service"], "test");
  EXPECT_EQ(list["producers"][0]["levels"], 1);
  EXPECT_EQ(list["producers"][0]["confirmed"], true);
  EXPECT_EQ(LevelsAfter("level reset shop.cart", *producer), "");
  EXPECT_EQ(ConfirmedList()["rules"].size(), 0u);
}

TEST_F(LevelsEndToEndTest, SetSaysHowManyHaveConfirmed) {
  const auto producer = OpenProducer();
  EXPECT_THAT(Logboom("level set a DEBUG").text,
              HasSubstr("0 of 1 producer confirmed"));
  EXPECT_EQ(LevelText(*producer), "a=10");
  EXPECT_EQ(ConfirmedList()["producers"][0]["confirmed"], true);
  EXPECT_THAT(Logboom("level set a DEBUG").text,
              HasSubstr("1 of 1 producer confirmed"))
      << "the same again is no news, and confirmed";
  EXPECT_THAT(Logboom("level set b DEBUG --service other").text,
              HasSubstr("no producer is connected"));
  EXPECT_THAT(Logboom("level list").text, HasSubstr("confirmed"));
}

TEST_F(LevelsEndToEndTest, LevelsOutliveTheServer) {
  Do("level set root ERROR");
  Do("level set a DEBUG --for 1h");
  Do("level set gone DEBUG --for 1ms");
  KillServer();
  StartServer();
  auto producer = OpenProducer();
  EXPECT_EQ(LevelText(*producer), "a=10* root=40");
  EXPECT_EQ(LevelsAfter("level reset root", *producer), "a=10*");
  StopServer();
  StartServer();
  EXPECT_EQ(LevelText(*OpenProducer()), "a=10*");
}

TEST_F(LevelsEndToEndTest, ADamagedFileIsReportedAndTheServerStarts) {
  Do("level set root ERROR");
  StopServer();
  std::ofstream(journal() + "/levels") << "no such file";
  StartServer();
  EXPECT_THAT(server_->stderr_text(), HasSubstr("levels is damaged"));
  EXPECT_EQ(LevelText(*OpenProducer()), "");
}

TEST_F(LevelsEndToEndTest, RefusesInWordsWhatCannotBe) {
  const Outcome reset = Logboom("level reset a");
  EXPECT_EQ(reset.exit_code, 1);
  EXPECT_THAT(reset.text, HasSubstr("no level is set for logger a"));
  EXPECT_THAT(Logboom("level set a..b DEBUG").text, HasSubstr("empty part"));
  EXPECT_EQ(Logboom("level set a LOUD").exit_code, 2);
  EXPECT_EQ(Logboom("level set a DEBUG --for 0s").exit_code, 2);
  StopServer();
  EXPECT_EQ(Logboom("level list --timeout 10s").exit_code, 1);
}

TEST_F(LevelsEndToEndTest, ListsWhoCannotBeTold) {
  RawPublishClient anonymous(grpc_);
  ASSERT_TRUE(anonymous.SendBatchBytes(MakeBatch(0).SerializeAsString()));
  EXPECT_THAT(anonymous.Next(), StartsWith("ack"));
  const nlohmann::json list = Json("level list");
  EXPECT_EQ(list["anonymous_streams"], 1) << list;
  EXPECT_EQ(list["raw_connections"], 0) << list;
  EXPECT_THAT(Logboom("level list").text,
              HasSubstr("1 anonymous stream cannot be told levels"));
}

TEST_F(LevelsEndToEndTest, LoggersAreListedWithTheirCounts) {
  const auto producer = OpenProducer();
  Publish(*producer, MakeBatch(1, 3));
  v1::LogBatch batch = MakeBatch(2, 1);
  batch.mutable_records(0)->set_logger("shop.cart");
  batch.mutable_records(0)->set_levelno(30);
  Publish(*producer, batch);
  nlohmann::json loggers = Json("loggers");
  EXPECT_EQ(loggers["records"], 4) << loggers;
  ASSERT_EQ(loggers["loggers"].size(), 2u) << loggers;
  EXPECT_EQ(loggers["loggers"][0]["logger"], "shop.cart");
  EXPECT_EQ(loggers["loggers"][0]["levels"][0]["level"], "WARNING");
  EXPECT_EQ(loggers["loggers"][1]["logger"], "test");
  EXPECT_EQ(loggers["loggers"][1]["records"], 3);
  EXPECT_EQ(loggers["loggers"][1]["service"], "test");
  EXPECT_EQ(Json("loggers --last 1h --service test")["records"], 4);
  EXPECT_EQ(Json("loggers --service other")["records"], 0);
}

TEST_F(LevelsEndToEndTest, WhatAProducerLostIsInTheLedgerByReason) {
  const auto producer = OpenProducer();
  v1::LogBatch batch = MakeBatch(1);
  const auto lose = [&batch](const std::string& reason, uint64_t count) {
    v1::Lost& lost = *batch.add_lost();
    lost.set_reason(reason);
    lost.set_count(count);
  };
  lose("buffer_full", 5);
  lose("spool_full", 7);
  lose("a reason of its own", 11);
  lose("buffer_full", 1);
  Publish(*producer, batch);
  StopServer();
  const Outcome stats = RunShell(
      absl::StrCat(LOGBOOM_TEST_CLI, " journal stats --json ", journal()));
  ASSERT_EQ(stats.exit_code, 0) << stats.text;
  const auto json = nlohmann::json::parse(stats.text, nullptr, false);
  const nlohmann::json expected = {{"lost_by_producer", 11},
                                   {"lost_by_producer.buffer_full", 6},
                                   {"lost_by_producer.spool_full", 7}};
  EXPECT_EQ(json["ingest"]["before"], expected) << stats.text;
}

}  // namespace
}  // namespace logboom
