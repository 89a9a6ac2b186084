#include "proto/wire/otlp_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.pb.h"
#include "proto/wire/structure_check.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/proto/wire/export_bytes.h"
#include "tests/proto/wire/random_record.h"

namespace logboom {
namespace {

using opentelemetry::proto::collector::logs::v1::ExportLogsServiceRequest;
using testing::BytesField;
using ::testing::ElementsAre;
using testing::ExactCopy;
using ::testing::IsEmpty;
using testing::RandomRecords;
using testing::RecordField;
using testing::ResourceLogs;
using testing::ResourceOf;
using testing::ScopeLogs;
using testing::ScopeOf;

std::string FirstKey(MapView map) {
  return map.Next() ? std::string(map.key()) : "-";
}

// Each record as "resource/scope: text".
std::vector<std::string> LinesOf(absl::string_view request) {
  const ExactCopy copy(request);
  std::vector<std::string> lines;
  for (OtlpLogsView logs(copy.view()); logs.Next();) {
    const auto record = RecordView::ParseOtlp(logs.record(), logs.scope_name());
    lines.push_back(absl::StrCat(FirstKey(logs.resource()), "/", record->logger,
                                 ": ", record->body->string_value()));
  }
  return lines;
}

TEST(OtlpLogsViewTest, EachRecordHasItsOwnResourceAndScope) {
  const std::string request =
      ResourceLogs(
          {ResourceOf("r1"),
           ScopeLogs({ScopeOf("a"), RecordField("1"), RecordField("2")}),
           ScopeLogs({ScopeOf("b"), RecordField("3")})}) +
      ResourceLogs(
          {ResourceOf("r2"), ScopeLogs({ScopeOf("a"), RecordField("4")})});
  EXPECT_THAT(LinesOf(request),
              ElementsAre("r1/a: 1", "r1/a: 2", "r1/b: 3", "r2/a: 4"));
}

TEST(OtlpLogsViewTest, WhatSurroundsARecordMayFollowIt) {
  const std::string request = ResourceLogs(
      {ScopeLogs({RecordField("1"), ScopeOf("a"), RecordField("2")}),
       ResourceOf("r")});
  EXPECT_THAT(LinesOf(request), ElementsAre("r/a: 1", "r/a: 2"));
}

TEST(OtlpLogsViewTest, WhatIsNotThereIsEmptyAndNotTheLastOnes) {
  const std::string request =
      ResourceLogs({ResourceOf("r"),
                    ScopeLogs({ScopeOf("a"), RecordField("1")}),
                    ScopeLogs({RecordField("2")})}) +
      ResourceLogs({ScopeLogs({RecordField("3")})});
  EXPECT_THAT(LinesOf(request), ElementsAre("r/a: 1", "r/: 2", "-/: 3"));
}

TEST(OtlpLogsViewTest, EmptyLevelsAreSteppedOver) {
  EXPECT_THAT(LinesOf(""), IsEmpty());
  EXPECT_THAT(LinesOf(ResourceLogs({})), IsEmpty());
  const std::string nothing =
      ResourceLogs({ResourceOf("r"), ScopeLogs({ScopeOf("a")}), ScopeLogs({})});
  EXPECT_THAT(LinesOf(nothing), IsEmpty());
  EXPECT_THAT(LinesOf(nothing + ResourceLogs({ScopeLogs({RecordField("1")})}) +
                      nothing),
              ElementsAre("-/: 1"));
}

TEST(OtlpLogsViewTest, OfTwoResourcesOrScopesTheFirstCounts) {
  const std::string request =
      ResourceLogs({ResourceOf("r1"), ResourceOf("r2"),
                    ScopeLogs({ScopeOf("a"), RecordField("1"), ScopeOf("b")})});
  EXPECT_THAT(LinesOf(request), ElementsAre("r1/a: 1"));
}

TEST(OtlpLogsViewTest, AScopeHasItsVersionAndAttributes) {
  const std::string scope =
      BytesField(1, BytesField(3, BytesField(1, "team")) +
                        BytesField(2, "1.2") + BytesField(1, "a"));
  const std::string request =
      ResourceLogs({ScopeLogs({scope, RecordField("")})});
  OtlpLogsView logs(request);
  ASSERT_TRUE(logs.Next());
  EXPECT_EQ(logs.scope_name(), "a");
  EXPECT_EQ(logs.scope_version(), "1.2");
  EXPECT_EQ(FirstKey(logs.scope()), "team");
}

TEST(OtlpLogsViewTest, FieldsOfOtherNumbersAndTypesAreSteppedOver) {
  std::string unknown = BytesField(99, "x");
  MessageWriter writer(&unknown);
  writer.Varint(1, 7);
  writer.Varint(2, 7);
  writer.Fixed64(3, 7);
  const std::string request =
      unknown +
      ResourceLogs({unknown, ResourceOf("r"), BytesField(3, "schema"),
                    ScopeLogs({unknown, ScopeOf("a"), BytesField(3, "schema"),
                               RecordField("1"), unknown, RecordField("2")})});
  EXPECT_THAT(LinesOf(request), ElementsAre("r/a: 1", "r/a: 2"));
}

// A native record's levelno and logger are not OTLP's.
TEST(ParseOtlpTest, Fields14And15AreUnknownOnes) {
  std::string record;
  RecordWriter writer(&record);
  writer.Levelno(50);
  writer.Logger("forged");
  writer.SeverityNumber(9);
  const auto native = RecordView::Parse(record);
  EXPECT_EQ(native->logger, "forged");
  const auto otlp = RecordView::ParseOtlp(record, "scope");
  ASSERT_TRUE(otlp.ok());
  EXPECT_EQ(otlp->logger, "scope");
  EXPECT_FALSE(otlp->levelno.has_value());
  EXPECT_EQ(otlp->severity_number, 9);
  EXPECT_FALSE(RecordView::ParseOtlp("\x2a\x7f", "scope").ok());
}

// A request of every shape: levels that are empty, with and without resource
// and scope.
std::string RandomExport(RandomRecords* random) {
  std::string request;
  MessageWriter writer(&request);
  for (uint64_t i = random->Below(4); i > 0; --i) {
    const OpenField resource_logs = writer.Begin(1);
    if (random->Below(4) > 0) request += ResourceOf("r");
    for (uint64_t j = random->Below(4); j > 0; --j) {
      const OpenField scope_logs = writer.Begin(2);
      if (random->Below(4) > 0) request += ScopeOf("s");
      for (uint64_t k = random->Below(4); k > 0; --k) {
        writer.Bytes(2, random->Record().SerializeAsString());
      }
      writer.End(scope_logs);
    }
    writer.End(resource_logs);
  }
  return request;
}

// Goal: the view meets every record that protobuf's parser meets, in its place.
TEST(OtlpLogsViewTest, AgreesWithProtobuf) {
  RandomRecords random(3);
  for (int i = 0; i < 500; ++i) {
    const std::string request = RandomExport(&random);
    ExportLogsServiceRequest parsed;
    ASSERT_TRUE(parsed.ParseFromString(request));
    std::vector<std::string> expected;
    for (const auto& resource_logs : parsed.resource_logs()) {
      for (const auto& scope_logs : resource_logs.scope_logs()) {
        for (const auto& record : scope_logs.log_records()) {
          expected.push_back(absl::StrCat(
              resource_logs.resource().attributes_size(),
              scope_logs.scope().name(), " ", record.time_unix_nano(), " ",
              record.severity_text(), " ", record.attributes_size()));
        }
      }
    }
    std::vector<std::string> found;
    for (OtlpLogsView logs(request); logs.Next();) {
      const auto record =
          RecordView::ParseOtlp(logs.record(), logs.scope_name());
      int attributes = 0;
      for (MapView map = record->attributes(); map.Next();) ++attributes;
      found.push_back(absl::StrCat(
          FirstKey(logs.resource()) == "r" ? 1 : 0, logs.scope_name(), " ",
          record->time_unix_nano, " ", record->severity_text, " ", attributes));
    }
    ASSERT_EQ(found, expected);
  }
}

// Goal: no bytes make it read past the end or not end; what the check accepts
// it meets in full.
TEST(OtlpLogsViewTest, DamageEndsTheWalkAtWorst) {
  RandomRecords random(4);
  int accepted = 0;
  for (int i = 0; i < 5000; ++i) {
    const ExactCopy request(random.Damaged(RandomExport(&random)));
    uint32_t records = 0;
    for (OtlpLogsView logs(request.view()); logs.Next();) {
      ++records;
      FirstKey(logs.resource());
      FirstKey(logs.scope());
    }
    MalformedRecords malformed;
    const auto summary = CheckExport(request.view(), &malformed);
    if (!summary.ok()) continue;
    ++accepted;
    ASSERT_EQ(records, summary->record_count + malformed.count);
  }
  EXPECT_GT(accepted, 500);
}

}  // namespace
}  // namespace logboom
