#include "cli/line_reader.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"

namespace logboom {
namespace {

struct Pipe {
  Pipe() {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    read_end = UniqueFd(ends[0]);
    write_end = UniqueFd(ends[1]);
  }
  void Write(absl::string_view text) {
    while (!text.empty()) {
      const ssize_t written = write(write_end.get(), text.data(), text.size());
      ASSERT_GT(written, 0);
      text.remove_prefix(written);
    }
  }
  UniqueFd read_end;
  UniqueFd write_end;
};

// "1:text" for each line, "1!size" for one that was too long.
std::vector<std::string> ReadAll(LineReader& reader) {
  std::vector<std::string> lines;
  while (true) {
    const absl::StatusOr<std::optional<LineReader::Line>> line = reader.Next();
    EXPECT_TRUE(line.ok()) << line.status();
    if (!line.ok() || !line->has_value()) return lines;
    lines.push_back(
        (*line)->too_long
            ? absl::StrCat((*line)->number, "!", (*line)->text.size())
            : absl::StrCat((*line)->number, ":", (*line)->text));
  }
}

std::vector<std::string> LinesOf(const std::string& input) {
  Pipe pipe;
  std::thread writer([&] {
    pipe.Write(input);
    pipe.write_end.Reset();
  });
  LineReader reader(pipe.read_end.get());
  std::vector<std::string> lines = ReadAll(reader);
  writer.join();
  return lines;
}

using Lines = std::vector<std::string>;

TEST(LineReaderTest, SplitsAtNewlinesAndKeepsEmptyLines) {
  EXPECT_EQ(LinesOf(""), Lines{});
  EXPECT_EQ(LinesOf("a"), Lines{"1:a"});
  EXPECT_EQ(LinesOf("a\n"), Lines{"1:a"});
  EXPECT_EQ(LinesOf("a\n\nb\r\n"), (Lines{"1:a", "2:", "3:b\r"}));
}

TEST(LineReaderTest, ReturnsALineBeforeMoreArrives) {
  Pipe pipe;
  LineReader reader(pipe.read_end.get());
  pipe.Write("one\ntwo\nthr");
  EXPECT_EQ((*reader.Next())->text, "one");
  EXPECT_TRUE(reader.HasLine());
  EXPECT_EQ((*reader.Next())->text, "two");
  EXPECT_FALSE(reader.HasLine()) << "the next call would have to read";
  pipe.Write("ee\n");
  EXPECT_EQ((*reader.Next())->text, "three");
}

TEST(LineReaderTest, SkipsTheRestOfALineThatIsTooLong) {
  const size_t limit = LineReader::kMaxLineBytes;
  const std::string fits(limit, 'x');
  EXPECT_EQ(LinesOf(absl::StrCat("a\n", fits, "\nb")),
            (Lines{"1:a", "2:" + fits, "3:b"}));
  for (const size_t length : {limit + 100'000, 3 * limit}) {
    const std::string input =
        absl::StrCat("a\n", std::string(length, 'x'), "\nb\n");
    EXPECT_EQ(LinesOf(input), (Lines{"1:a", absl::StrCat("2!", limit), "3:b"}));
    EXPECT_EQ(LinesOf(std::string(length, 'x')),
              Lines{absl::StrCat("1!", limit)});
  }
}

TEST(LineReaderTest, SaysWhenReadingFails) {
  LineReader reader(-1);
  EXPECT_EQ(reader.Next().status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace logboom
