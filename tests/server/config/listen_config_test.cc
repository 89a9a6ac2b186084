#include "server/config/listen_config.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

TEST(ListenConfigTest, AnAddressIsHostAndPort) {
  const struct {
    const char* text;
    const char* host;
    int port;
  } kCases[] = {
      {"127.0.0.1:4317", "127.0.0.1", 4317},
      {"0.0.0.0:0", "0.0.0.0", 0},
      {"localhost:65535", "localhost", 65535},
      {"log-1.shop.example:9020", "log-1.shop.example", 9020},
      {"[::1]:4317", "::1", 4317},
      {"[::]:0", "::", 0},
      {"4317", "127.0.0.1", 4317},
      {"0", "127.0.0.1", 0},
  };
  for (const auto& [text, host, port] : kCases) {
    const auto address = ParseHostPort(text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->host, host) << text;
    EXPECT_EQ(address->port, port) << text;
  }
}

TEST(ListenConfigTest, AnythingElseIsRefusedWithWhatIsAccepted) {
  for (const char* text : {"",
                           ":",
                           ":80",
                           "*:80",
                           "localhost",
                           "localhost:",
                           "localhost:-1",
                           "localhost:+1",
                           "localhost:65536",
                           "localhost: 80",
                           "localhost:0x50",
                           "::1:80",
                           "[::1]",
                           "[::1]80",
                           "[]:80",
                           "[127.0.0.1]:80",
                           "[::1:80",
                           "1.2.3:80",
                           "1.2.3.4.5:80",
                           "999:80",
                           "a b:80",
                           "a/b:80",
                           "http://a:80",
                           "[fe80::1%eth0]:80"}) {
    const auto address = ParseHostPort(text);
    ASSERT_FALSE(address.ok()) << text;
    EXPECT_THAT(std::string(address.status().message()),
                testing::HasSubstr("; accepted: HOST:PORT"));
  }
}

}  // namespace
}  // namespace logboom
