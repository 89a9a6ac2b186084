#include "server/journal/producer_table.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace logboom {
namespace {

ProducerId IdOf(uint32_t number) {
  ProducerId id{};
  for (size_t i = 0; i < sizeof(number); ++i) {
    id[i] = static_cast<uint8_t>(number >> (8 * i));
  }
  return id;
}

EntryHeader EntryOf(uint32_t producer, uint64_t epoch, uint64_t sequence,
                    absl::Time received = absl::UnixEpoch()) {
  return {
      .received_unix_nano = static_cast<uint64_t>(absl::ToUnixNanos(received)),
      .producer_id = IdOf(producer),
      .session_epoch = epoch,
      .sequence = sequence};
}

ProducerTable Reload(const ProducerTable& table) {
  ProducerTable loaded;
  const std::vector<std::string> parts = table.Encode();
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto part = loaded.Load(parts[i]);
    EXPECT_TRUE(part.ok()) << part.status();
    EXPECT_EQ(part->number, i);
    EXPECT_EQ(part->last, i + 1 == parts.size());
  }
  return loaded;
}

TEST(ProducerTableTest, KnowsTheLastSequenceOfEachProducerInItsEpoch) {
  ProducerTable table;
  EXPECT_EQ(table.LastSequence(IdOf(1), 7), 0u);
  table.Stored(EntryOf(1, 7, 10));
  table.Stored(EntryOf(2, 8, 3));
  table.Stored(EntryOf(1, 7, 11));
  EXPECT_EQ(table.LastSequence(IdOf(1), 7), 11u);
  EXPECT_EQ(table.LastSequence(IdOf(2), 8), 3u);
  EXPECT_EQ(table.LastSequence(IdOf(2), 7), 0u) << "another life";
}

TEST(ProducerTableTest, ANewEpochBeginsAgain) {
  ProducerTable table;
  table.Stored(EntryOf(1, 7, 1000));
  table.Stored(EntryOf(1, 8, 1));
  EXPECT_EQ(table.LastSequence(IdOf(1), 8), 1u);
  EXPECT_EQ(table.LastSequence(IdOf(1), 7), 0u);
  EXPECT_EQ(table.size(), 1u);
}

TEST(ProducerTableTest, AnonymousEntriesLeaveNoTrace) {
  ProducerTable table;
  EntryHeader header;
  header.anonymous = true;
  table.Stored(header);
  EXPECT_EQ(table.size(), 0u);
}

TEST(ProducerTableTest, ForgetsWhoWasNotHeardOf) {
  const absl::Time now = absl::FromUnixSeconds(1'700'000'000);
  ProducerTable table;
  table.Stored(EntryOf(1, 1, 5, now - absl::Hours(2)));
  table.Stored(EntryOf(2, 1, 6, now - absl::Hours(1)));
  table.ForgetBefore(now - absl::Hours(1));
  EXPECT_EQ(table.LastSequence(IdOf(1), 1), 0u);
  EXPECT_EQ(table.LastSequence(IdOf(2), 1), 6u);
}

TEST(ProducerTableTest, AnEmptyTableIsOneCompleteSnapshot) {
  EXPECT_EQ(Reload(ProducerTable()).size(), 0u);
}

TEST(ProducerTableTest,
     ReadsBackAHundredThousandProducersFromPartsOfAboutAMiB) {
  ProducerTable table;
  for (uint32_t i = 0; i < 100'000; ++i) table.Stored(EntryOf(i, ~i, i + 1));
  for (const std::string& part : table.Encode()) {
    EXPECT_LE(part.size(), size_t{5} << 18);
  }
  const ProducerTable loaded = Reload(table);
  EXPECT_EQ(loaded.size(), 100'000u);
  for (uint32_t i = 0; i < 100'000; ++i) {
    ASSERT_EQ(loaded.LastSequence(IdOf(i), static_cast<uint32_t>(~i)), i + 1);
  }
}

TEST(ProducerTableTest, RefusesWhatIsNotASnapshot) {
  ProducerTable table;
  EXPECT_EQ(table.Load("\xff").status().code(), absl::StatusCode::kDataLoss);
  // A state whose id has three bytes.
  EXPECT_EQ(table.Load("\x0a\x05\x0a\x03xyz").status().code(),
            absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace logboom
