// Goal: the proxy forwards both ways, holds every byte without closing, moves
// what it held afterwards, is slow when told, stalls halfway, and cuts.

#include "tests/testing/tcp_proxy.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdlib>

#include "absl/time/clock.h"
#include "tests/testing/hand_listener.h"

namespace logboom {
namespace {

uint16_t PortOf(const std::string& address) {
  return static_cast<uint16_t>(
      std::atoi(address.substr(address.rfind(':') + 1).c_str()));
}

UniqueFd ConnectTo(const std::string& address) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  to.sin_port = htons(PortOf(address));
  EXPECT_EQ(connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  return fd;
}

void Send(const UniqueFd& fd, const std::string& bytes) {
  EXPECT_EQ(send(fd.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
            static_cast<ssize_t>(bytes.size()));
}

// Exactly so many; fewer at the end of the connection.
std::string Receive(const UniqueFd& fd, size_t size) {
  std::string bytes(size, '\0');
  const ssize_t count = recv(fd.get(), bytes.data(), size, MSG_WAITALL);
  bytes.resize(count < 0 ? 0 : static_cast<size_t>(count));
  return bytes;
}

// Whether something comes, or the end, while one waits a little.
bool SomethingComes(const UniqueFd& fd) {
  pollfd polled = {fd.get(), POLLIN, 0};
  return poll(&polled, 1, 200) != 0;
}

class TcpProxyTest : public testing::Test {
 protected:
  TcpProxyTest()
      : proxy_(*TcpProxy::Start(PortOf(listener_.address()))),
        client_(ConnectTo(proxy_->address())),
        server_(listener_.Accept()) {}

  HandListener listener_;
  const std::unique_ptr<TcpProxy> proxy_;
  UniqueFd client_;
  UniqueFd server_;
};

TEST_F(TcpProxyTest, ForwardsBothWays) {
  const std::string big(100'000, 'x');
  Send(client_, big);
  EXPECT_EQ(Receive(server_, big.size()), big);
  Send(server_, "back");
  EXPECT_EQ(Receive(client_, 4), "back");
}

TEST_F(TcpProxyTest, HoldsEveryByteAndMovesItAfterwards) {
  proxy_->Hold();
  Send(client_, "held");
  EXPECT_FALSE(SomethingComes(server_));
  EXPECT_FALSE(SomethingComes(client_));
  proxy_->Forward();
  EXPECT_EQ(Receive(server_, 4), "held");
}

TEST_F(TcpProxyTest, TakesConnectionsWhileItHolds) {
  proxy_->Hold();
  const UniqueFd other = ConnectTo(proxy_->address());
  Send(other, "held");
  EXPECT_FALSE(SomethingComes(other));
  proxy_->Forward();
  const UniqueFd accepted = listener_.Accept();
  EXPECT_EQ(Receive(accepted, 4), "held");
}

TEST_F(TcpProxyTest, IsSlow) {
  proxy_->Throttle(100'000);
  const absl::Time begin = absl::Now();
  Send(client_, std::string(30'000, 'x'));
  EXPECT_EQ(Receive(server_, 30'000).size(), 30'000u);
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(100));
}

TEST_F(TcpProxyTest, StallsEachNewConnectionAfterSoManyBytes) {
  proxy_->StallEachAfter(70'000);
  const std::string bytes(100'000, 'x');
  const UniqueFd stalled = ConnectTo(proxy_->address());
  const UniqueFd accepted = listener_.Accept();
  Send(stalled, bytes);
  EXPECT_EQ(Receive(accepted, 70'000).size(), 70'000u);
  EXPECT_FALSE(SomethingComes(accepted));
  Send(accepted, "back");
  EXPECT_EQ(Receive(stalled, 4), "back");
  Send(client_, bytes);
  EXPECT_EQ(Receive(server_, bytes.size()), bytes) << "it was there before";
}

TEST_F(TcpProxyTest, CutsAndTakesNewConnections) {
  proxy_->Cut();
  EXPECT_EQ(Receive(client_, 1), "");
  EXPECT_EQ(Receive(server_, 1), "");
  client_ = ConnectTo(proxy_->address());
  server_ = listener_.Accept();
  Send(client_, "new");
  EXPECT_EQ(Receive(server_, 3), "new");
}

TEST_F(TcpProxyTest, ClosesOneSideWhenTheOtherDoes) {
  Send(client_, "last");
  client_.Reset();
  EXPECT_EQ(Receive(server_, 5), "last");
}

}  // namespace
}  // namespace logboom
