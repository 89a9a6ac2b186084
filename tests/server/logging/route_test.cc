#include "server/logging/route.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "server/logging/logger_tree.h"

namespace logboom {
namespace {

// Goal: each rule of CPython's Logger.handle and callHandlers, one by one.
// Method: small trees; handler 0 is called "a", handler 1 "b".

constexpr int kA = 0;
constexpr int kB = 1;

LoggingOptions TwoHandlers() {
  LoggingOptions options;
  options.handlers = {{.name = "a"}, {.name = "b"}};
  options.root = {.level = 30};
  return options;
}

int Times(const LoggingOptions& options, absl::string_view logger,
          int32_t levelno, int handler) {
  const LoggerTree tree(options);
  const absl::string_view name = logger.empty() ? "root" : logger;
  return FindRoute(tree, logger, name, handler).TimesFor(levelno);
}

int LastResortTimes(const LoggingOptions& options, absl::string_view logger,
                    int32_t levelno) {
  return Times(options, logger, levelno,
               static_cast<int>(options.handlers.size()));
}

TEST(RouteTest, ARecordMeetsTheHandlersOfItsLoggerAndOfAllAncestors) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop", .handlers = {kB}}};
  EXPECT_EQ(Times(options, "shop.cart", 20, kA), 1);
  EXPECT_EQ(Times(options, "shop.cart", 20, kB), 1);
  EXPECT_EQ(Times(options, "other", 20, kA), 1);
  EXPECT_EQ(Times(options, "other", 20, kB), 0);
}

TEST(RouteTest, TheLevelsOfLoggersDoNotApply) {
  LoggingOptions options = TwoHandlers();
  options.root = {.level = 50, .handlers = {kA}};
  options.loggers = {{.name = "shop", .level = 50}};
  EXPECT_EQ(Times(options, "shop", 10, kA), 1);
}

TEST(RouteTest, TheLevelOfAHandlerApplies) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].level = 30;
  options.root.handlers = {kA};
  EXPECT_EQ(Times(options, "x", 29, kA), 0);
  EXPECT_EQ(Times(options, "x", 30, kA), 1);
}

TEST(RouteTest, NotPropagatingEndsTheWalkAfterTheLoggersOwnHandlers) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop", .propagate = false, .handlers = {kB}}};
  EXPECT_EQ(Times(options, "shop.cart", 20, kA), 0);
  EXPECT_EQ(Times(options, "shop.cart", 20, kB), 1);
}

TEST(RouteTest, AHandlerAtTwoLoggersOfTheWalkEmitsTwice) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop", .handlers = {kA}}};
  EXPECT_EQ(Times(options, "shop.cart", 20, kA), 2);
}

TEST(RouteTest, OnlyTheFiltersOfTheRecordsOwnLoggerApply) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop", .filters = {"nothing"}},
                     {.name = "shop.cart"}};
  EXPECT_EQ(Times(options, "shop", 20, kA), 0);
  EXPECT_EQ(Times(options, "shop.cart", 20, kA), 1);
  EXPECT_EQ(Times(options, "shop.other", 20, kA), 1)
      << "a name that is not configured has no filters of its own";
}

TEST(RouteTest, TheFiltersOfAHandlerApplyToTheRecordsName) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].filters = {"shop.cart"};
  options.root.handlers = {kA};
  EXPECT_EQ(Times(options, "shop.cart.x", 20, kA), 1);
  EXPECT_EQ(Times(options, "shop", 20, kA), 0);
}

TEST(RouteTest, TheRootIsCalledRootInFilters) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].filters = {"root"};
  options.root.handlers = {kA};
  EXPECT_EQ(Times(options, "", 20, kA), 1);
}

TEST(RouteTest, LoggerLevelsApplyWhenTurnedOn) {
  LoggingOptions options = TwoHandlers();
  options.apply_logger_levels = true;
  options.root = {.level = 40, .handlers = {kA}};
  options.loggers = {{.name = "shop", .level = 10}, {.name = "shop.cart"}};
  EXPECT_EQ(Times(options, "shop", 10, kA), 1);
  EXPECT_EQ(Times(options, "shop.cart.deep", 10, kA), 1)
      << "the nearest ancestor's level is inherited, the root's is not asked";
  EXPECT_EQ(Times(options, "other", 30, kA), 0);
}

TEST(RouteTest, TheLastResortSpeaksWhenTheWalkMeetsNoHandler) {
  LoggingOptions options = TwoHandlers();
  options.loggers = {{.name = "shop", .handlers = {kA}}};
  EXPECT_EQ(LastResortTimes(options, "other", 30), 1);
  EXPECT_EQ(LastResortTimes(options, "other", 29), 0);
  EXPECT_EQ(LastResortTimes(options, "shop", 50), 0);
}

TEST(RouteTest, TheLastResortStaysSilentWhenAHandlerOnlyRefused) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].level = 50;
  options.root.handlers = {kA};
  EXPECT_EQ(LastResortTimes(options, "x", 40), 0);
}

TEST(RouteTest, AFilteredRecordDoesNotReachTheLastResort) {
  LoggingOptions options;
  options.loggers = {{.name = "shop", .filters = {"nothing"}}};
  EXPECT_EQ(LastResortTimes(options, "shop", 50), 0);
}

TEST(RouteTest, AParentIsTheLongestConfiguredPrefixBeforeADot) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop.", .handlers = {kB}}};
  EXPECT_EQ(Times(options, "shop..x", 20, kB), 1);
  EXPECT_EQ(Times(options, "shop.x", 20, kB), 0);
  EXPECT_EQ(Times(options, ".x", 20, kA), 1);
  EXPECT_EQ(Times(options, "...", 20, kA), 1);
}

TEST(RouteTest, ChildrenSeeParentsWhateverTheOrderOfTheConfiguration) {
  LoggingOptions options = TwoHandlers();
  options.loggers = {{.name = "a.b.c"},
                     {.name = "a-z"},
                     {.name = "a", .handlers = {kB}},
                     {.name = "a.b", .propagate = true}};
  EXPECT_EQ(Times(options, "a.b.c.d", 20, kB), 1);
  EXPECT_EQ(Times(options, "a-z", 20, kB), 0);
}

TEST(RouteTest, FiltersCompareTheRecordsOwnNameAndNotItsNewLogger) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].filters = {"own"};
  options.loggers = {{.name = "all", .handlers = {kA}}};
  const LoggerTree tree(options);
  EXPECT_EQ(FindRoute(tree, "all", "own.name", kA).times, 1);
  EXPECT_EQ(FindRoute(tree, "all", "all", kA).times, 0);
}

TEST(LoggerTreeTest, NeedsALastResortOnlyWhenSomeWalkMeetsNoHandler) {
  LoggingOptions options = TwoHandlers();
  EXPECT_TRUE(LoggerTree(options).needs_last_resort());
  options.root.handlers = {kA};
  EXPECT_FALSE(LoggerTree(options).needs_last_resort());
  options.loggers = {{.name = "mute", .propagate = false}};
  EXPECT_TRUE(LoggerTree(options).needs_last_resort());
}

TEST(RouteCacheTest, AnswersAsFindRouteHoweverManyNamesThereAre) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "n1", .handlers = {kA}}};
  const LoggerTree tree(options);
  RouteCache cache(&tree, kA);
  for (size_t i = 0; i < 3 * RouteCache::kMaxNames; ++i) {
    const std::string name = absl::StrCat("n", i % (RouteCache::kMaxNames + 1));
    LogEvent event;
    event.logger = name;
    ASSERT_EQ(cache.Find(event).times, name == "n1" ? 2 : 1) << name;
  }
}

// A name of nothing but dots once took hours: every prefix was looked up.
TEST(RouteCacheTest, ALongNameCostsNoMoreThanItsLength) {
  LoggingOptions options = TwoHandlers();
  options.root.handlers = {kA};
  options.loggers = {{.name = "shop.cart", .handlers = {kB}}};
  const LoggerTree tree(options);
  RouteCache cache(&tree, kB);
  const std::string dots(4 << 20, '.');
  const std::string below = absl::StrCat("shop.cart", dots, "payment");
  for (int round = 0; round < 2; ++round) {
    LogEvent event;
    event.logger = dots;
    EXPECT_EQ(cache.Find(event).times, 0);
    event.logger = below;
    EXPECT_EQ(cache.Find(event).times, 1);
  }
}

TEST(RouteCacheTest, KeepsRecordsOfOneLoggerApartByTheirOwnNames) {
  LoggingOptions options = TwoHandlers();
  options.handlers[kA].filters = {"own"};
  options.root.handlers = {kA};
  const LoggerTree tree(options);
  RouteCache cache(&tree, kA);
  for (int round = 0; round < 2; ++round) {
    for (const absl::string_view own : {"own", "other"}) {
      std::string encoded;
      RecordWriter writer(&encoded);
      writer.Logger("all");
      writer.Attribute("python.name", own);
      const LogEvent event =
          MakeLogEvent(*RecordView::Parse(encoded), MapView(), absl::Now(), 0);
      EXPECT_EQ(cache.Find(event).times, own == "own" ? 1 : 0);
    }
  }
}

}  // namespace
}  // namespace logboom
