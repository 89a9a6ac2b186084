#include "base/checksum.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace logboom {
namespace {

constexpr uint64_t kSeed = 0x0123456789abcdef;

// Long enough for every way in which XXH3 goes about it.
std::string Numbers(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) absl::StrAppend(&text, i, ",");
  return text;
}

// By xxh3_64_intdigest of Python's xxhash: another machine's journal reads.
TEST(ChecksumTest, IsXxh3) {
  EXPECT_EQ(Checksum(""), 0x2d06800538d394c2);
  EXPECT_EQ(Checksum("", kSeed), 0xcc1ca35a1b089c5c);
  EXPECT_EQ(Checksum("logboom"), 0x1133d3e49a758d72);
  EXPECT_EQ(Checksum(Numbers(20), kSeed), 0xda0af71e56f75a81);
  EXPECT_EQ(Checksum(Numbers(60), kSeed), 0x4c457e5008acb7ba);
  EXPECT_EQ(Checksum(Numbers(100000)), 0x77bb2e1801c328c6);
  EXPECT_EQ(Checksum(Numbers(100000), kSeed), 0xd857195e1dba69b3);
}

TEST(ChecksumTest, DoesNotDependOnWhereTheBytesAreCut) {
  const std::string bytes = Numbers(1000);
  const absl::string_view all = bytes;
  const uint64_t whole = Checksum(all, kSeed);
  for (size_t cut = 0; cut <= bytes.size(); ++cut) {
    const absl::string_view head = all.substr(0, cut);
    const absl::string_view tail = all.substr(cut);
    ASSERT_EQ(Checksum({head, tail}, kSeed), whole) << cut;
    ASSERT_EQ(Checksum({"", head, "", tail, ""}, kSeed), whole) << cut;
  }
  EXPECT_NE(Checksum(all, kSeed + 1), whole);
}

TEST(ChecksumTest, OfNothingIsTheSameHoweverItIsGiven) {
  EXPECT_EQ(Checksum({"", ""}, kSeed), Checksum("", kSeed));
}

}  // namespace
}  // namespace logboom
