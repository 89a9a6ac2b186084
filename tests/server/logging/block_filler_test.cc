#include "server/logging/block_filler.h"

#include <atomic>
#include <memory>
#include <string>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/proto/wire/export_bytes.h"
#include "tests/server/logging/memory_journal.h"

namespace logboom {
namespace {

using testing::BrokenRecordField;
using testing::BytesField;
using ::testing::HasSubstr;
using testing::RecordField;
using testing::ResourceLogs;
using testing::ScopeLogs;
using testing::ScopeOf;

// A filler of handler "out", on the root logger, and what it is to read.
class BlockFillerTest : public ::testing::Test {
 protected:
  BlockFillerTest() {
    options_.handlers = {{.name = "out"}};
    options_.root.handlers = {0};
    options_.handlers[0].formatter.format =
        "%(name)s %(levelname)s %(message)s %(service.name)s";
  }

  // The text of all entries from `from` on.
  std::string Fill(Offset from = 0) {
    tree_ = std::make_unique<LoggerTree>(options_);
    auto formatter =
        Formatter::Create(options_.handlers[0].formatter, absl::UnixEpoch());
    EXPECT_TRUE(formatter.ok()) << formatter.status();
    BlockFiller filler(tree_.get(), 0, *std::move(formatter));
    const std::unique_ptr<JournalReader> reader = journal_.NewReader(from);
    filler.Follow(reader.get());
    progress_.Reset({.offset = from, .counts = {.skipped = from}});
    const std::atomic<bool> stop{false};
    EXPECT_TRUE(absl::IsOutOfRange(filler.Fill(&progress_, stop)));
    const std::string text = *progress_.text();
    progress_.SetWritten(text.size());
    return text;
  }

  void AddExport(uint32_t records, std::string request) {
    journal_.AddEntry(EntryKind::kOtlp, records, std::move(request));
  }
  static std::string Resource(absl::string_view service) {
    std::string attribute;
    MessageWriter message(&attribute);
    ValueWriter value(&message);
    const auto pair = value.BeginPair("service.name");
    value.String(service);
    value.EndPair(pair);
    return BytesField(1, attribute);
  }

  LoggingOptions options_;
  std::unique_ptr<LoggerTree> tree_;
  MemoryJournal journal_;
  HandlerProgress progress_;
};

TEST_F(BlockFillerTest, AnOtlpRecordIsItsScopesAndItsResources) {
  std::string error;
  RecordWriter writer(&error);
  writer.SeverityNumber(17);
  writer.BodyText("3");
  writer.Logger("forged");
  writer.Levelno(10);
  AddExport(3,
            ResourceLogs({Resource("cart"),
                          ScopeLogs({ScopeOf("shop.cart"), RecordField("1")}),
                          ScopeLogs({ScopeOf("root"), RecordField("2")})}) +
                ResourceLogs(
                    {Resource("pay"),
                     ScopeLogs({ScopeOf("shop.pay"), BytesField(2, error)})}));
  EXPECT_EQ(Fill(),
            "shop.cart INFO 1 cart\nroot INFO 2 cart\nshop.pay ERROR 3 pay\n");
  EXPECT_EQ(progress_.end().counts, HandlerCounts{.handled = 3});
}

TEST_F(BlockFillerTest, AnOtlpRecordIsRoutedByItsScope) {
  options_.root.handlers = {};
  options_.loggers = {{.name = "shop", .handlers = {0}}};
  AddExport(2, ResourceLogs(
                   {Resource("s"),
                    ScopeLogs({ScopeOf("shop.cart"), RecordField("mine")}),
                    ScopeLogs({ScopeOf("other"), RecordField("not mine")})}));
  EXPECT_EQ(Fill(), "shop.cart INFO mine s\n");
  EXPECT_EQ(progress_.end().counts,
            (HandlerCounts{.handled = 1, .filtered = 1}));
}

TEST_F(BlockFillerTest, NativeAndOtlpEntriesFollowEachOther) {
  options_.handlers[0].formatter.format = "%(name)s %(message)s";
  journal_.Add({"one"});
  AddExport(1, ResourceLogs({ScopeLogs({ScopeOf("a"), RecordField("two")})}));
  journal_.Add({"three"});
  EXPECT_EQ(Fill(), "shop one\na two\nshop three\n");
  EXPECT_EQ(progress_.end().offset, 3u);
}

TEST_F(BlockFillerTest, ItGoesOnInsideAnOtlpEntry) {
  options_.handlers[0].formatter.format = "%(name)s %(message)s";
  AddExport(
      4, ResourceLogs(
             {ScopeLogs({ScopeOf("a"), RecordField("0"), RecordField("1")}),
              ScopeLogs({ScopeOf("b"), RecordField("2"), RecordField("3")})}));
  EXPECT_EQ(Fill(/*from=*/3), "b 3\n");
  EXPECT_EQ(progress_.end().counts,
            (HandlerCounts{.skipped = 3, .handled = 1}));
}

// Ingest takes no such entry: it was changed since.
TEST_F(BlockFillerTest, WhatCannotBeReadOfAnOtlpEntryIsCountedAsDamaged) {
  options_.handlers[0].formatter.format = "%(message)s";
  AddExport(5, ResourceLogs({ScopeLogs({RecordField("1"), BrokenRecordField(),
                                        RecordField("2")})}) +
                   "\x0a\x7f");
  EXPECT_EQ(Fill(), "1\n2\n");
  EXPECT_EQ(progress_.end().counts,
            (HandlerCounts{.handled = 2, .journal_damaged = 3}));
}

}  // namespace
}  // namespace logboom
