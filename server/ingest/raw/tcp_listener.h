#ifndef LOGBOOM_SERVER_INGEST_RAW_TCP_LISTENER_H_
#define LOGBOOM_SERVER_INGEST_RAW_TCP_LISTENER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/stop_signal.h"
#include "base/unique_fd.h"
#include "server/ingest/ingest.h"
#include "server/ingest/raw/frame_intake.h"
#include "server/ingest/raw/listen_socket.h"
#include "server/ingest/raw/report_limiter.h"
#include "server/ingest/raw/tcp_connection.h"

namespace logboom {

struct TcpListenerOptions {
  std::optional<HostPort> tcp;  // absent: off
  std::string unix_path;        // empty: off
  // Connections open at once; more wait in the kernel. 0: what the limit of
  // open files leaves when the journal and the handlers have theirs.
  int64_t max_connections = 0;
};

// The raw port: frames over TCP and a unix socket, one way, for senders that
// never hear an answer (proto/FORMAT.md section 5). One thread of its own
// serves all connections by epoll: each wake-up reads once from each ready one,
// so that none keeps the others waiting, and appends all their records as one
// batch. Reading never stops: when limits.tcp_buffer_bytes are on the way to
// disk, frames are dropped and counted. Connections are never closed from this
// side before Stop().
//
// Not thread-safe but for the counters.
class TcpListener {
 public:
  // Listens; connections wait until Start(). `ingest` must outlive this object
  // and the appends it made. Errors: FAILED_PRECONDITION, `cannot listen on tcp
  // 127.0.0.1:9020: Address already in use`.
  static absl::StatusOr<std::unique_ptr<TcpListener>> Listen(
      TcpListenerOptions options, Ingest* ingest);

  // The same, with another reading of pickles.
  static absl::StatusOr<std::unique_ptr<TcpListener>> ListenWith(
      TcpListenerOptions options, Ingest* ingest,
      FrameDecoder::Unpickle unpickle);

  ~TcpListener();  // stops

  // The TCP port listened on; 0 when TCP is off.
  int port() const { return port_; }

  void Start();

  // Takes what the kernel has received by now, for at most kDrainTime, appends
  // it, closes everything and joins the thread. Idempotent.
  void Stop();

  // Connections open now, and whole frames since the start.
  int64_t open_connections() const {
    return open_connections_.load(std::memory_order_relaxed);
  }
  int64_t frames() const { return intake_.frames(); }

  static constexpr absl::Duration kDrainTime = absl::Milliseconds(200);

 private:
  TcpListener(TcpListenerOptions options, Ingest* ingest,
              FrameDecoder::Unpickle unpickle);

  absl::Status Open();
  absl::Status Watch(int fd);
  bool IsListener(int fd) const;

  void Run();
  // Serves what is ready, waiting for it at most `timeout`; false when nothing
  // was.
  bool Pass(absl::Duration timeout);
  void Drain();
  void Read(int fd);

  void Accept(int listener);
  bool AcceptOne(int listener);
  void PauseAccepting(absl::string_view why);
  void SetAccepting(bool on);

  const TcpListenerOptions options_;
  const int64_t max_connections_;
  FrameIntake intake_;
  StopSignal stop_;
  UniqueFd epoll_;
  std::vector<UniqueFd> tcp_;
  std::optional<UnixListenSocket> unix_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<int64_t> open_connections_{0};

  // The thread's own from Start() to its end.
  std::vector<char> buffer_;  // every connection's reads go through it
  absl::flat_hash_map<int, std::unique_ptr<TcpConnection>> connections_;
  bool stopping_ = false;
  bool accepting_ = true;
  absl::Time resume_accepting_at_;
  ReportLimiter accept_reports_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_TCP_LISTENER_H_
