// Goal: names that operators give are checked to the letter, and a producer's
// text can be put into any message.

#include "server/control/logger_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/string_view.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

TEST(LoggerNameTest, TakesDottedNamesAndCallsTheRootRoot) {
  EXPECT_EQ(*CheckLoggerName(""), "root");
  EXPECT_EQ(*CheckLoggerName("root"), "root");
  for (const absl::string_view name :
       {"a", "shop.cart", "a b.c", "größe.日本", "Root", "root.x"}) {
    const auto checked = CheckLoggerName(name);
    ASSERT_TRUE(checked.ok()) << checked.status();
    EXPECT_EQ(*checked, name);
  }
  EXPECT_TRUE(CheckLoggerName(std::string(256, 'x')).ok());
}

TEST(LoggerNameTest, RefusesEmptyPartsControlCharactersAndLongNames) {
  for (const absl::string_view name : {".", ".a", "a.", "a..b"}) {
    const absl::Status status = CheckLoggerName(name).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_THAT(status.message(), HasSubstr("empty part"));
  }
  for (const absl::string_view name :
       {"a\nb", "a\x1b[31m", "\x7f", "a\xc2\x85", "\xc2\x9b"}) {
    EXPECT_THAT(CheckLoggerName(name).status().message(),
                HasSubstr("control character"));
    EXPECT_THAT(CheckServiceName(name).message(),
                HasSubstr("control character"));
  }
  EXPECT_THAT(CheckLoggerName(absl::string_view("a\0", 2)).status().message(),
              HasSubstr("control character"));
  EXPECT_THAT(CheckLoggerName(std::string(257, 'x')).status().message(),
              HasSubstr("257 bytes"));
  EXPECT_TRUE(CheckLoggerName("\xc2\xa0").ok()) << "U+00A0 is no control";
}

TEST(LoggerNameTest, AServiceMayBeAnyTextWithoutControlCharacters) {
  EXPECT_TRUE(CheckServiceName("").ok());
  EXPECT_TRUE(CheckServiceName("..billing..").ok());
  EXPECT_EQ(CheckServiceName(std::string(257, 'x')).code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(LoggerNameTest, WritesWhatIsNotUtf8AsItsBytes) {
  EXPECT_EQ(Utf8Text("a ß 日 \xf0\x9f\x98\x80"), "a ß 日 \xf0\x9f\x98\x80");
  EXPECT_EQ(Utf8Text("a\xff z"), "a\\xff z");
  EXPECT_EQ(Utf8Text("\xc3"), "\\xc3") << "cut short";
  EXPECT_EQ(Utf8Text("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(Utf8Text("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf") << "overlong";
  EXPECT_EQ(Utf8Text("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(Utf8Text("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80")
      << "above U+10FFFF";
  EXPECT_EQ(Utf8Text("\xe6\x97x"), "\\xe6\\x97x");
}

}  // namespace
}  // namespace logboom
