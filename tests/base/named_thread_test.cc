#include "base/named_thread.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <pthread.h>

#include <string>
#include <thread>

#include "base/stop_signal.h"

namespace logboom {
namespace {

TEST(NamedThreadTest, HasAsMuchOfItsNameAsFits) {
  StopSignal stop;
  std::thread thread = NamedThread("handler of everything", [&stop] {
    pollfd wait = {.fd = stop.fd(), .events = POLLIN};
    poll(&wait, 1, /*timeout=*/-1);
  });
  char name[16];
  ASSERT_EQ(pthread_getname_np(thread.native_handle(), name, sizeof(name)), 0);
  EXPECT_EQ(std::string(name), "handler of ever");
  stop.Give();
  thread.join();
}

}  // namespace
}  // namespace logboom
