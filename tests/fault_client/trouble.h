#ifndef LOGBOOM_TESTS_FAULT_CLIENT_TROUBLE_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_TROUBLE_H_

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "tests/fault_client/server_site.h"
#include "tests/testing/tcp_proxy.h"

namespace logboom {

// What can be wrong with a server, as its client sees it.
enum class Trouble {
  kStopped,   // nobody listens
  kFrozen,    // the kernel takes connections and bytes, nobody reads them
  kHalfOpen,  // connected, and no byte moves
  kSlow,      // a few bytes move
};
inline constexpr Trouble kAllTroubles[] = {Trouble::kStopped, Trouble::kFrozen,
                                           Trouble::kHalfOpen, Trouble::kSlow};

absl::string_view TroubleName(Trouble trouble);  // "half-open"
std::optional<Trouble> TroubleFromName(absl::string_view name);

// A server that has one kind of trouble from Begin to End. One thread.
class TroubledServer {
 public:
  TroubledServer(Trouble trouble, const ServerSite::Options& site)
      : trouble_(trouble), site_(site) {}

  // Starts it, without trouble.
  absl::Status Start();
  absl::Status Begin();
  absl::Status End();

  // Where its client must connect.
  std::string address() const {
    return proxy_ ? proxy_->address() : site_.address();
  }
  ServerSite& site() { return site_; }

 private:
  const Trouble trouble_;
  ServerSite site_;
  std::unique_ptr<TcpProxy> proxy_;  // where the trouble is on the way
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_TROUBLE_H_
