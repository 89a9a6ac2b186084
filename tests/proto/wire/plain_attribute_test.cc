#include "proto/wire/plain_attribute.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {
namespace {

// Whether a walk finds one bool, int or double in it, and nothing else.
bool IsNumber(absl::string_view value) {
  TagIterator tag(value);
  if (!tag.Next()) return false;
  const bool varint =
      tag.type() == WireType::kVarint && (tag.field() == 2 || tag.field() == 3);
  const bool fixed = tag.type() == WireType::kFixed64 && tag.field() == 4;
  return (varint || fixed) && !tag.Next() && tag.ok();
}

TEST(IsPlainNumberTest, IsTrueForEveryNumberOfUpToThreeBytesAndNothingElse) {
  std::string value(3, '\0');
  for (const int tag : {0x00, 0x08, 0x0A, 0x10, 0x11, 0x18, 0x1A, 0x21}) {
    value[0] = static_cast<char>(tag);
    for (int bytes = 0; bytes < 0x10000; ++bytes) {
      value[1] = static_cast<char>(bytes >> 8);
      value[2] = static_cast<char>(bytes);
      for (size_t size = 0; size <= value.size(); ++size) {
        const absl::string_view cut = absl::string_view(value).substr(0, size);
        ASSERT_EQ(IsPlainNumber(cut), IsNumber(cut))
            << absl::BytesToHexString(cut);
      }
    }
  }
}

TEST(IsPlainNumberTest, IsTrueForADoubleAlone) {
  const std::string value = "\x21" + std::string(8, '\xFF');
  EXPECT_TRUE(IsPlainNumber(value));
  EXPECT_FALSE(IsPlainNumber(value.substr(0, 8)));
  EXPECT_FALSE(IsPlainNumber(value + "\x21"));
  EXPECT_FALSE(IsPlainNumber("\x19" + value.substr(1)));
}

}  // namespace
}  // namespace logboom
