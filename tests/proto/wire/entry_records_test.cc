#include "proto/wire/entry_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/proto/wire/export_bytes.h"

namespace logboom {
namespace {

using testing::BytesField;
using ::testing::ElementsAre;
using testing::RecordField;
using testing::ResourceLogs;
using testing::ResourceOf;
using testing::ScopeLogs;
using testing::ScopeOf;

JournalEntry EntryOf(EntryKind kind, absl::string_view payload,
                     absl::string_view resource = "") {
  JournalEntry entry;
  entry.header.kind = kind;
  entry.payload = payload;
  entry.resource = resource;
  return entry;
}

// Each record as "resource/logger: text".
std::vector<std::string> LinesOf(const JournalEntry& entry) {
  std::vector<std::string> lines;
  for (EntryRecords records(entry); records.Next();) {
    const auto record = records.Parse();
    EXPECT_TRUE(record.ok());
    EXPECT_EQ(record->encoded(), records.encoded());
    MapView resource = records.resource();
    EXPECT_EQ(MapView(records.encoded_resource(), 1).Next(), resource.Next());
    lines.push_back(absl::StrCat(resource.key(), "/", record->logger, ": ",
                                 record->body->string_value()));
  }
  return lines;
}

TEST(EntryRecordsTest, NativeRecordsHaveTheSessionsResource) {
  std::string record;
  RecordWriter writer(&record);
  writer.BodyText("1");
  writer.Logger("shop");
  const std::string batch = BytesField(1, record) + BytesField(1, record);
  const std::string resource = BytesField(1, BytesField(1, "session"));
  const JournalEntry entry = EntryOf(EntryKind::kNative, batch, resource);
  EXPECT_THAT(LinesOf(entry),
              ElementsAre("session/shop: 1", "session/shop: 1"));
  EntryRecords records(entry);
  ASSERT_TRUE(records.Next());
  EXPECT_FALSE(records.otlp());
  EXPECT_TRUE(records.scope_version().empty());
  EXPECT_FALSE(MapView(records.scope()).Next());
}

TEST(EntryRecordsTest, OtlpRecordsHaveTheirOwn) {
  const std::string scope =
      BytesField(1, BytesField(1, "b") + BytesField(2, "7") +
                        BytesField(3, BytesField(1, "team")));
  const std::string request =
      ResourceLogs({ResourceOf("r1"),
                    ScopeLogs({ScopeOf("a"), RecordField("1")}),
                    ScopeLogs({scope, RecordField("2")})}) +
      ResourceLogs({ResourceOf("r2"), ScopeLogs({RecordField("3")})});
  const std::string session = BytesField(1, BytesField(1, "session"));
  const JournalEntry entry = EntryOf(EntryKind::kOtlp, request, session);
  EXPECT_THAT(LinesOf(entry), ElementsAre("r1/a: 1", "r1/b: 2", "r2/: 3"));
  EntryRecords records(entry);
  ASSERT_TRUE(records.Next() && records.Next());
  EXPECT_TRUE(records.otlp());
  EXPECT_EQ(records.scope_version(), "7");
  MapView attributes = records.scope();
  ASSERT_TRUE(attributes.Next());
  EXPECT_EQ(attributes.key(), "team");
}

TEST(EntryRecordsTest, EntriesOfOtherKindsHaveNone) {
  const std::string request = ResourceLogs({ScopeLogs({RecordField("1")})});
  for (const EntryKind kind : {EntryKind::kProducerTable, EntryKind::kNotice,
                               static_cast<EntryKind>(77)}) {
    EXPECT_FALSE(EntryRecords(EntryOf(kind, request)).Next());
  }
}

TEST(EntryRecordsTest, ARecordThatIsDamagedSaysSo) {
  for (const EntryKind kind : {EntryKind::kNative, EntryKind::kOtlp}) {
    const std::string broken = testing::BrokenRecordField();
    const std::string payload = kind == EntryKind::kOtlp
                                    ? ResourceLogs({ScopeLogs({broken})})
                                    : BytesField(1, "\x2a\x7f");
    EntryRecords records(EntryOf(kind, payload));
    ASSERT_TRUE(records.Next());
    EXPECT_FALSE(records.Parse().ok());
  }
}

}  // namespace
}  // namespace logboom
