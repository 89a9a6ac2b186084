#include "server/ingest/raw/frame_splitter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/server/ingest/raw/raw_port_fakes.h"

namespace logboom {
namespace {

using ::logboom::testing::Frame;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr int64_t kMaxFrameBytes = 20'000;

class Collector : public FrameSink {
 public:
  void OnFrame(absl::string_view payload) override {
    frames.emplace_back(payload);
  }
  void OnTooLarge(uint32_t length_bytes) override {
    too_large.push_back(length_bytes);
  }
  void OnNoRoom(uint32_t length_bytes) override {
    no_room.push_back(length_bytes);
  }

  std::vector<std::string> frames;
  std::vector<uint32_t> too_large;
  std::vector<uint32_t> no_room;
};

class FrameSplitterTest : public ::testing::Test {
 protected:
  void Feed(absl::string_view bytes) { splitter_.Feed(bytes, &got_); }
  void FeedByteByByte(absl::string_view bytes) {
    for (size_t i = 0; i < bytes.size(); ++i) Feed(bytes.substr(i, 1));
  }

  ByteBudget budget_{1 << 20};
  FrameSplitter splitter_{kMaxFrameBytes, &budget_};
  Collector got_;
};

// Every shape of frame: empty, one byte, large enough to be charged for, too
// large, and one that looks like a length.
const std::vector<std::string>& SamplePayloads() {
  static const auto* payloads = new std::vector<std::string>{
      "first", "",   "x", std::string(5000, 'l'), std::string("\0\0\0\4", 4),
      "",      "end"};
  return *payloads;
}

std::string SampleStream() {
  std::string stream;
  for (const std::string& payload : SamplePayloads()) {
    absl::StrAppend(&stream, Frame(payload));
    if (payload == "x") {
      absl::StrAppend(&stream, Frame(std::string(20'001, 'x')));
    }
  }
  return stream;
}

TEST_F(FrameSplitterTest, HandsOnWholeFramesInPlace) {
  const std::string stream = absl::StrCat(Frame("one"), Frame("two"));
  struct InPlace : Collector {
    void OnFrame(absl::string_view payload) override {
      begins.push_back(payload.data());
    }
    std::vector<const char*> begins;
  } got;
  splitter_.Feed(stream, &got);
  EXPECT_THAT(got.begins, ElementsAre(stream.data() + 4, stream.data() + 11));
}

// Goal: how the kernel cuts the stream into reads changes nothing. Method: one
// stream with every shape of frame, cut in two and in three at every place.
TEST_F(FrameSplitterTest, GivesTheSameFramesWhereverReadsCut) {
  const std::string stream = SampleStream();
  for (size_t cut = 0; cut <= stream.size(); ++cut) {
    SCOPED_TRACE(absl::StrCat("cut before byte ", cut));
    const size_t second_cut = cut + (stream.size() - cut) / 3;
    Collector got;
    FrameSplitter splitter(kMaxFrameBytes, &budget_);
    const absl::string_view bytes = stream;
    splitter.Feed(bytes.substr(0, cut), &got);
    splitter.Feed(bytes.substr(cut, second_cut - cut), &got);
    splitter.Feed(bytes.substr(second_cut), &got);
    ASSERT_THAT(got.frames, ElementsAreArray(SamplePayloads()));
    ASSERT_THAT(got.too_large, ElementsAre(20'001));
    ASSERT_FALSE(splitter.inside_frame());
    ASSERT_EQ(budget_.held(), 0);
  }
}

TEST_F(FrameSplitterTest, GivesTheSameFramesByteByByte) {
  FeedByteByByte(SampleStream());
  EXPECT_THAT(got_.frames, ElementsAreArray(SamplePayloads()));
  EXPECT_THAT(got_.too_large, ElementsAre(20'001));
}

TEST_F(FrameSplitterTest, TakesAFrameOfExactlyTheLimit) {
  const std::string payload(kMaxFrameBytes, 'p');
  Feed(Frame(payload));
  EXPECT_THAT(got_.frames, ElementsAre(payload));
  EXPECT_THAT(got_.too_large, IsEmpty());
}

TEST_F(FrameSplitterTest, SkipsAnOversizeFrameWithoutHoldingIt) {
  Feed(absl::string_view("\0\1\0\0", 4));
  for (int i = 0; i < 65'536; i += 64) {
    Feed(std::string(64, 's'));
    EXPECT_EQ(budget_.held(), 0);
  }
  Feed(Frame("after"));
  EXPECT_THAT(got_.too_large, ElementsAre(65'536));
  EXPECT_THAT(got_.frames, ElementsAre("after"));
}

TEST_F(FrameSplitterTest, ReadsALengthAsUnsigned) {
  Feed("\xFF\xFF\xFF\xFF");
  Feed(std::string(100, 's'));
  EXPECT_THAT(got_.too_large, ElementsAre(0xFFFFFFFFu));
  EXPECT_THAT(got_.frames, IsEmpty());
}

TEST_F(FrameSplitterTest, KnowsWhetherTheEndCutsAFrame) {
  const std::string stream = absl::StrCat(Frame("one"), Frame("two"));
  for (size_t end = 0; end <= stream.size(); ++end) {
    SCOPED_TRACE(absl::StrCat("ends before byte ", end));
    FrameSplitter splitter(kMaxFrameBytes, &budget_);
    splitter.Feed(absl::string_view(stream).substr(0, end), &got_);
    EXPECT_EQ(splitter.inside_frame(), end % Frame("one").size() != 0);
  }
}

// A skipped frame has been counted already.
TEST_F(FrameSplitterTest, DoesNotCallAnEndInsideASkippedFrameACut) {
  Feed(absl::string_view("\0\1\0\0skipped", 11));
  EXPECT_FALSE(splitter_.inside_frame());
}

TEST_F(FrameSplitterTest, HoldsWhatHasComeAndNotWhatTheLengthPromises) {
  ByteBudget budget(1 << 30);
  FrameSplitter splitter(1 << 24, &budget);
  splitter.Feed(absl::string_view("\0\xFF\xFF\xFF+", 5), &got_);
  EXPECT_EQ(budget.held(), 0) << "a small piece is free";
  splitter.Feed(std::string(100'000, 'p'), &got_);
  EXPECT_GE(budget.held(), 100'001);
  EXPECT_LE(budget.held(), 200'002);
}

TEST_F(FrameSplitterTest, GivesBackItsBytesWhenTheConnectionEnds) {
  {
    FrameSplitter splitter(kMaxFrameBytes, &budget_);
    splitter.Feed(Frame(std::string(9000, 'p')).substr(0, 6000), &got_);
    EXPECT_GT(budget_.held(), 0);
  }
  EXPECT_EQ(budget_.held(), 0);
}

TEST_F(FrameSplitterTest, GivesBackItsBytesBeforeTheFrameIsHandedOn) {
  struct HeldThen : Collector {
    void OnFrame(absl::string_view payload) override {
      held = budget->held();
      Collector::OnFrame(payload);
    }
    ByteBudget* budget = nullptr;
    int64_t held = -1;
  } got;
  got.budget = &budget_;
  const std::string frame = Frame(std::string(9000, 'p'));
  splitter_.Feed(absl::string_view(frame).substr(0, 6000), &got);
  EXPECT_GT(budget_.held(), 0);
  splitter_.Feed(absl::string_view(frame).substr(6000), &got);
  EXPECT_THAT(got.frames, SizeIs(1));
  EXPECT_EQ(got.held, 0);
}

// Goal: many connections with a large frame begun cannot take all memory; the
// frame that finds no room is lost, its connection and the others go on.
TEST_F(FrameSplitterTest, DropsTheFrameThatFindsNoRoom) {
  ByteBudget budget(15'000);
  FrameSplitter first(kMaxFrameBytes, &budget);
  FrameSplitter second(kMaxFrameBytes, &budget);
  const std::string frame = Frame(std::string(10'000, 'p'));
  Collector got_first;
  Collector got_second;
  first.Feed(absl::string_view(frame).substr(0, 9000), &got_first);
  second.Feed(absl::string_view(frame).substr(0, 9000), &got_second);
  EXPECT_THAT(got_second.no_room, ElementsAre(10'000));
  EXPECT_LE(budget.held(), 15'000);
  second.Feed(absl::string_view(frame).substr(9000), &got_second);
  second.Feed(Frame("next"), &got_second);
  first.Feed(absl::string_view(frame).substr(9000), &got_first);
  EXPECT_THAT(got_second.frames, ElementsAre("next"));
  EXPECT_THAT(got_first.frames, ElementsAre(std::string(10'000, 'p')));
  EXPECT_EQ(budget.held(), 0);
}

TEST_F(FrameSplitterTest, GathersSmallFramesWhenTheBudgetIsSpent) {
  ByteBudget spent(0);
  FrameSplitter splitter(kMaxFrameBytes, &spent);
  const std::string frame = Frame(std::string(FrameSplitter::kFreeBytes, 'f'));
  for (size_t i = 0; i < frame.size(); ++i) {
    splitter.Feed(absl::string_view(frame).substr(i, 1), &got_);
  }
  EXPECT_THAT(got_.frames, SizeIs(1));
  splitter.Feed(Frame(std::string(9000, 'p')).substr(0, 6000), &got_);
  EXPECT_THAT(got_.no_room, ElementsAre(9000));
}

}  // namespace
}  // namespace logboom
