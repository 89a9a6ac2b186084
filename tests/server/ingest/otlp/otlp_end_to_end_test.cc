// Goal: what an OpenTelemetry client exports comes out of a handler, is in the
// journal as it came, and is there once after a stop. Method: the real
// programs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/testing/export_client.h"
#include "tests/testing/logboomd_process.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

absl::Time Soon() { return absl::Now() + absl::Minutes(1); }

std::string OutputOf(const std::string& command) {
  FILE* const pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "";
  std::string text;
  char buffer[4096];
  for (size_t n; (n = fread(buffer, 1, sizeof(buffer), pipe)) > 0;) {
    text.append(buffer, n);
  }
  EXPECT_EQ(pclose(pipe), 0) << command;
  return text;
}

class OtlpEndToEndTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(config())
        << R"({"listen": {"grpc": "127.0.0.1:0", "tcp": "127.0.0.1:0"},)"
        << R"( "journal": {"path": ")" << journal() << R"("},)"
        << R"( "logging": {"version": 1,)"
        << R"( "formatters": {"f": {"format":)"
        << R"( "%(name)s %(levelname)s %(message)s"}},)"
        << R"( "handlers": {"out": {"class": "logging.FileHandler",)"
        << R"( "filename": ")" << output() << R"(", "formatter": "f"}},)"
        << R"( "root": {"level": "NOTSET", "handlers": ["out"]}}})";
    StartServer();
  }

  std::string config() { return folder_.PathOf("logboomd.json"); }
  std::string journal() { return folder_.PathOf("journal"); }
  std::string output() { return folder_.PathOf("out.log"); }

  void StartServer() {
    auto server = LogboomdProcess::Start(
        {.program = LOGBOOM_TEST_SERVER, .config_file = config()});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    const auto addresses = server_->WaitUntilListening(Soon());
    ASSERT_TRUE(addresses.ok()) << addresses.status();
    client_ = std::make_unique<ExportClient>(addresses->grpc);
  }
  void StopServer() {
    server_->Signal(SIGTERM);
    const auto exit_code = server_->Wait(Soon());
    ASSERT_TRUE(exit_code.ok()) << exit_code.status();
    EXPECT_EQ(*exit_code, 0) << server_->stderr_text();
  }
  std::string Written() {
    std::stringstream text;
    text << std::ifstream(output()).rdbuf();
    return text.str();
  }

  TempFolder folder_;
  std::unique_ptr<LogboomdProcess> server_;
  std::unique_ptr<ExportClient> client_;
};

TEST_F(OtlpEndToEndTest, AnExportIsWrittenByAHandlerUnderItsScope) {
  ExportRequest request = MakeExport(2, "shop.cart");
  auto& record = *request.mutable_resource_logs(0)
                      ->mutable_scope_logs(0)
                      ->mutable_log_records(1);
  record.set_severity_number(
      opentelemetry::proto::logs::v1::SEVERITY_NUMBER_ERROR);
  const ExportOutcome outcome = client_->Export(request);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_FALSE(outcome.response.has_partial_success());
  StopServer();
  EXPECT_EQ(Written(), "shop.cart INFO 0\nshop.cart ERROR 1\n");
  StartServer();
  ASSERT_TRUE(client_->Export(MakeExport(1, "late")).status.ok());
  StopServer();
  EXPECT_EQ(Written(), "shop.cart INFO 0\nshop.cart ERROR 1\nlate INFO 0\n");
}

TEST_F(OtlpEndToEndTest, TheJournalDumpShowsWhatSurroundsARecord) {
  ExportRequest request = MakeExport(1, "shop.cart");
  auto& scope =
      *request.mutable_resource_logs(0)->mutable_scope_logs(0)->mutable_scope();
  scope.set_version("1.2");
  scope.add_attributes()->set_key("team");
  ASSERT_TRUE(client_->Export(request).status.ok());
  StopServer();
  const std::string command =
      absl::StrCat(LOGBOOM_TEST_CLI, " journal dump ", journal());
  const nlohmann::json json =
      nlohmann::json::parse(OutputOf(command + " --json"));
  EXPECT_EQ(json["logger"], "shop.cart");
  EXPECT_EQ(json["message"], "0");
  EXPECT_EQ(json["scope"]["version"], "1.2");
  EXPECT_TRUE(json["scope"]["attributes"].contains("team"));
  EXPECT_EQ(json["entry"]["kind"], "otlp");
  EXPECT_EQ(json["entry"]["resource"]["service.name"], "cart");
  const std::string text = OutputOf(command);
  EXPECT_THAT(text, HasSubstr("# otlp entry, 1 records, received "));
  EXPECT_THAT(text, HasSubstr("0 - - \"shop.cart\" \"0\"\n"));
}

TEST_F(OtlpEndToEndTest, StatsCountARecordThatWasRejected) {
  // A good record and one that is cut inside.
  ExportRequest request = MakeExport(1);
  std::string bytes = request.SerializeAsString();
  bytes += std::string("\x0a\x06\x12\x04\x12\x02\x2a\x7f", 8);
  const ExportOutcome outcome = client_->ExportBytes(bytes);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_EQ(outcome.response.partial_success().rejected_log_records(), 1);
  StopServer();
  const nlohmann::json stats = nlohmann::json::parse(OutputOf(
      absl::StrCat(LOGBOOM_TEST_CLI, " journal stats --json ", journal())));
  EXPECT_EQ(stats["ingest"]["rejected"]["record_rejected"], 1) << stats;
  EXPECT_EQ(stats["ingest"]["stored"], 1) << stats;
}

}  // namespace
}  // namespace logboom
