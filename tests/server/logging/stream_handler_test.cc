#include "server/logging/stream_handler.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

TextBlock Block(int records, char letter, size_t length) {
  TextBlock block;
  for (int i = 0; i < records; ++i) {
    absl::StrAppend(&block.text, std::string(length, letter), "\n");
    block.ends.push_back(block.text.size());
  }
  return block;
}

std::string ReadAll(int fd) {
  std::string all;
  char buffer[4096];
  for (ssize_t n; (n = read(fd, buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<size_t>(n));
  }
  return all;
}

class Pipe {
 public:
  Pipe() {
    int ends[2];
    EXPECT_EQ(pipe2(ends, O_CLOEXEC), 0);
    out = UniqueFd(ends[0]);
    in = UniqueFd(ends[1]);
  }
  UniqueFd out, in;
};

TEST(StandardStreamTest, LeavesTheFlagsOfTheGivenDescriptorAlone) {
  Pipe pipe;
  StandardStream stream(pipe.in.get());
  EXPECT_EQ(fcntl(pipe.in.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(StandardStreamTest, AFullPipeTakesNothingAndDoesNotBlock) {
  Pipe pipe;
  StandardStream stream(pipe.in.get());
  const TextBlock block = Block(1000, 'x', 200);
  size_t begin = 0;
  while (true) {
    const auto wrote = stream.WriteSome(block, begin % block.text.size());
    ASSERT_TRUE(wrote.ok());
    if (*wrote == 0) break;
    begin += *wrote;
  }
  EXPECT_GT(begin, 0u);
}

// Goal: two handlers on one stream never mix their records, even when the pipe
// fills in the middle of one. Method: a slow reader, two writers, odd lengths.
TEST(StreamHandlerTest, HandlersOnOneStreamWriteWholeRecords) {
  constexpr int kRecords = 3000;
  Pipe pipe;
  auto stream = std::make_unique<StandardStream>(pipe.in.get());
  std::string all;
  std::thread reader([&] { all = ReadAll(pipe.out.get()); });
  auto write = [&](char letter, size_t length) {
    StreamHandler handler(stream.get());
    StopSignal stop;
    const TextBlock block = Block(kRecords, letter, length);
    size_t begin = 0;
    EXPECT_TRUE(handler.Write(block, &begin, stop).ok());
    EXPECT_EQ(begin, block.text.size());
  };
  std::thread a(write, 'a', 4099), b(write, 'b', 1013);
  a.join();
  b.join();
  // Both descriptions of the pipe must close before the reader sees its end.
  pipe.in.Reset();
  stream.reset();
  reader.join();

  int lines = 0;
  for (size_t begin = 0; begin < all.size(); ++lines) {
    const size_t end = all.find('\n', begin);
    ASSERT_NE(end, std::string::npos);
    const char letter = all[begin];
    ASSERT_EQ(end - begin, letter == 'a' ? 4099u : 1013u);
    ASSERT_EQ(all.find_first_not_of(letter, begin), end);
    begin = end + 1;
  }
  EXPECT_EQ(lines, 2 * kRecords);
}

TEST(StreamHandlerTest, AStopEndsTheWaitForAPipeNobodyReads) {
  Pipe pipe;
  StandardStream stream(pipe.in.get());
  StreamHandler handler(&stream);
  const TextBlock block = Block(1000, 'x', 1000);
  StopSignal stop;
  stop.Give();
  size_t begin = 0;
  EXPECT_EQ(handler.Write(block, &begin, stop).code(),
            absl::StatusCode::kCancelled);
  EXPECT_LT(begin, block.text.size());
  EXPECT_EQ(begin % 1001, 0u) << "whole records only";
}

// Its rest is lost with the process: the next one must write all of it.
TEST(StreamHandlerTest, ARecordOfWhichAPartIsOutIsNotPassed) {
  Pipe pipe;
  StandardStream stream(pipe.in.get());
  StreamHandler handler(&stream);
  const TextBlock block = Block(3, 'x', 50000);
  StopSignal stop;
  stop.Give();
  size_t begin = 0;
  EXPECT_TRUE(absl::IsCancelled(handler.Write(block, &begin, stop)));
  EXPECT_EQ(begin, 50001u) << "the pipe holds 65536 bytes";
}

// Nor is it written again by this process.
TEST(StreamHandlerTest, ARecordIsGoneOnWithWhereItWasCut) {
  Pipe pipe;
  auto stream = std::make_unique<StandardStream>(pipe.in.get());
  StreamHandler handler(stream.get());
  const TextBlock block = Block(3, 'x', 50000);
  StopSignal stopped;
  stopped.Give();
  size_t begin = 0;
  EXPECT_TRUE(absl::IsCancelled(handler.Write(block, &begin, stopped)));

  std::string all;
  std::thread reader([&] { all = ReadAll(pipe.out.get()); });
  const StopSignal stop;
  EXPECT_TRUE(handler.Write(block, &begin, stop).ok());
  EXPECT_EQ(begin, block.text.size());
  pipe.in.Reset();
  stream.reset();
  reader.join();
  EXPECT_EQ(all, block.text);
}

TEST(StreamHandlerTest, ASocketIsWrittenWithoutBlockingToo) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  UniqueFd out(ends[0]), in(ends[1]);
  StandardStream stream(in.get());
  StreamHandler handler(&stream);
  const TextBlock block = Block(2000, 'x', 1000);
  StopSignal stop;
  stop.Give();
  size_t begin = 0;
  EXPECT_TRUE(absl::IsCancelled(handler.Write(block, &begin, stop)));
  EXPECT_GT(begin, 0u);
}

TEST(StreamHandlerTest, AClosedDestinationIsUnavailable) {
  int ends[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
  UniqueFd in(ends[1]);
  close(ends[0]);
  StandardStream stream(in.get());
  StreamHandler handler(&stream);
  StopSignal stop;
  size_t begin = 0;
  EXPECT_TRUE(
      absl::IsUnavailable(handler.Write(Block(1, 'x', 10), &begin, stop)));
}

}  // namespace
}  // namespace logboom
