#include "base/random_bytes.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>

namespace logboom {
namespace {

TEST(RandomBytesTest, NoTwoDrawsAreTheSame) {
  std::set<std::array<uint8_t, 16>> drawn;
  for (int i = 0; i < 1000; ++i) {
    std::array<uint8_t, 16> id{};
    FillRandom(id.data(), id.size());
    EXPECT_TRUE(drawn.insert(id).second);
  }
}

TEST(RandomBytesTest, WritesNoFurtherThanItIsAsked) {
  std::array<uint8_t, 4> bytes{};
  FillRandom(bytes.data(), 2);
  EXPECT_EQ(bytes[2], 0);
  EXPECT_EQ(bytes[3], 0);
}

}  // namespace
}  // namespace logboom
