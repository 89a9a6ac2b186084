#include "base/host_port.h"

#include "gtest/gtest.h"

namespace logboom {
namespace {

TEST(HostPortTest, AnIpv6AddressIsPrintedInBrackets) {
  EXPECT_EQ((HostPort{"::1", 9020}).ToString(), "[::1]:9020");
  EXPECT_EQ((HostPort{"127.0.0.1", 9020}).ToString(), "127.0.0.1:9020");
  EXPECT_EQ((HostPort{"localhost", 0}).ToString(), "localhost:0");
}

}  // namespace
}  // namespace logboom
