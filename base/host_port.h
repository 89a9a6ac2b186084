#ifndef LOGBOOM_BASE_HOST_PORT_H_
#define LOGBOOM_BASE_HOST_PORT_H_

#include <cstdint>
#include <string>

namespace logboom {

// A name, an IPv4 or an IPv6 address, and a port. Plain data.
struct HostPort {
  std::string host;
  uint16_t port = 0;  // to listen: 0 picks a free one

  // "127.0.0.1:9020"; an IPv6 address gets its brackets: "[::1]:9020".
  std::string ToString() const;
};

}  // namespace logboom

#endif  // LOGBOOM_BASE_HOST_PORT_H_
