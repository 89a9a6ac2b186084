#include "base/unique_fd.h"

#include <fcntl.h>
#include <sys/eventfd.h>

#include <utility>

#include "gtest/gtest.h"

namespace logboom {
namespace {

bool IsOpen(int fd) { return fcntl(fd, F_GETFD) >= 0; }

TEST(UniqueFdTest, ClosesWhatItOwns) {
  int raw = -1;
  {
    const UniqueFd fd(eventfd(0, EFD_CLOEXEC));
    raw = fd.get();
    ASSERT_TRUE(fd.valid());
    EXPECT_TRUE(IsOpen(raw));
  }
  EXPECT_FALSE(IsOpen(raw));
}

TEST(UniqueFdTest, MovingHandsOwnershipOn) {
  UniqueFd first(eventfd(0, EFD_CLOEXEC));
  const int raw = first.get();
  UniqueFd second(std::move(first));
  EXPECT_EQ(second.get(), raw);
  EXPECT_FALSE(first.valid());  // NOLINT(bugprone-use-after-move)

  UniqueFd third(eventfd(0, EFD_CLOEXEC));
  const int replaced = third.get();
  third = std::move(second);
  EXPECT_EQ(third.get(), raw);
  EXPECT_TRUE(IsOpen(raw));
  EXPECT_FALSE(IsOpen(replaced));
}

TEST(UniqueFdTest, ResetClosesAndIsEmptyAfterwards) {
  UniqueFd fd(eventfd(0, EFD_CLOEXEC));
  const int raw = fd.get();
  fd.Reset();
  EXPECT_FALSE(IsOpen(raw));
  EXPECT_FALSE(fd.valid());
  fd.Reset();
  EXPECT_FALSE(UniqueFd().valid());
}

}  // namespace
}  // namespace logboom
