#ifndef LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_CLIENT_H_
#define LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_CLIENT_H_

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <string>

#include "absl/strings/string_view.h"
#include "base/unique_fd.h"

namespace logboom::testing {

// A program that sends to the raw port with plain blocking sockets.
class RawPortClient {
 public:
  static RawPortClient Tcp(int port) {
    RawPortClient client;
    client.fd_ = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    client.ConnectTo(port);
    return client;
  }
  static RawPortClient Unix(const std::string& path) {
    RawPortClient client;
    client.fd_ = UniqueFd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    EXPECT_EQ(connect(client.fd_.get(), reinterpret_cast<sockaddr*>(&address),
                      sizeof(address)),
              0)
        << std::strerror(errno);
    return client;
  }
  // A TCP socket that is not connected yet.
  static RawPortClient Unconnected() {
    RawPortClient client;
    client.fd_ = UniqueFd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    return client;
  }

  void ConnectTo(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_.get(), reinterpret_cast<sockaddr*>(&address),
                      sizeof(address)),
              0)
        << std::strerror(errno);
  }

  void Send(absl::string_view bytes) {
    ASSERT_TRUE(TrySend(bytes)) << std::strerror(errno);
  }
  // False when the other side has closed.
  bool TrySend(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent =
          send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  // Says that no more comes, and waits until the other side has read all of it
  // and closed.
  void FinishAndWait() {
    shutdown(fd_.get(), SHUT_WR);
    char byte;
    EXPECT_LE(recv(fd_.get(), &byte, 1, 0), 0) << "the port never answers";
  }

 private:
  RawPortClient() = default;

  UniqueFd fd_;
};

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_SERVER_INGEST_RAW_RAW_PORT_CLIENT_H_
