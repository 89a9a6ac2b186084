// Goal: the `logging` section means what CPython 3.11's dictConfig does with
// it. dict_config_agreement_test.py holds the same files against CPython.
#include "server/config/dict_config.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/config/config_loader.h"

namespace logboom {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = HandlerOptions::Kind;
using Stream = HandlerOptions::Stream;

// Loads `logging: {version: 1, SECTIONS}`.
LoggingOptions Load(const std::string& sections) {
  const auto config = ParseConfig(
      absl::StrCat("logging: {version: 1, ", sections, "}"), "test.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? config->logging : LoggingOptions();
}

TEST(DictConfigTest, AFormatterIsReadWithPythonsDefaults) {
  const LoggingOptions logging = Load(R"(
    formatters: {
      full: {format: '%(asctime)s %(message)s', datefmt: '%H:%M', style: '%',
             validate: true, class: logging.Formatter, newlines: raw},
      empty: {}, nulls: {format: null, datefmt: null, class: null},
      escape: {newlines: escape}, blank: {format: '', datefmt: ''}},
    handlers: {
      a: {class: logging.NullHandler, formatter: full},
      b: {class: logging.NullHandler, formatter: empty},
      c: {class: logging.NullHandler, formatter: nulls},
      d: {class: logging.NullHandler, formatter: escape},
      e: {class: logging.NullHandler, formatter: blank},
      f: {class: logging.NullHandler}})");
  ASSERT_EQ(logging.handlers.size(), 6u);
  const FormatterOptions& full = logging.handlers[0].formatter;
  EXPECT_EQ(full.format, "%(asctime)s %(message)s");
  EXPECT_EQ(full.datefmt, "%H:%M");
  EXPECT_EQ(full.newlines, Newlines::kRaw);
  for (int i = 1; i < 6; ++i) {
    EXPECT_EQ(logging.handlers[i].formatter.format, "%(message)s") << i;
    EXPECT_EQ(logging.handlers[i].formatter.datefmt, "") << i;
  }
  EXPECT_EQ(logging.handlers[3].formatter.newlines, Newlines::kEscape);
  EXPECT_EQ(logging.handlers[5].formatter.newlines, Newlines::kIndent);
}

TEST(DictConfigTest, AFormattersStyleDecidesHowItsFormatIsReadAndTheDefault) {
  const LoggingOptions logging = Load(R"(
    formatters: {
      a: {style: '{', format: '{levelname:<8} {http.request.method}'},
      b: {style: $, format: $name}, c: {style: '{'}, d: {style: $},
      e: {style: '%'}},
    handlers: {
      a: {class: logging.NullHandler, formatter: a},
      b: {class: logging.NullHandler, formatter: b},
      c: {class: logging.NullHandler, formatter: c},
      d: {class: logging.NullHandler, formatter: d},
      e: {class: logging.NullHandler, formatter: e}})");
  ASSERT_EQ(logging.handlers.size(), 5u);
  const std::pair<FormatStyle, const char*> expected[] = {
      {FormatStyle::kBrace, "{levelname:<8} {http.request.method}"},
      {FormatStyle::kDollar, "$name"},
      {FormatStyle::kBrace, "{message}"},
      {FormatStyle::kDollar, "${message}"},
      {FormatStyle::kPercent, "%(message)s"}};
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(logging.handlers[i].formatter.style, expected[i].first) << i;
    EXPECT_EQ(logging.handlers[i].formatter.format, expected[i].second) << i;
  }
}

TEST(DictConfigTest, AHandlerWithoutAFormatterSaysSoByNullOrAnEmptyName) {
  const LoggingOptions logging = Load(R"(handlers: {
      a: {class: logging.NullHandler, formatter: null},
      b: {class: logging.NullHandler, formatter: ''}})");
  EXPECT_EQ(logging.handlers[0].formatter.format, "%(message)s");
  EXPECT_EQ(logging.handlers[1].formatter.format, "%(message)s");
}

TEST(DictConfigTest, AStreamHandlerWritesToStderrUnlessItSaysStdout) {
  const LoggingOptions logging = Load(R"(handlers: {
      a: {class: logging.StreamHandler},
      b: {class: logging.StreamHandler, stream: null},
      c: {class: logging.StreamHandler, stream: 'ext://sys.stderr'},
      d: {class: logging.StreamHandler, stream: 'ext://sys.stdout'}})");
  EXPECT_EQ(logging.handlers[0].kind, Kind::kStream);
  EXPECT_EQ(logging.handlers[0].stream, Stream::kStderr);
  EXPECT_EQ(logging.handlers[1].stream, Stream::kStderr);
  EXPECT_EQ(logging.handlers[2].stream, Stream::kStderr);
  EXPECT_EQ(logging.handlers[3].stream, Stream::kStdout);
}

TEST(DictConfigTest, AFileHandlerTakesPythonsArguments) {
  const LoggingOptions logging = Load(R"(handlers: {
      a: {class: logging.FileHandler, filename: a.log},
      b: {class: logging.FileHandler, filename: /b.log, mode: w, delay: true,
          encoding: UTF_8, errors: backslashreplace},
      c: {class: logging.FileHandler, filename: c.log, mode: a, delay: 0,
          encoding: null, errors: null},
      d: {class: logging.FileHandler, filename: d.log, encoding: utf8}})");
  EXPECT_EQ(logging.handlers[0].kind, Kind::kFile);
  EXPECT_EQ(logging.handlers[0].filename, "a.log");
  EXPECT_FALSE(logging.handlers[0].truncate);
  EXPECT_FALSE(logging.handlers[0].delay);
  EXPECT_EQ(logging.handlers[1].filename, "/b.log");
  EXPECT_TRUE(logging.handlers[1].truncate);
  EXPECT_TRUE(logging.handlers[1].delay);
  EXPECT_FALSE(logging.handlers[2].truncate);
  EXPECT_FALSE(logging.handlers[2].delay);
}

TEST(DictConfigTest, ALevelIsANameOrANumber) {
  const LoggingOptions logging = Load(R"(handlers: {
      a: {class: logging.NullHandler, level: WARN},
      b: {class: logging.NullHandler, level: 15},
      c: {class: logging.NullHandler, level: -5},
      d: {class: logging.NullHandler, level: null},
      e: {class: logging.NullHandler, level: FATAL},
      f: {class: logging.NullHandler, level: 0x1E}})");
  EXPECT_EQ(logging.handlers[0].level, 30);
  EXPECT_EQ(logging.handlers[1].level, 15);
  EXPECT_EQ(logging.handlers[2].level, -5);
  EXPECT_EQ(logging.handlers[3].level, 0);
  EXPECT_EQ(logging.handlers[4].level, 50);
  EXPECT_EQ(logging.handlers[5].level, 30);
}

TEST(DictConfigTest, FiltersAreResolvedToTheirPrefixes) {
  const LoggingOptions logging = Load(R"(
    filters: {all: {}, shop: {name: shop}, cart: {name: shop.cart}},
    handlers: {a: {class: logging.NullHandler, filters: [cart, all]}},
    loggers: {x: {filters: [shop]}, y: {filters: null}},
    root: {filters: [shop, cart]})");
  EXPECT_THAT(logging.handlers[0].filters, ElementsAre("shop.cart", ""));
  EXPECT_THAT(logging.loggers[0].filters, ElementsAre("shop"));
  EXPECT_THAT(logging.loggers[1].filters, IsEmpty());
  EXPECT_THAT(logging.root.filters, ElementsAre("shop", "shop.cart"));
}

TEST(DictConfigTest, HandlersKeepTheOrderOfAttachmentAndAttachOnce) {
  const LoggingOptions logging = Load(R"(
    handlers: {a: {class: logging.NullHandler}, b: {class: logging.NullHandler}},
    loggers: {x: {handlers: [b, a, b]}, y: {handlers: null}, z: {handlers: []}})");
  EXPECT_THAT(logging.loggers[0].handlers, ElementsAre(1, 0));
  EXPECT_THAT(logging.loggers[1].handlers, IsEmpty());
  EXPECT_THAT(logging.loggers[2].handlers, IsEmpty());
}

TEST(DictConfigTest, ALoggerTakesItsDefaultsFromPython) {
  const LoggingOptions logging = Load(R"(loggers: {
      a: {}, b: {propagate: false}, c: {propagate: 0}, d: {propagate: null},
      e: {propagate: no, level: ERROR}})");
  EXPECT_EQ(logging.loggers[0].name, "a");
  EXPECT_EQ(logging.loggers[0].level, 0);
  EXPECT_TRUE(logging.loggers[0].propagate);
  EXPECT_FALSE(logging.loggers[1].propagate);
  EXPECT_FALSE(logging.loggers[2].propagate);
  EXPECT_TRUE(logging.loggers[3].propagate);
  EXPECT_FALSE(logging.loggers[4].propagate);
  EXPECT_EQ(logging.loggers[4].level, 40);
}

TEST(DictConfigTest, TheRootStaysAtWarningUnlessToldOtherwise) {
  EXPECT_EQ(Load("root: {handlers: []}").root.level, 30);
  EXPECT_EQ(Load("root: {level: null}").root.level, 30);
  EXPECT_EQ(Load("root: null").root.level, 30);
  EXPECT_EQ(Load("root: {level: NOTSET}").root.level, 0);
}

TEST(DictConfigTest, TheRootIsAlsoALoggerOfTheNameRootOrOfNoName) {
  const std::string handlers =
      "handlers: {a: {class: logging.NullHandler}, b: {class: "
      "logging.NullHandler}}, filters: {f: {name: f}, g: {name: g}}, ";
  for (const char* name : {"root", "''"}) {
    const LoggingOptions logging = Load(absl::StrCat(
        handlers, "loggers: {", name,
        ": {level: 5, handlers: [a], propagate: false, filters: [f]}}"));
    EXPECT_THAT(logging.loggers, IsEmpty());
    EXPECT_EQ(logging.root.level, 5);
    EXPECT_THAT(logging.root.handlers, ElementsAre(0));
    EXPECT_FALSE(logging.root.propagate);
  }
  // dictConfig's `root` comes last: replaces handlers, adds filters.
  const LoggingOptions both = Load(
      absl::StrCat(handlers,
                   "root: {handlers: [b], filters: [g]}, "
                   "loggers: {root: {level: 5, handlers: [a], filters: [f]}}"));
  EXPECT_EQ(both.root.level, 5);
  EXPECT_THAT(both.root.handlers, ElementsAre(1));
  EXPECT_THAT(both.root.filters, ElementsAre("f", "g"));
  // And one with nothing in it does not count.
  const LoggingOptions empty = Load(
      absl::StrCat(handlers, "root: {}, loggers: {root: {handlers: [a]}}"));
  EXPECT_THAT(empty.root.handlers, ElementsAre(0));
}

TEST(DictConfigTest, KeysWithoutEffectHereAreAccepted) {
  Load("disable_existing_loggers: false");
  Load("disable_existing_loggers: null, incremental: false");
  Load("incremental: null, formatters: {}, filters: {}, loggers: {}");
}

TEST(DictConfigTest, FileHandlersOnTwoFilesAreNoConflict) {
  const LoggingOptions logging = Load(R"(handlers: {
      a: {class: logging.FileHandler, filename: x.log},
      b: {class: logging.FileHandler, filename: y/x.log},
      c: {class: logging.FileHandler, filename: y/../y.log}})");
  EXPECT_EQ(logging.handlers.size(), 3u);
}

}  // namespace
}  // namespace logboom
