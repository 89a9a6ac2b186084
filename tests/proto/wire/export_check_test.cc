// CheckExport of structure_check.h; what it shares with CheckBatch is tested
// there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "proto/wire/structure_check.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/proto/wire/export_bytes.h"

namespace logboom {
namespace {

using testing::BrokenRecordField;
using testing::BytesField;
using testing::ExactCopy;
using testing::RecordField;
using testing::ResourceLogs;
using testing::ResourceOf;
using testing::ScopeLogs;
using testing::ScopeOf;
using ::testing::StartsWith;

// A value with `depth` values nested in one another, itself counted.
std::string Nested(int depth) {
  std::string value;
  for (int i = 1; i < depth; ++i) value = BytesField(5, BytesField(1, value));
  return value;
}

std::string ErrorOf(absl::string_view request) {
  const absl::Status status = CheckExport(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  return std::string(status.message());
}

TEST(CheckExportTest, AnEmptyRequestIsWellFormed) {
  for (const std::string& request :
       {std::string(), ResourceLogs({}), ResourceLogs({ScopeLogs({})})}) {
    const auto summary = CheckExport(request);
    ASSERT_TRUE(summary.ok()) << summary.status();
    EXPECT_EQ(summary->record_count, 0u);
  }
}

TEST(CheckExportTest, TheSummaryIsOverAllItsRecords) {
  std::string early;
  std::string late;
  RecordWriter early_writer(&early);
  early_writer.Time(5);
  early_writer.SeverityNumber(9);
  RecordWriter late_writer(&late);
  late_writer.Time(70);
  late_writer.SeverityNumber(17);
  const std::string request =
      ResourceLogs({ScopeLogs({BytesField(2, late), RecordField("")}),
                    ScopeLogs({BytesField(2, early)})}) +
      ResourceLogs({ScopeLogs({RecordField("")})});
  const auto summary = CheckExport(request);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->record_count, 4u);
  EXPECT_EQ(summary->severities, 1u << 0 | 1u << 9 | 1u << 17);
  EXPECT_EQ(summary->min_time_unix_nano, 5u);
  EXPECT_EQ(summary->max_time_unix_nano, 70u);
  EXPECT_EQ(summary->sequence, 0u) << "a ResourceLogs has no such thing";
}

TEST(CheckExportTest, TheErrorNamesThePlaceAndTheByte) {
  const std::string good = ResourceLogs({ScopeLogs({RecordField("1")})});
  EXPECT_EQ(ErrorOf(good + ResourceLogs({ScopeLogs({}),
                                         ScopeLogs({RecordField("1"),
                                                    BrokenRecordField()})})),
            absl::StrCat("resource_logs 1, scope_logs 1, record 1, byte ",
                         good.size() + 2 + 2 + 2 + 7 + 2,
                         ": a length that passes the end"));
}

TEST(CheckExportTest, DamageAroundTheRecordsIsNamedToo) {
  const std::string bad = "\x0a\x7f";
  const std::string good = RecordField("1");
  EXPECT_THAT(ErrorOf(bad), StartsWith("request, byte 0: "));
  EXPECT_THAT(ErrorOf(ResourceLogs({bad})),
              StartsWith("resource_logs 0, byte 2: "));
  EXPECT_THAT(ErrorOf(ResourceLogs({ScopeLogs({good}), bad})),
              StartsWith("resource_logs 0, byte 11: "));
  EXPECT_THAT(ErrorOf(ResourceLogs({ScopeLogs({good, bad})})),
              StartsWith("resource_logs 0, scope_logs 0, byte 11: "));
  EXPECT_THAT(ErrorOf(ResourceLogs({BytesField(1, bad)})),
              StartsWith("resource_logs 0, resource, byte 4: "));
  EXPECT_THAT(ErrorOf(ResourceLogs({ScopeLogs({good, BytesField(1, bad)})})),
              StartsWith("resource_logs 0, scope_logs 0, scope, byte 13: "));
}

// Each of these has a good record: it is the damage around it that counts.
TEST(CheckExportTest, DamageAroundTheRecordsIsNeverAMatterOfRecords) {
  const std::string bad = "\x0a\x7f";
  const std::string good = ResourceLogs({ScopeLogs({RecordField("1")})});
  for (const std::string& request :
       {good + bad, good + ResourceLogs({bad}),
        good + ResourceLogs({ScopeLogs({bad})}),
        good + ResourceLogs({BytesField(1, bad)}),
        good + ResourceLogs({BytesField(1, BytesField(1, bad))}),
        good + ResourceLogs({ScopeLogs({BytesField(1, bad)})}),
        good +
            ResourceLogs({ScopeLogs({BytesField(1, BytesField(3, bad))})})}) {
    MalformedRecords malformed;
    EXPECT_EQ(CheckExport(request, &malformed).status().code(),
              absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(malformed.count, 0u);
  }
}

TEST(CheckExportTest, MalformedRecordsAreCountedAndTheFirstIsNamed) {
  const std::string request = ResourceLogs(
      {ScopeLogs({RecordField("1"), BrokenRecordField(), RecordField("2")}),
       ScopeLogs({BrokenRecordField(), RecordField("3")})});
  MalformedRecords malformed;
  const auto summary = CheckExport(request, &malformed);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->record_count, 3u);
  EXPECT_EQ(malformed.count, 2u);
  EXPECT_EQ(malformed.first.message(),
            absl::string_view("resource_logs 0, scope_logs 0, record 1, byte "
                              "13: a length that passes the end"));
  EXPECT_FALSE(CheckExport(request).ok()) << "they fail it where none may be";
}

TEST(CheckExportTest, WithoutAGoodRecordItFails) {
  MalformedRecords malformed;
  const auto summary =
      CheckExport(ResourceLogs({ScopeLogs({BrokenRecordField()})}), &malformed);
  EXPECT_EQ(summary.status(), malformed.first);
  EXPECT_EQ(malformed.count, 1u);
}

// What stands in a malformed record is not in the summary, however far it was
// read.
TEST(CheckExportTest, AMalformedRecordLeavesNothingInTheSummary) {
  std::string broken;
  RecordWriter writer(&broken);
  writer.Time(1);
  writer.SeverityNumber(21);
  broken += "\x2a\x7f";
  MalformedRecords malformed;
  const auto summary = CheckExport(
      ResourceLogs({ScopeLogs({BytesField(2, broken), RecordField("1")})}),
      &malformed);
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(summary->severities, 1u);
  EXPECT_EQ(summary->min_time_unix_nano, 0u);
}

TEST(CheckExportTest, ValuesNestToTheLimitAndNoDeeper) {
  const auto request = [](int depth) {
    return ResourceLogs(
        {ScopeLogs({BytesField(2, BytesField(5, Nested(depth)))})});
  };
  EXPECT_TRUE(CheckExport(request(kMaxValueDepth)).ok());
  EXPECT_FALSE(CheckExport(request(kMaxValueDepth + 1)).ok());
  EXPECT_FALSE(CheckExport(request(10'000)).ok());
  const auto resource = [](int depth) {
    return ResourceLogs(
        {BytesField(1, BytesField(1, BytesField(2, Nested(depth))))});
  };
  EXPECT_TRUE(CheckExport(resource(kMaxValueDepth)).ok());
  EXPECT_FALSE(CheckExport(resource(kMaxValueDepth + 1)).ok());
}

TEST(CheckExportTest, ACutRequestIsNeverAcceptedWithMoreThanItHas) {
  const std::string request = ResourceLogs(
      {ResourceOf("r"),
       ScopeLogs({ScopeOf("a"), RecordField("1"), RecordField("2")})});
  for (size_t size = 1; size < request.size(); ++size) {
    const ExactCopy cut(absl::string_view(request).substr(0, size));
    MalformedRecords malformed;
    EXPECT_FALSE(CheckExport(cut.view(), &malformed).ok()) << size;
    EXPECT_EQ(malformed.count, 0u);
  }
}

TEST(CheckExportTest, TextsNeedNotBeUtf8NorIdsHaveTheirLength) {
  std::string record;
  RecordWriter writer(&record);
  writer.BodyText("\xff");
  writer.TraceId("short");
  writer.SpanId(std::string(99, 's'));
  EXPECT_TRUE(CheckExport(ResourceLogs({ResourceOf("\xff"),
                                        ScopeLogs({ScopeOf("\xfe"),
                                                   BytesField(2, record)})}))
                  .ok());
}

}  // namespace
}  // namespace logboom
