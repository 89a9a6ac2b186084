#include "server/logging/format/safe_text.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

std::string Safe(absl::string_view text, Newlines newlines) {
  std::string out;
  AppendSafe(text, newlines, &out);
  return out;
}

struct Case {
  absl::string_view text;
  absl::string_view indent;
  absl::string_view escape;
  absl::string_view raw;
};

TEST(SafeTextTest, EachModeWritesEachHazardAsItsTableSays) {
  const Case cases[] = {
      {"plain text", "plain text", "plain text", "plain text"},
      {"a\nb", "a\n    | b", "a\\nb", "a\nb"},
      {"a\r\nb", "a\\r\n    | b", "a\\r\\nb", "a\r\nb"},
      {"a\tb", "a\tb", "a\\tb", "a\tb"},
      {"\v\f\x1b[31m\x7f", "\\x0b\\x0c\\x1b[31m\\x7f",
       "\\x0b\\x0c\\x1b[31m\\x7f", "\v\f\x1b[31m\x7f"},
      {absl::string_view("\0", 1), "\\x00", "\\x00",
       absl::string_view("\0", 1)},
      {"C:\\new", "C:\\new", "C:\\\\new", "C:\\new"},
      {"\u0085\u009b", "\\u0085\\u009b", "\\u0085\\u009b", "\u0085\u009b"},
      {"\u2028\u2029", "\\u2028\\u2029", "\\u2028\\u2029", "\u2028\u2029"},
      {"\u202e\u2066\u200f\u061c", "\\u202e\\u2066\\u200f\\u061c",
       "\\u202e\\u2066\\u200f\\u061c", "\u202e\u2066\u200f\u061c"},
      {"é 日本 😀 \u200b", "é 日本 😀 \u200b", "é 日本 😀 \u200b",
       "é 日本 😀 \u200b"},
      {"a\xff\xc3z\xed\xa0\x80", "a\\xff\\xc3z\\xed\\xa0\\x80",
       "a\\xff\\xc3z\\xed\\xa0\\x80", "a\\xff\\xc3z\\xed\\xa0\\x80"},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(Safe(one.text, Newlines::kIndent), one.indent);
    EXPECT_EQ(Safe(one.text, Newlines::kEscape), one.escape);
    EXPECT_EQ(Safe(one.text, Newlines::kRaw), one.raw);
  }
}

// The fast path looks at eight bytes at a time. Method: every byte value at
// every place of it.
TEST(SafeTextTest, FindsAHazardAtEveryPlace) {
  for (int byte = 0; byte < 256; ++byte) {
    const char c = static_cast<char>(byte);
    const std::string alone = Safe(std::string(1, c), Newlines::kEscape);
    for (size_t at = 0; at < 20; ++at) {
      std::string text(20, 'x');
      text[at] = c;
      EXPECT_EQ(Safe(text, Newlines::kEscape),
                absl::StrCat(text.substr(0, at), alone, text.substr(at + 1)))
          << "byte " << byte << " at " << at;
    }
  }
}

TEST(SafeTextTest, EscapedTextReadsBackExactly) {
  EXPECT_NE(Safe("\\n", Newlines::kEscape), Safe("\n", Newlines::kEscape));
  EXPECT_NE(Safe("\\xff", Newlines::kEscape), Safe("\xff", Newlines::kEscape));
  EXPECT_NE(Safe("\u0085", Newlines::kEscape), Safe("\x85", Newlines::kEscape));
}

TEST(Utf8Test, AcceptsWhatRfc3629DoesAndNothingElse) {
  for (const absl::string_view good :
       {"\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
        "\xee\x80\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
        "\xf4\x8f\xbf\xbf"}) {
    const Utf8Char c = DecodeUtf8(good);
    EXPECT_TRUE(c.valid);
    EXPECT_EQ(c.size, good.size());
    std::string again;
    AppendUtf8(c.code_point, &again);
    EXPECT_EQ(again, good);
  }
  for (const absl::string_view bad :
       {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41",
        "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe1\x80", "\xe1\x80\x41",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    EXPECT_FALSE(DecodeUtf8(bad).valid);
    EXPECT_EQ(DecodeUtf8(bad).size, 1u);
  }
}

TEST(Utf8Test, CountsAndCutsCharacters) {
  EXPECT_EQ(CountCharacters(""), 0u);
  EXPECT_EQ(CountCharacters("aé😀\xff"), 4u);
  EXPECT_EQ(FirstCharacters("aé😀\xffz", 3), "aé😀");
  EXPECT_EQ(FirstCharacters("é", 0), "");
  EXPECT_EQ(FirstCharacters("é", 9), "é");
}

}  // namespace
}  // namespace logboom
