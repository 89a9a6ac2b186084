#include "base/stop_signal.h"

#include <poll.h>

#include <thread>

#include "gtest/gtest.h"

namespace logboom {
namespace {

// What poll(2) finds readable; -1 waits.
bool IsReadable(const StopSignal& stop, int timeout_ms) {
  pollfd waited{stop.fd(), POLLIN, 0};
  return poll(&waited, 1, timeout_ms) == 1 && waited.revents == POLLIN;
}

TEST(StopSignalTest, IsReadableOnceGivenAndStaysSo) {
  StopSignal stop;
  EXPECT_FALSE(IsReadable(stop, 0));
  stop.Give();
  EXPECT_TRUE(IsReadable(stop, 0));
  EXPECT_TRUE(IsReadable(stop, 0));
  stop.Give();
  EXPECT_TRUE(IsReadable(stop, 0));
}

TEST(StopSignalTest, WakesAThreadThatWaits) {
  StopSignal stop;
  std::thread waiter([&stop] { EXPECT_TRUE(IsReadable(stop, -1)); });
  stop.Give();
  waiter.join();
}

}  // namespace
}  // namespace logboom
