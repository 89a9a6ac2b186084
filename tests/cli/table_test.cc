// Goal: columns stand under each other whatever script their cells are in, and
// no text from outside takes over the terminal.

#include "cli/table.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

namespace logboom {
namespace {

std::string Printed(const std::vector<TableRow>& rows,
                    absl::string_view sides) {
  testing::internal::CaptureStdout();
  PrintTable(rows, sides);
  std::fflush(stdout);
  return testing::internal::GetCapturedStdout();
}

TEST(TableTest, CellsStandOnTheirSideOfTheColumn) {
  EXPECT_EQ(Printed({{"name", "count", "note"},
                     {"a", "5", "x"},
                     {"größe", "12345678", ""}},
                    "lrl"),
            "name      count  note\n"
            "a             5  x\n"
            "größe  12345678  \n");
}

TEST(TableTest, TheLastSideCountsForAllFurtherColumns) {
  EXPECT_EQ(Printed({{"a", "b", "c"}, {"10", "20", "30"}}, "lr"),
            "a    b   c\n"
            "10  20  30\n");
}

TEST(TableTest, NoRowsPrintNothing) { EXPECT_EQ(Printed({}, "l"), ""); }

TEST(TableTest, PrintableTextStaysAsItIs) {
  EXPECT_EQ(Printable("shop.cart größe 日本 \xf0\x9f\x98\x80"),
            "shop.cart größe 日本 \xf0\x9f\x98\x80");
}

TEST(TableTest, WhatATerminalWouldActOnIsEscaped) {
  EXPECT_EQ(Printable("a\nb\t\x1b[31m\x7f"), "a\\x0ab\\x09\\x1b[31m\\x7f");
  EXPECT_EQ(Printable("\xc2\x9b"
                      "31m"),
            "\\u009b31m")
      << "C1's CSI";
  EXPECT_EQ(Printable("\xe2\x80\xa8"), "\\u2028");
  EXPECT_EQ(Printable("\xe2\x80\xae"
                      "txt"),
            "\\u202etxt")
      << "right to left";
  EXPECT_EQ(Printable("\xe2\x81\xa6"), "\\u2066");
  EXPECT_EQ(Printable(std::string("\0", 1)), "\\x00");
}

TEST(TableTest, WhatIsNotUtf8IsEscapedToo) {
  const std::string text = Printable("a\xff\xc3z");
  for (const char c : text) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
  EXPECT_EQ(text.front(), 'a');
  EXPECT_EQ(text.back(), 'z');
}

}  // namespace
}  // namespace logboom
