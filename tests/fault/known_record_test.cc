#include "tests/fault/known_record.h"

#include <gtest/gtest.h>

#include <string>

namespace logboom {
namespace {

constexpr KnownRecord kSome{{RecordSource::Way::kRaw, 3, 17}, 41};

TEST(KnownRecordTest, ReadsWhatItWrites) {
  for (uint64_t number = 1; number <= 2000; ++number) {
    const KnownRecord record{{RecordSource::Way::kPublish, 2, 0}, number};
    const auto found = KnownRecord::FromMessage(record.Message());
    ASSERT_TRUE(found.has_value()) << record.Message();
    EXPECT_EQ(found->source, record.source);
    EXPECT_EQ(found->number, record.number);
  }
}

TEST(KnownRecordTest, KnowsNoMessageThatWasCutAnywhere) {
  const std::string message = kSome.Message();
  for (size_t size = 0; size < message.size(); ++size) {
    const std::string cut = message.substr(0, size);
    EXPECT_FALSE(KnownRecord::FromMessage(cut).has_value()) << cut;
    EXPECT_TRUE(MayBeginMessage(cut)) << cut;
  }
}

TEST(KnownRecordTest, KnowsNoMessageWithAByteChangedOrAdded) {
  const std::string message = kSome.Message();
  for (size_t at = 0; at < message.size(); ++at) {
    std::string changed = message;
    changed[at] = '!';
    EXPECT_FALSE(KnownRecord::FromMessage(changed).has_value()) << changed;
  }
  EXPECT_FALSE(KnownRecord::FromMessage(message + message).has_value());
  EXPECT_FALSE(KnownRecord::FromMessage(message + "a").has_value());
}

TEST(KnownRecordTest, TellsNeighboursApart) {
  KnownRecord next = kSome;
  ++next.number;
  EXPECT_NE(next.Message(), kSome.Message());
  EXPECT_FALSE(MayBeginMessage("HAND 1 "));
}

}  // namespace
}  // namespace logboom
