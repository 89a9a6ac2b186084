#include "server/config/config_loader.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/config/yaml_reader.h"

namespace logboom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Stream = HandlerOptions::Stream;
using Start = HandlerOptions::Start;

Config Parse(const std::string& text) {
  const auto config = ParseConfig(text, "test.yaml");
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *config : Config();
}

void ExpectDefault(const Config& config) {
  EXPECT_EQ(config.listen.grpc->host, "127.0.0.1");
  EXPECT_EQ(config.listen.grpc->port, 4317);
  EXPECT_EQ(config.listen.tcp->host, "127.0.0.1");
  EXPECT_EQ(config.listen.tcp->port, 9020);
  EXPECT_EQ(config.listen.unix_path, "");
  EXPECT_EQ(config.ingest.frame_bytes, 16 << 20);
  EXPECT_EQ(config.ingest.batch_bytes, 4 << 20);
  EXPECT_EQ(config.ingest.ingest_bytes, 64 << 20);
  EXPECT_EQ(config.ingest.tcp_buffer_bytes, 64 << 20);
  EXPECT_EQ(config.ingest.pickle_depth, 100);
  EXPECT_EQ(config.ingest.pickle_items, 100'000);
  EXPECT_EQ(config.ingest.tcp_logger, "");
  EXPECT_EQ(config.journal.path, "./logboom-data");
  EXPECT_EQ(config.journal.segment_bytes, 128 << 20);
  EXPECT_EQ(config.journal.retain_bytes, int64_t{10} << 30);
  EXPECT_EQ(config.journal.retain_age, absl::Hours(7 * 24));
  EXPECT_EQ(config.journal.effective_max_bytes(), int64_t{20} << 30);
  EXPECT_EQ(config.journal.forget_producers, absl::Hours(7 * 24));
}

void ExpectDefaultLogging(const LoggingOptions& logging) {
  ASSERT_EQ(logging.handlers.size(), 1u);
  const HandlerOptions& console = logging.handlers[0];
  EXPECT_EQ(console.name, "console");
  EXPECT_EQ(console.kind, HandlerOptions::Kind::kStream);
  EXPECT_EQ(console.stream, Stream::kStdout);
  EXPECT_EQ(console.formatter.format,
            "%(relativeCreated)5d %(name)-15s %(levelname)-8s %(message)s");
  EXPECT_EQ(console.formatter.newlines, Newlines::kIndent);
  EXPECT_EQ(console.level, 0);
  EXPECT_EQ(console.start, Start::kHead);
  EXPECT_EQ(logging.root.level, 0);
  EXPECT_THAT(logging.root.handlers, ElementsAre(0));
  EXPECT_THAT(logging.loggers, IsEmpty());
  EXPECT_FALSE(logging.apply_logger_levels);
}

TEST(ConfigLoaderTest, AnEmptyFileIsTheDefaults) {
  for (const char* text : {"", "# nothing\n", "---\n", "{}", "null\n"}) {
    SCOPED_TRACE(text);
    ExpectDefault(Parse(text));
    ExpectDefaultLogging(Parse(text).logging);
  }
  ExpectDefault(DefaultConfig());
  ExpectDefaultLogging(DefaultConfig().logging);
}

TEST(ConfigLoaderTest, ASectionWithNothingInItTakesItsDefaults) {
  const Config config = Parse("listen:\ntcp:\njournal:\nlimits:\nhandlers:\n");
  ExpectDefault(config);
  ExpectDefaultLogging(config.logging);
}

TEST(ConfigLoaderTest, EveryKeyOfTheServiceIsRead) {
  const Config config = Parse(R"(
listen: {grpc: "0.0.0.0:5000", tcp: "[::1]:6000", unix: /run/logboom/log.sock}
tcp: {logger: legacy}
journal: {path: /var/lib/logboom, segment_bytes: 64MiB, retain_bytes: 1GiB, retain_age: 36h,
          max_bytes: 3GiB, forget_producers: 30d}
limits: {frame_bytes: 1MiB, batch_bytes: 512KiB, ingest_bytes: 32MiB,
         tcp_buffer_bytes: 8388608, pickle_depth: 20, pickle_items: 5000}
apply_logger_levels: true
handlers: {console: {start: beginning}}
)");
  EXPECT_EQ(config.listen.grpc->host, "0.0.0.0");
  EXPECT_EQ(config.listen.grpc->port, 5000);
  EXPECT_EQ(config.listen.tcp->host, "::1");
  EXPECT_EQ(config.listen.tcp->port, 6000);
  EXPECT_EQ(config.listen.unix_path, "/run/logboom/log.sock");
  EXPECT_EQ(config.ingest.tcp_logger, "legacy");
  EXPECT_EQ(config.journal.path, "/var/lib/logboom");
  EXPECT_EQ(config.journal.segment_bytes, 64 << 20);
  EXPECT_EQ(config.journal.retain_bytes, 1 << 30);
  EXPECT_EQ(config.journal.retain_age, absl::Hours(36));
  EXPECT_EQ(config.journal.effective_max_bytes(), int64_t{3} << 30);
  EXPECT_EQ(config.journal.forget_producers, absl::Hours(30 * 24));
  EXPECT_EQ(config.ingest.frame_bytes, 1 << 20);
  EXPECT_EQ(config.ingest.batch_bytes, 512 << 10);
  EXPECT_EQ(config.ingest.ingest_bytes, 32 << 20);
  EXPECT_EQ(config.ingest.tcp_buffer_bytes, 8 << 20);
  EXPECT_EQ(config.ingest.pickle_depth, 20);
  EXPECT_EQ(config.ingest.pickle_items, 5000);
  EXPECT_TRUE(config.logging.apply_logger_levels);
  EXPECT_EQ(config.logging.handlers[0].start, Start::kBeginning);
}

TEST(ConfigLoaderTest, TheHardLimitIsTwiceWhatIsRetainedUnlessGiven) {
  EXPECT_EQ(
      Parse("journal: {retain_bytes: 3GiB}").journal.effective_max_bytes(),
      int64_t{6} << 30);
  EXPECT_EQ(Parse("journal: {retain_bytes: 3GiB, max_bytes: 3GiB}")
                .journal.effective_max_bytes(),
            int64_t{3} << 30)
      << "as much is enough";
}

TEST(ConfigLoaderTest, AListenerIsSwitchedOffByNullOrOff) {
  for (const char* off : {"null", "off", "~", "\"off\"", "false", ""}) {
    SCOPED_TRACE(off);
    const Config config = Parse(absl::StrCat(
        "listen:\n  grpc: ", off, "\n  tcp: ", off, "\n  unix: ", off, "\n"));
    EXPECT_FALSE(config.listen.grpc.has_value());
    EXPECT_FALSE(config.listen.tcp.has_value());
    EXPECT_EQ(config.listen.unix_path, "");
  }
}

TEST(ConfigLoaderTest, PortZeroMayStandTwice) {
  const Config config = Parse("listen: {grpc: 0, tcp: 127.0.0.1:0}");
  EXPECT_EQ(config.listen.grpc->port, 0);
  EXPECT_EQ(config.listen.tcp->port, 0);
}

TEST(ConfigLoaderTest, TheGreatestBatchFitsGrpcsMessageLimit) {
  const Config config =
      Parse("limits: {batch_bytes: 512MiB, ingest_bytes: 1GiB}");
  EXPECT_LE(2 * config.ingest.batch_bytes, int64_t{1} << 30);
  EXPECT_FALSE(
      ParseConfig("limits: {batch_bytes: 536870913, ingest_bytes: 1GiB}", "f")
          .ok());
}

TEST(ConfigLoaderTest, JsonSaysTheSameAsYaml) {
  const Config config = Parse(
      R"({"listen": {"grpc": null, "tcp": "127.0.0.1:0"},
	"logging": {"version": 1, "root": {"level": 10}}})");
  EXPECT_FALSE(config.listen.grpc.has_value());
  EXPECT_EQ(config.listen.tcp->port, 0);
  EXPECT_EQ(config.logging.root.level, 10);
}

TEST(ConfigLoaderTest, ALoggingSectionReplacesTheDefaultOneAsAWhole) {
  const Config config = Parse("logging: {version: 1}");
  EXPECT_THAT(config.logging.handlers, IsEmpty());
  EXPECT_THAT(config.logging.root.handlers, IsEmpty());
  EXPECT_EQ(config.logging.root.level, 30) << "as logging.root starts";
}

TEST(ConfigLoaderTest, AHandlersStartIsFoundWhicheverSectionComesFirst) {
  const std::string start = "handlers: {b: {start: beginning}, a: }\n";
  const std::string logging =
      "logging:\n  version: 1\n  handlers: {a: {class: logging.NullHandler}, "
      "b: {class: logging.NullHandler}}\n";
  for (const std::string& text : {start + logging, logging + start}) {
    const Config config = Parse(text);
    EXPECT_EQ(config.logging.handlers[0].start, Start::kHead);
    EXPECT_EQ(config.logging.handlers[1].start, Start::kBeginning);
  }
}

TEST(ConfigLoaderTest, AMissingFileIsReportedWithItsNameAndTheReason) {
  const auto config = LoadConfigFile("/nonexistent/logboomd.yaml");
  EXPECT_EQ(config.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(config.status().message(),
            "/nonexistent/logboomd.yaml: cannot be read: No such file or "
            "directory");
}

TEST(ConfigLoaderTest, AFolderIsNoFile) {
  const auto config = LoadConfigFile(testing::TempDir());
  EXPECT_EQ(config.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(config.status().message()),
              HasSubstr("Is a directory"));
}

TEST(ConfigLoaderTest, AFilesErrorsNameItAsItWasGiven) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "config_loader_", getpid(), ".yaml");
  std::ofstream(path) << "journal: 3\nlisten: 4\n";
  const auto config = LoadConfigFile(path);
  std::remove(path.c_str());
  EXPECT_EQ(config.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(
      std::string(config.status().message()),
      absl::StrCat(path, ":1:10: journal: is the number 3; accepted: a map\n",
                   path, ":2:9: listen: is the number 4; accepted: a map"));
}

TEST(ConfigLoaderTest, AFileTooLargeIsRefusedUnread) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "config_large_", getpid(), ".yaml");
  std::ofstream(path) << std::string(3 * kMaxYamlBytes, '#');
  const auto config = LoadConfigFile(path);
  std::remove(path.c_str());
  EXPECT_THAT(std::string(config.status().message()), HasSubstr("too large"));
}

// The example file shows every key with its default, and one of everything
// that `logging` can hold.
TEST(ConfigLoaderTest, TheExampleFileLoads) {
  const auto config =
      LoadConfigFile(LOGBOOM_SOURCE_DIR "/logboomd.example.yaml");
  ASSERT_TRUE(config.ok()) << config.status().message();
  ExpectDefault(*config);
  const LoggingOptions& logging = config->logging;
  ASSERT_EQ(logging.handlers.size(), 4u);
  EXPECT_EQ(logging.handlers[0].name, "console");
  EXPECT_EQ(logging.handlers[1].name, "errors");
  EXPECT_EQ(logging.handlers[1].level, 40);
  EXPECT_EQ(logging.handlers[2].name, "audit");
  EXPECT_EQ(logging.handlers[2].start, Start::kBeginning);
  EXPECT_EQ(logging.handlers[3].kind, HandlerOptions::Kind::kNull);
  ASSERT_EQ(logging.loggers.size(), 2u);
  EXPECT_EQ(logging.loggers[0].name, "shop.cart.payment");
  EXPECT_THAT(logging.root.handlers, ElementsAre(0, 1));
}

}  // namespace
}  // namespace logboom
