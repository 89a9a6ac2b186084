// Goal: the census counts every record once, under its logger and service or
// among the others, whatever a producer calls its loggers.

#include "server/control/logger_census.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "logboom/v1/ingest.pb.h"
#include "server/journal/journal.h"
#include "tests/proto/wire/export_bytes.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::LogRecord RecordOf(absl::string_view logger, int32_t levelno = 20) {
  v1::LogRecord record;
  record.set_logger(std::string(logger));
  record.set_levelno(levelno);
  return record;
}

std::string ResourceOf(absl::string_view service) {
  if (service.empty()) return "";
  v1::Resource resource;
  v1::KeyValue& attribute = *resource.add_attributes();
  attribute.set_key("service.name");
  attribute.mutable_value()->set_string_value(std::string(service));
  return resource.SerializeAsString();
}

// Entries one behind the other, as the journal has them.
class Entries {
 public:
  explicit Entries(LoggerCensus* census) : census_(*census) {}

  void Add(absl::string_view service, const std::vector<v1::LogRecord>& records,
           uint64_t received_s, Offset from = 0) {
    v1::LogBatch batch;
    for (const v1::LogRecord& record : records) *batch.add_records() = record;
    const std::string payload = batch.SerializeAsString();
    const std::string resource = ResourceOf(service);
    JournalEntry entry;
    entry.header.first_offset = next_;
    entry.header.record_count = static_cast<uint32_t>(records.size());
    entry.header.received_unix_nano = received_s * 1'000'000'000;
    entry.resource = resource;
    entry.payload = payload;
    next_ = entry.header.end_offset();
    census_.Add(entry, from);
  }

 private:
  LoggerCensus& census_;
  Offset next_ = 0;
};

// "shop@billing 3, last 12: 10x1 20x2".
std::vector<std::string> LinesOf(const v1::ListLoggersResponse& report) {
  std::vector<std::string> lines;
  for (const v1::LoggerSeen& seen : report.loggers()) {
    std::string line =
        absl::StrCat(seen.logger(), "@", seen.service(), " ", seen.records(),
                     ", last ", seen.last().seconds(), ":");
    for (const v1::LevelCount& level : seen.levels()) {
      absl::StrAppend(&line, " ", level.levelno(), "x", level.records());
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

TEST(LoggerCensusTest, CountsByLoggerAndServiceInOrder) {
  LoggerCensus census("");
  Entries entries(&census);
  entries.Add("b", {RecordOf("shop", 10), RecordOf("a"), RecordOf("shop")}, 5);
  entries.Add("a", {RecordOf("shop")}, 6);
  entries.Add("b", {RecordOf("shop")}, 7);
  entries.Add("", {RecordOf("", 30), RecordOf("root", 30)}, 8);
  const v1::ListLoggersResponse report = census.Report();
  EXPECT_THAT(
      LinesOf(report),
      ElementsAre("a@b 1, last 5: 20x1", "root@ 2, last 8: 30x2",
                  "shop@a 1, last 6: 20x1", "shop@b 3, last 7: 10x1 20x2"));
  EXPECT_EQ(report.records(), 7u);
  EXPECT_EQ(report.other_records(), 0u);
  EXPECT_EQ(report.since().seconds(), 5);
}

TEST(LoggerCensusTest, AnEmptyOneSaysSo) {
  const v1::ListLoggersResponse report = LoggerCensus("").Report();
  EXPECT_THAT(report.loggers(), IsEmpty());
  EXPECT_FALSE(report.has_since());
}

TEST(LoggerCensusTest, CountsOneServiceWhereItIsAskedTo) {
  LoggerCensus census("b");
  Entries entries(&census);
  entries.Add("a", {RecordOf("x")}, 1);
  entries.Add("b", {RecordOf("y")}, 2);
  entries.Add("", {RecordOf("z")}, 3);
  EXPECT_THAT(LinesOf(census.Report()), ElementsAre("y@b 1, last 2: 20x1"));
  EXPECT_EQ(census.Report().records(), 1u);
  EXPECT_EQ(census.Report().since().seconds(), 2);
}

TEST(LoggerCensusTest, BeginsInTheMiddleOfAnEntry) {
  LoggerCensus census("");
  Entries entries(&census);
  entries.Add("s", {RecordOf("a"), RecordOf("b"), RecordOf("c")}, 1, 2);
  EXPECT_THAT(LinesOf(census.Report()), ElementsAre("c@s 1, last 1: 20x1"));
  EXPECT_EQ(census.Report().records(), 1u);
}

TEST(LoggerCensusTest, ReadsALevelWhereverTheRecordHasIt) {
  LoggerCensus census("");
  v1::LogRecord by_number;
  by_number.set_logger("a");
  by_number.set_severity_number(v1::SEVERITY_NUMBER_ERROR);
  v1::LogRecord by_name;
  by_name.set_logger("a");
  by_name.set_severity_text("warn");
  // A number that is none on OTel's scale counts as none given.
  v1::LogRecord by_name_too = by_name;
  by_name_too.set_severity_number(static_cast<v1::SeverityNumber>(99));
  v1::LogRecord by_nothing;
  by_nothing.set_logger("a");
  Entries(&census).Add("s", {by_number, by_name, by_name_too, by_nothing}, 1);
  EXPECT_THAT(LinesOf(census.Report()),
              ElementsAre("a@s 4, last 1: 20x1 30x2 40x1"));
}

TEST(LoggerCensusTest, CountsLoggersBeyondItsBoundTogether) {
  LoggerCensus census("");
  Entries entries(&census);
  std::vector<v1::LogRecord> records;
  for (size_t i = 0; i < LoggerCensus::kMaxLoggers + 5; ++i) {
    records.push_back(RecordOf(absl::StrCat("logger", i)));
  }
  entries.Add("s", records, 1);
  entries.Add("s", {RecordOf("logger0"), RecordOf("late")}, 2);
  entries.Add("t", {RecordOf("logger0")}, 2);
  const v1::ListLoggersResponse report = census.Report();
  EXPECT_EQ(report.loggers_size(), static_cast<int>(LoggerCensus::kMaxLoggers));
  EXPECT_EQ(report.loggers(0).records(), 2u) << "one that is known counts on";
  EXPECT_EQ(report.other_records(), 5u + 2u);
  EXPECT_EQ(report.records(), LoggerCensus::kMaxLoggers + 5 + 3);
}

TEST(LoggerCensusTest, CountsServicesBeyondItsBoundTogether) {
  LoggerCensus census("");
  Entries entries(&census);
  for (size_t i = 0; i < LoggerCensus::kMaxLoggers + 3; ++i) {
    entries.Add(absl::StrCat("service", i), {RecordOf("a")}, 1);
  }
  EXPECT_EQ(census.Report().loggers_size(),
            static_cast<int>(LoggerCensus::kMaxLoggers));
  EXPECT_EQ(census.Report().other_records(), 3u);
}

TEST(LoggerCensusTest, KeepsNoNameThatIsTooLong) {
  LoggerCensus census("");
  Entries entries(&census);
  const std::string fits(LoggerCensus::kMaxNameBytes, 'x');
  entries.Add("s", {RecordOf(fits), RecordOf(fits + "x")}, 1);
  entries.Add(fits + "x", {RecordOf("a")}, 1);
  const v1::ListLoggersResponse report = census.Report();
  ASSERT_EQ(report.loggers_size(), 1);
  EXPECT_EQ(report.loggers(0).logger(), fits);
  EXPECT_EQ(report.other_records(), 2u);
}

TEST(LoggerCensusTest, KeepsSoManyLevelsOfALoggerAndAllItsRecords) {
  LoggerCensus census("");
  std::vector<v1::LogRecord> records;
  for (int32_t i = 0; i < 50; ++i) records.push_back(RecordOf("a", i));
  Entries(&census).Add("s", records, 1);
  const v1::ListLoggersResponse report = census.Report();
  EXPECT_EQ(report.loggers(0).records(), 50u);
  EXPECT_EQ(report.loggers(0).levels_size(),
            static_cast<int>(LoggerCensus::kMaxLevels));
}

// proto3's strings must be UTF-8, or the answer cannot be read.
TEST(LoggerCensusTest, ReportsNamesThatAreNotUtf8) {
  LoggerCensus census("");
  JournalEntry entry;
  entry.header.record_count = 1;
  entry.header.received_unix_nano = 1;
  const std::string payload("\x0a\x04\x7a\x02\xff.", 6);  // logger "\xff."
  entry.payload = payload;
  census.Add(entry, 0);
  ASSERT_EQ(census.Report().loggers_size(), 1);
  EXPECT_EQ(census.Report().loggers(0).logger(), "\\xff.");
}

// An OTLP record's service is its resource's, its logger its scope.
TEST(LoggerCensusTest, CountsOtlpRecordsByTheirOwnResourceAndScope) {
  using testing::BytesField;
  using testing::RecordField;
  using testing::ResourceLogs;
  using testing::ScopeLogs;
  using testing::ScopeOf;
  const auto resource = [](absl::string_view service) {
    return BytesField(1, ResourceOf(service));
  };
  const std::string payload =
      ResourceLogs(
          {resource("a"),
           ScopeLogs({ScopeOf("x"), RecordField("0"), RecordField("1")}),
           ScopeLogs({ScopeOf("y"), RecordField("2")})}) +
      ResourceLogs(
          {resource("b"), ScopeLogs({ScopeOf("x"), RecordField("3")})}) +
      ResourceLogs({ScopeLogs({RecordField("4")})});
  JournalEntry entry;
  entry.header.kind = EntryKind::kOtlp;
  entry.header.record_count = 5;
  entry.header.received_unix_nano = 1'000'000'000;
  entry.payload = payload;
  LoggerCensus all("");
  all.Add(entry, 1);
  EXPECT_THAT(LinesOf(all.Report()),
              ElementsAre("root@ 1, last 1: 20x1", "x@a 1, last 1: 20x1",
                          "x@b 1, last 1: 20x1", "y@a 1, last 1: 20x1"));
  LoggerCensus one("b");
  one.Add(entry, 0);
  EXPECT_THAT(LinesOf(one.Report()), ElementsAre("x@b 1, last 1: 20x1"));
  EXPECT_EQ(one.Report().records(), 1u);
}

// Appends and waits until it is synced.
void Append(Journal* journal, absl::string_view logger, absl::Time received) {
  v1::LogBatch batch;
  *batch.add_records() = RecordOf(logger);
  PendingEntry entry;
  entry.anonymous = true;
  entry.received = received;
  entry.record_count = 1;
  entry.payload = absl::Cord(batch.SerializeAsString());
  entry.resource = absl::Cord(ResourceOf("s"));
  struct Stored {
    Mutex mu;
    CondVar changed;
    bool done ABSL_GUARDED_BY(mu) = false;
  };
  auto stored = std::make_shared<Stored>();
  journal->Append(std::move(entry), AckDepth::kSynced,
                  [stored](const absl::StatusOr<Offset>& offset) {
                    EXPECT_TRUE(offset.ok());
                    MutexLock lock(&stored->mu);
                    stored->done = true;
                    stored->changed.NotifyAll();
                  });
  MutexLock lock(&stored->mu);
  while (!stored->done) stored->changed.Wait(&stored->mu);
}

class TakeLoggerCensusTest : public ::testing::Test {
 protected:
  TakeLoggerCensusTest() {
    auto journal = Journal::Open(
        SystemFiles(), {.path = folder_.PathOf("j"), .segment_bytes = 1 << 20});
    EXPECT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
  }

  TempFolder folder_;
  std::unique_ptr<Journal> journal_;
  std::atomic<bool> stop_{false};
};

TEST_F(TakeLoggerCensusTest, ReadsWhatWasReceivedSinceThen) {
  const absl::Time now = absl::Now();
  Append(journal_.get(), "old", now - absl::Hours(1));
  Append(journal_.get(), "new", now);
  auto all = TakeLoggerCensus(journal_.get(), {}, &stop_);
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->loggers_size(), 2);
  auto late = TakeLoggerCensus(journal_.get(),
                               {.since = now - absl::Minutes(1)}, &stop_);
  ASSERT_TRUE(late.ok()) << late.status();
  ASSERT_EQ(late->loggers_size(), 1);
  EXPECT_EQ(late->loggers(0).logger(), "new");
  EXPECT_EQ(late->records(), 1u);
}

TEST_F(TakeLoggerCensusTest, AnEmptyJournalHasNoLoggers) {
  const auto report = TakeLoggerCensus(journal_.get(), {}, &stop_);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->records(), 0u);
}

TEST_F(TakeLoggerCensusTest, EndsWhenItIsToldTo) {
  Append(journal_.get(), "a", absl::Now());
  stop_.store(true);
  EXPECT_EQ(TakeLoggerCensus(journal_.get(), {}, &stop_).status().code(),
            absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace logboom
