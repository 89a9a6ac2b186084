#ifndef LOGBOOM_TESTS_TESTING_HAND_LISTENER_H_
#define LOGBOOM_TESTS_TESTING_HAND_LISTENER_H_

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/unique_fd.h"

namespace logboom {

// A listener on a free loopback port that the test accepts from by hand. Left
// alone it is a server that takes connections and never says a word.
class HandListener {
 public:
  HandListener() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(fd_.get(), any, size), 0);
    EXPECT_EQ(listen(fd_.get(), 10), 0);
    EXPECT_EQ(getsockname(fd_.get(), any, &size), 0);
    port_ = ntohs(address.sin_port);
  }
  std::string address() const { return absl::StrCat("127.0.0.1:", port_); }

  // Takes one connection.
  UniqueFd Accept() { return UniqueFd(accept(fd_.get(), nullptr, nullptr)); }

  // Takes one connection, reads it to its end and closes it.
  std::string ReceiveAll() {
    const UniqueFd peer = Accept();
    std::string received;
    char chunk[4096];
    ssize_t count;
    while ((count = recv(peer.get(), chunk, sizeof(chunk), 0)) > 0) {
      received.append(chunk, count);
    }
    return received;
  }

 private:
  UniqueFd fd_;
  uint16_t port_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_HAND_LISTENER_H_
