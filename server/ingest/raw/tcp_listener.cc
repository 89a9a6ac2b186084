#include "server/ingest/raw/tcp_listener.h"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/types/span.h"
#include "base/diagnostics.h"
#include "base/named_thread.h"
#include "base/status_macros.h"
#include "server/ingest/pickle/python_record.h"
#include "server/ingest/raw/file_limit.h"

namespace logboom {
namespace {

// A turn's read. Large, because a connection that sends all it can then wakes
// the loop less often: a record of a pickle costs a sixth less than with 64 KiB
// (service_bench). With kEventsPerPass it bounds a pass at 16 MiB, so that even
// then reading does not stop for long.
constexpr size_t kReadBytes = size_t{256} << 10;
constexpr int kEventsPerPass = 64;
constexpr int kAcceptsPerPass = 64;
// Files left to the rest of the server, when connections are many.
constexpr int64_t kReservedFiles = 128;
// When accepting fails for want of something that another part may give back.
constexpr absl::Duration kAcceptRetry = absl::Seconds(1);

int64_t MaxConnections(const TcpListenerOptions& options) {
  if (options.max_connections > 0) return options.max_connections;
  const int64_t files = FileLimit();
  return std::max(files - kReservedFiles, files / 2);
}

// Failures of one connection, which is gone: the next may be had at once
// (accept(2), "Error handling").
bool ConcernsOnePeer(int error) {
  switch (error) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
      return true;
    default:
      return false;
  }
}

FrameDecoder::Unpickle PythonUnpickler(const IngestOptions& limits) {
  PythonRecordOptions options;
  options.logger = limits.tcp_logger;
  options.unpickler.max_items = limits.pickle_items;
  options.unpickler.max_text_bytes = limits.frame_bytes;
  options.values.max_depth = limits.pickle_depth;
  options.values.max_items = limits.pickle_items;
  options.values.max_bytes = limits.frame_bytes;
  return [decoder = std::make_unique<PythonRecordDecoder>(std::move(options))](
             absl::string_view pickle, std::string* record) {
    return decoder->Decode(pickle, record);
  };
}

}  // namespace

absl::StatusOr<std::unique_ptr<TcpListener>> TcpListener::Listen(
    TcpListenerOptions options, Ingest* ingest) {
  return ListenWith(std::move(options), ingest,
                    PythonUnpickler(ingest->options()));
}

absl::StatusOr<std::unique_ptr<TcpListener>> TcpListener::ListenWith(
    TcpListenerOptions options, Ingest* ingest,
    FrameDecoder::Unpickle unpickle) {
  std::unique_ptr<TcpListener> listener(
      new TcpListener(std::move(options), ingest, std::move(unpickle)));
  LOGBOOM_RETURN_IF_ERROR(listener->Open());
  return listener;
}

TcpListener::TcpListener(TcpListenerOptions options, Ingest* ingest,
                         FrameDecoder::Unpickle unpickle)
    : options_(std::move(options)),
      max_connections_(MaxConnections(options_)),
      intake_(ingest, std::move(unpickle)),
      buffer_(kReadBytes),
      accept_reports_(1, absl::Minutes(1)) {}

TcpListener::~TcpListener() { Stop(); }

absl::Status TcpListener::Open() {
  epoll_ = UniqueFd(epoll_create1(EPOLL_CLOEXEC));
  if (!epoll_.valid()) return absl::ErrnoToStatus(errno, "epoll_create1");
  LOGBOOM_RETURN_IF_ERROR(Watch(stop_.fd()));
  if (options_.tcp.has_value()) {
    LOGBOOM_ASSIGN_OR_RETURN(tcp_, ListenTcp(*options_.tcp));
    port_ = BoundPort(tcp_.front().get());
    for (const UniqueFd& fd : tcp_) LOGBOOM_RETURN_IF_ERROR(Watch(fd.get()));
  }
  if (!options_.unix_path.empty()) {
    LOGBOOM_ASSIGN_OR_RETURN(UnixListenSocket listening,
                             UnixListenSocket::Listen(options_.unix_path));
    unix_.emplace(std::move(listening));
    LOGBOOM_RETURN_IF_ERROR(Watch(unix_->fd()));
  }
  return absl::OkStatus();
}

absl::Status TcpListener::Watch(int fd) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = fd;
  if (epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) != 0) {
    return absl::ErrnoToStatus(errno, "epoll_ctl");
  }
  return absl::OkStatus();
}

bool TcpListener::IsListener(int fd) const {
  if (unix_.has_value() && unix_->fd() == fd) return true;
  return std::any_of(tcp_.begin(), tcp_.end(),
                     [fd](const UniqueFd& tcp) { return tcp.get() == fd; });
}

void TcpListener::Start() {
  thread_ = NamedThread("raw tcp", [this] { Run(); });
}

void TcpListener::Stop() {
  stop_.Give();
  if (thread_.joinable()) thread_.join();
  connections_.clear();
  open_connections_.store(0, std::memory_order_relaxed);
  tcp_.clear();
  unix_.reset();
}

void TcpListener::Run() {
  while (!stopping_) {
    Pass(accepting_ ? absl::InfiniteDuration()
                    : resume_accepting_at_ - absl::Now());
  }
  Drain();
}

bool TcpListener::Pass(absl::Duration timeout) {
  std::array<epoll_event, kEventsPerPass> events;
  const int wait_ms =
      timeout == absl::InfiniteDuration()
          ? -1
          : static_cast<int>(absl::ToInt64Milliseconds(
                absl::Ceil(std::max(timeout, absl::ZeroDuration()),
                           absl::Milliseconds(1))));
  const int ready =
      epoll_wait(epoll_.get(), events.data(), kEventsPerPass, wait_ms);
  for (int i = 0; i < ready; ++i) {
    const int fd = events[i].data.fd;
    if (fd == stop_.fd()) {
      stopping_ = true;
    } else if (IsListener(fd)) {
      Accept(fd);
    } else {
      Read(fd);
    }
  }
  intake_.Flush();
  if (!accepting_ && absl::Now() >= resume_accepting_at_) SetAccepting(true);
  return ready > 0;
}

// What peers had sent when Stop() was called is in the kernel by now; a peer
// that goes on sending is cut off at the deadline.
void TcpListener::Drain() {
  epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, stop_.fd(), nullptr);
  const absl::Time deadline = absl::Now() + kDrainTime;
  while (absl::Now() < deadline && Pass(absl::ZeroDuration())) {
  }
}

void TcpListener::Read(int fd) {
  const auto found = connections_.find(fd);
  if (found == connections_.end()) return;  // closed earlier in this pass
  if (found->second->ReadOnce(absl::MakeSpan(buffer_))) return;
  open_connections_.fetch_sub(1, std::memory_order_relaxed);
  connections_.erase(found);  // only now can the peer notice
  if (!accepting_) SetAccepting(true);
}

void TcpListener::Accept(int listener) {
  for (int i = 0; i < kAcceptsPerPass && AcceptOne(listener); ++i) {
  }
}

// Whether to go on.
bool TcpListener::AcceptOne(int listener) {
  if (open_connections() >= max_connections_) {
    PauseAccepting("as many as the limit of open files allows");
    return false;
  }
  UniqueFd fd(
      accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!fd.valid()) {
    if (errno == EAGAIN) return false;
    if (ConcernsOnePeer(errno)) return true;
    PauseAccepting(std::strerror(errno));
    return false;
  }
  const int key = fd.get();
  if (const absl::Status watched = Watch(key); !watched.ok()) {
    PauseAccepting(watched.message());
    return false;
  }
  connections_[key] = std::make_unique<TcpConnection>(std::move(fd), &intake_);
  open_connections_.fetch_add(1, std::memory_order_relaxed);
  return true;
}

// Peers wait in the kernel's backlog, where they lose nothing, instead of being
// turned away.
void TcpListener::PauseAccepting(absl::string_view why) {
  SetAccepting(false);
  resume_accepting_at_ = absl::Now() + kAcceptRetry;
  if (!accept_reports_.Allow(absl::Now())) return;
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat("raw TCP: no more connections can be taken: ", why,
                        "; ", open_connections(),
                        " are open, new ones wait until one closes"));
}

void TcpListener::SetAccepting(bool on) {
  accepting_ = on;
  epoll_event event{};
  event.events = on ? EPOLLIN : 0u;
  const auto set = [&](int fd) {
    event.data.fd = fd;
    epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
  };
  for (const UniqueFd& fd : tcp_) set(fd.get());
  if (unix_.has_value()) set(unix_->fd());
}

}  // namespace logboom
