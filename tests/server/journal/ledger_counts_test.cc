#include "server/journal/ledger_counts.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

TEST(LedgerCountsTest, PrintsByNameWhatIsNotZero) {
  LedgerCounts counts;
  EXPECT_EQ(counts.ToString(), "none");
  counts.Add("frame_cut", 3);
  counts.Add("batch_rejected", 1);
  counts.Add("frame_cut", 4);
  counts.Add("not_stored", 0);
  EXPECT_EQ(counts.ToString(), "batch_rejected 1, frame_cut 7");
  EXPECT_EQ(counts.sum(), 8u);
  EXPECT_EQ(counts.count("not_stored"), 0u);
}

TEST(LedgerCountsTest, ReadsBackWhatItEncodes) {
  LedgerCounts counts;
  counts.Add("frame_cut", uint64_t{1} << 63);
  counts.Add("handled", 1);
  const auto decoded = LedgerCounts::Decode(counts.Encode());
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->by_name(), counts.by_name());
}

// Goal: the journal may add what waits to an entry that has counts of its own.
TEST(LedgerCountsTest, TwoEncodedOnesBehindEachOtherAreTheirSum) {
  LedgerCounts one;
  one.Add("frame_cut", 1);
  LedgerCounts other;
  other.Add("frame_cut", 2);
  other.Add("batch_rejected", 5);
  const auto sum = LedgerCounts::Decode(one.Encode() + other.Encode());
  ASSERT_TRUE(sum.ok()) << sum.status();
  EXPECT_EQ(sum->ToString(), "batch_rejected 5, frame_cut 3");
}

TEST(LedgerCountsTest, RefusesWhatIsNotADelta) {
  EXPECT_EQ(LedgerCounts::Decode("\xff\xff").status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(LedgerCounts::Decode("")->empty());
}

}  // namespace
}  // namespace logboom
