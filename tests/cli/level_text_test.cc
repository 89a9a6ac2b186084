// Goal: what the server says of levels and loggers is told in whole, and in
// words that nobody can misread.

#include "cli/level_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

namespace logboom {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <typename Print>
std::string Printed(Print print) {
  testing::internal::CaptureStdout();
  print();
  std::fflush(stdout);
  return testing::internal::GetCapturedStdout();
}

void AddRule(v1::ListLevelsResponse* levels, const std::string& logger,
             int32_t levelno, const std::string& service = "") {
  v1::LevelRule& rule = *levels->add_rules();
  rule.set_logger(logger);
  rule.set_levelno(levelno);
  rule.set_service(service);
}

void AddProducer(v1::ListLevelsResponse* levels, const std::string& service,
                 bool confirmed) {
  v1::LevelProducer& producer = *levels->add_producers();
  producer.set_producer_id("\x01\xab");
  producer.set_service(service);
  producer.set_instance("one");
  producer.set_host("h");
  producer.set_pid(4711);
  producer.set_levels(2);
  producer.set_confirmed(confirmed);
}

v1::ListLevelsResponse SomeLevels() {
  v1::ListLevelsResponse levels;
  AddRule(&levels, "root", 30, "billing");
  AddRule(&levels, "shop.cart", 15);
  v1::LevelRule& rule = *levels.mutable_rules(1);
  rule.mutable_expires_at()->set_seconds(1'700'000'000);
  rule.mutable_expires_in()->set_seconds(599);
  rule.mutable_expires_in()->set_nanos(500'000'000);
  AddProducer(&levels, "billing", true);
  AddProducer(&levels, "", false);
  levels.mutable_producers(1)->clear_instance();
  levels.mutable_producers(1)->clear_host();
  levels.mutable_producers(1)->clear_pid();
  return levels;
}

TEST(LevelTextTest, ReadsNamesInAnyCaseAndNumbersFromZero) {
  EXPECT_EQ(ParseLevel("DEBUG"), 10);
  EXPECT_EQ(ParseLevel("warning"), 30);
  EXPECT_EQ(ParseLevel("Warn"), 30);
  EXPECT_EQ(ParseLevel("notset"), 0);
  EXPECT_EQ(ParseLevel("0"), 0);
  EXPECT_EQ(ParseLevel("15"), 15);
  for (const char* text : {"", "-1", "loud", "1.5", "10x", "99999999999"}) {
    EXPECT_EQ(ParseLevel(text), std::nullopt) << text;
  }
}

TEST(LevelTextTest, ListsRulesAndWhoHasConfirmed) {
  EXPECT_EQ(Printed([] { PrintLevels(SomeLevels()); }),
            R"(logger     level     service  expires in
root       WARNING   billing  never
shop.cart  Level 15  (all)    10m

producer  instance   pid  host  levels  told
billing   one       4711  h          2  confirmed
-         -            -  -          2  not yet
OTLP producers cannot be told levels
)");
}

TEST(LevelTextTest, SaysWhoCannotBeTold) {
  v1::ListLevelsResponse levels;
  levels.set_raw_connections(1);
  levels.set_anonymous_streams(2);
  EXPECT_EQ(Printed([&] { PrintLevels(levels); }),
            "no levels are set\n\nno producer is connected\n"
            "1 raw TCP connection cannot be told levels\n"
            "2 anonymous streams cannot be told levels\n"
            "OTLP producers cannot be told levels\n");
}

TEST(LevelTextTest, CountsConfirmations) {
  v1::ListLevelsResponse levels;
  EXPECT_EQ(ConfirmationText(levels), "no producer is connected");
  EXPECT_TRUE(AllConfirmed(levels));
  AddProducer(&levels, "a", true);
  EXPECT_EQ(ConfirmationText(levels), "1 of 1 producer confirmed");
  EXPECT_TRUE(AllConfirmed(levels));
  AddProducer(&levels, "b", false);
  EXPECT_EQ(ConfirmationText(levels), "1 of 2 producers confirmed");
  EXPECT_FALSE(AllConfirmed(levels));
}

TEST(LevelTextTest, JsonHasAllOfIt) {
  const nlohmann::ordered_json json = LevelsJson(SomeLevels());
  EXPECT_EQ(json["rules"][0].dump(),
            R"({"logger":"root","level":"WARNING","levelno":30,)"
            R"("service":"billing","expires_at":null,)"
            R"("expires_in_seconds":null})");
  EXPECT_EQ(json["rules"][1]["service"], nullptr);
  EXPECT_EQ(json["rules"][1]["expires_at"], "2023-11-14T22:13:20+00:00");
  EXPECT_EQ(json["rules"][1]["expires_in_seconds"], 599.5);
  EXPECT_EQ(json["producers"][0].dump(),
            R"({"producer_id":"01ab","service":"billing","instance":"one",)"
            R"("pid":4711,"host":"h","levels":2,"confirmed":true})");
}

v1::ListLoggersResponse SomeLoggers() {
  v1::ListLoggersResponse loggers;
  v1::LoggerSeen& seen = *loggers.add_loggers();
  seen.set_logger("shop\n.cart");
  seen.set_records(7);
  seen.mutable_last()->set_seconds(1'700'000'000);
  for (const int32_t levelno : {10, 30}) {
    v1::LevelCount& level = *seen.add_levels();
    level.set_levelno(levelno);
    level.set_records(static_cast<uint64_t>(levelno) / 10);
  }
  loggers.set_other_records(1);
  loggers.set_records(8);
  loggers.mutable_since()->set_seconds(1'699'999'999);
  return loggers;
}

TEST(LevelTextTest, ListsLoggersWithTheirCounts) {
  EXPECT_EQ(Printed([] { PrintLoggers(SomeLoggers()); }),
            R"(logger         service  records  last                  levels
shop\x0a.cart  -              7  2023-11-14 22:13:20Z  DEBUG 1, WARNING 3
1 record of other loggers, which are more than are counted one by one
8 records since 2023-11-14 22:13:19Z
)");
  EXPECT_EQ(Printed([] { PrintLoggers({}); }), "no records\n");
}

TEST(LevelTextTest, LoggersAsJson) {
  EXPECT_EQ(LoggersJson(SomeLoggers()).dump(),
            R"({"loggers":[{"logger":"shop\n.cart","service":"","records":7,)"
            R"("last":"2023-11-14T22:13:20+00:00","levels":[)"
            R"({"level":"DEBUG","levelno":10,"records":1},)"
            R"({"level":"WARNING","levelno":30,"records":3}]}],)"
            R"("other_records":1,"records":8,)"
            R"("since":"2023-11-14T22:13:19+00:00"})");
  EXPECT_EQ(LoggersJson({})["since"], nullptr);
}

TEST(LevelTextTest, TextOfAProducerCannotForgeALine) {
  v1::ListLevelsResponse levels;
  AddRule(&levels, "a", 10);
  AddProducer(&levels, "evil\nbilling  one  1  h  2  confirmed\x1b[2J", false);
  EXPECT_THAT(Printed([&] { PrintLevels(levels); }),
              HasSubstr("evil\\x0abilling"));
  EXPECT_THAT(Printed([&] { PrintLevels(levels); }), Not(HasSubstr("\x1b[2J")));
}

}  // namespace
}  // namespace logboom
