#include "server/ingest/publish/read_room.h"

#include <gtest/gtest.h>

#include <memory>

namespace logboom {
namespace {

constexpr int64_t kLarge = int64_t{4} << 20;

class ReadRoomTest : public ::testing::Test {
 protected:
  struct Stream final : Admission::Reader {
    void OnRoom() override { ++told; }
    int told = 0;
  };

  // What a read is charged.
  int64_t Asked() {
    const int64_t before = admission_.held_bytes();
    EXPECT_TRUE(room_.HasOrAsk(&admission_, stream_));
    const int64_t asked = admission_.held_bytes() - before;
    admission_.Return(room_.LetGo());
    return asked;
  }

  std::shared_ptr<Stream> stream_ = std::make_shared<Stream>();
  Admission admission_{16 * kLarge};
  ReadRoom room_{kLarge};
};

TEST_F(ReadRoomTest, OneThatHasSentNothingIsExpectedToSendTheLargest) {
  EXPECT_EQ(Asked(), kLarge - kStreamWindowBytes);
}

TEST_F(ReadRoomTest, SmallMessagesNeedNoRoomAfterAWhileLargeOnesAtOnce) {
  room_.Expect(100);
  EXPECT_EQ(Asked(), kLarge / 16 - kStreamWindowBytes) << "one says little";
  for (int i = 0; i < 20; ++i) room_.Expect(100);
  EXPECT_EQ(Asked(), 0);
  room_.Expect(kLarge);
  EXPECT_EQ(Asked(), kLarge - kStreamWindowBytes);
}

TEST_F(ReadRoomTest, AsksOnceAndHasItWhenItIsTold) {
  admission_.Charge(16 * kLarge);
  EXPECT_FALSE(room_.HasOrAsk(&admission_, stream_));
  EXPECT_FALSE(room_.HasOrAsk(&admission_, stream_));
  EXPECT_EQ(admission_.waiting(), 1u);
  admission_.Release(16 * kLarge);
  EXPECT_EQ(stream_->told, 1);
  room_.OnRoom();
  EXPECT_TRUE(room_.HasOrAsk(&admission_, stream_));
  admission_.Return(room_.LetGo());
  EXPECT_EQ(admission_.held_bytes(), 0);
}

}  // namespace
}  // namespace logboom
