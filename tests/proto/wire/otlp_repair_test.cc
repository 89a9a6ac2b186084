#include "proto/wire/otlp_repair.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "proto/wire/structure_check.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/proto/wire/export_bytes.h"
#include "tests/proto/wire/random_record.h"

namespace logboom {
namespace {

using testing::BrokenRecordField;
using testing::BytesField;
using testing::ExactCopy;
using testing::RandomRecords;
using testing::RecordField;
using testing::ResourceLogs;
using testing::ResourceOf;
using testing::ScopeLogs;
using testing::ScopeOf;

TEST(OtlpRepairTest, LeavesOutMalformedRecordsAndNothingElse) {
  std::string unknown = BytesField(99, "x");
  MessageWriter(&unknown).Varint(100, 1'000'000);
  const std::string schema = BytesField(3, "schema");
  const auto request = [&](const std::string& bad) {
    return unknown +
           ResourceLogs({ResourceOf("r"), unknown,
                         ScopeLogs({bad, RecordField("1"), bad, ScopeOf("a"),
                                    unknown, RecordField("2"), schema, bad}),
                         schema, ScopeLogs({bad})}) +
           ResourceLogs({ScopeLogs({bad, RecordField(std::string(300, 'a'))})});
  };
  EXPECT_EQ(WithoutMalformedRecords(request(BrokenRecordField())), request(""));
}

TEST(OtlpRepairTest, LeavesARequestThatIsWholeAsItIs) {
  for (const std::string& request :
       {std::string(), ResourceLogs({}),
        ResourceLogs({ScopeLogs({RecordField("1")})})}) {
    EXPECT_EQ(WithoutMalformedRecords(request), request);
  }
}

TEST(OtlpRepairTest, LeavesOutValuesNestedTooDeeply) {
  std::string value;
  for (int i = 0; i < kMaxValueDepth; ++i) {
    value = BytesField(5, BytesField(1, value));
  }
  const std::string deep = BytesField(2, BytesField(5, value));
  EXPECT_EQ(WithoutMalformedRecords(
                ResourceLogs({ScopeLogs({deep, RecordField("1")})})),
            ResourceLogs({ScopeLogs({RecordField("1")})}));
}

// Goal: whatever is accepted with malformed records is, without them, accepted
// as it is, with the same good ones. Method: records damaged at random.
TEST(OtlpRepairTest, WhatIsLeftIsWellFormed) {
  RandomRecords random(9);
  int repaired_some = 0;
  for (int i = 0; i < 2000; ++i) {
    std::string records;
    for (int j = 0; j < 4; ++j) {
      const std::string record = random.Record().SerializeAsString();
      records +=
          BytesField(2, random.Below(2) == 0 ? record : random.Damaged(record));
    }
    const ExactCopy request(ResourceLogs({ScopeLogs({records})}));
    MalformedRecords malformed;
    const auto summary = CheckExport(request.view(), &malformed);
    if (!summary.ok()) continue;
    if (malformed.count > 0) ++repaired_some;
    const auto again = CheckExport(WithoutMalformedRecords(request.view()));
    ASSERT_TRUE(again.ok()) << again.status();
    EXPECT_EQ(again->record_count, summary->record_count);
    EXPECT_EQ(again->severities, summary->severities);
    EXPECT_EQ(again->max_time_unix_nano, summary->max_time_unix_nano);
  }
  EXPECT_GT(repaired_some, 200);
}

}  // namespace
}  // namespace logboom
