#ifndef LOGBOOM_TESTS_TESTING_TCP_PROXY_H_
#define LOGBOOM_TESTS_TESTING_TCP_PROXY_H_

#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/unique_fd.h"

namespace logboom {

// A network between a client and a server on loopback that can be slow, or
// vanish without a word. Thread-safe.
class TcpProxy {
 public:
  // Listens on a free port and forwards to 127.0.0.1:`server_port`.
  static absl::StatusOr<std::unique_ptr<TcpProxy>> Start(uint16_t server_port);
  ~TcpProxy();
  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  // host:port
  std::string address() const;

  // Forwards everything at once; so it begins.
  void Forward() { SetRate(kUnlimited); }
  // Stays connected, takes new connections, and moves no byte.
  void Hold() { SetRate(0); }
  // Moves so many bytes a second, of all connections and both ways together.
  void Throttle(int64_t bytes_per_second) { SetRate(bytes_per_second); }
  // Each connection taken from now on brings no more than its client's first
  // `bytes` to the server; what the server sends goes on being forwarded.
  void StallEachAfter(int64_t bytes) ABSL_LOCKS_EXCLUDED(mu_);
  // Closes every connection; new ones are taken as before.
  void Cut() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  static constexpr int64_t kUnlimited = INT64_MAX;

  struct Pipe {                       // one way of a connection
    int64_t left_bytes = kUnlimited;  // still to be taken from the source
    std::string bytes;
    bool source_ended = false;

    bool takes_more() const;
  };
  struct Link {
    UniqueFd client;
    UniqueFd server;
    Pipe up;
    Pipe down;
    bool broken = false;
  };

  TcpProxy() = default;
  void SetRate(int64_t bytes_per_second) ABSL_LOCKS_EXCLUDED(mu_);
  void Wake();
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  // What may be moved now; 0: nothing.
  int64_t Allowance() ABSL_LOCKS_EXCLUDED(mu_);
  void Poll(int64_t allowance);
  void AcceptOne() ABSL_LOCKS_EXCLUDED(mu_);
  // Moves up to `*allowance` bytes; whether something broke.
  static bool Move(int from, int to, Pipe* pipe, int64_t* allowance);

  uint16_t server_port_ = 0;
  uint16_t port_ = 0;
  UniqueFd listener_;
  UniqueFd wake_;  // an eventfd
  std::thread thread_;
  std::list<Link> links_;  // the thread's own

  Mutex mu_;
  bool stop_ ABSL_GUARDED_BY(mu_) = false;
  bool cut_ ABSL_GUARDED_BY(mu_) = false;
  int64_t rate_ ABSL_GUARDED_BY(mu_) = kUnlimited;
  int64_t stall_after_bytes_ ABSL_GUARDED_BY(mu_) = kUnlimited;
  double saved_ ABSL_GUARDED_BY(mu_) = 0;  // part of a byte
  absl::Time saved_at_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_TCP_PROXY_H_
