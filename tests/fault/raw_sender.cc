#include "tests/fault/raw_sender.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/fault/raw_frames.h"

namespace logboom {
namespace {

constexpr absl::Duration kRetryPause = absl::Milliseconds(50);
constexpr int kMostFramesPerChunk = 12;
constexpr uint64_t kMostRecordsPerFrame = 20;
// Between chunks, on average.
constexpr uint64_t kMostPauseMilliseconds = 4;
constexpr int kOneInSoManyIsUndecodable = 300;
constexpr int kOneInSoManyChunksIsTheLast = 400;
// The server always reads: when it takes longer it hangs.
constexpr time_t kPatienceSeconds = 20;

UniqueFd ConnectTo(const std::string& address) {
  UniqueFd fd(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  uint32_t port = 0;
  const size_t colon = address.rfind(':');
  if (!absl::SimpleAtoi(address.substr(colon + 1), &port)) return UniqueFd();
  sockaddr_in to = {.sin_family = AF_INET,
                    .sin_port = htons(static_cast<uint16_t>(port))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval patience = {.tv_sec = kPatienceSeconds};
  setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (connect(fd.get(), reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) {
    return UniqueFd();
  }
  return fd;
}

// Waits until the server has seen the end of what was sent, and closed.
void CloseAndWait(int fd) {
  shutdown(fd, SHUT_WR);
  char byte;
  while (recv(fd, &byte, 1, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

RawSender::RawSender(const Options& options, const ServerBoard* board,
                     Findings* findings)
    : options_(options),
      board_(*board),
      findings_(*findings),
      random_(options.seed) {}

RawSender::~RawSender() { Finish(); }

void RawSender::Start() {
  thread_ = std::thread([this] { Run(); });
}

void RawSender::Finish() {
  stop_.Give();
  if (thread_.joinable()) thread_.join();
}

bool RawSender::Stopped(absl::Duration wait) const {
  pollfd stop = {.fd = stop_.fd(), .events = POLLIN};
  return poll(&stop, 1, static_cast<int>(absl::ToInt64Milliseconds(wait))) > 0;
}

void RawSender::Run() {
  int run = 0;
  while (!Stopped(absl::ZeroDuration())) {
    const ServerBoard::Server server =
        board_.WaitForNewer(run, absl::Now() + kRetryPause);
    if (server.run == 0) continue;
    run = server.run;
    while (!Stopped(absl::ZeroDuration())) {
      const UniqueFd fd = ConnectTo(server.tcp);
      if (!fd.valid()) break;
      const int number = static_cast<int>(connections_.size()) + 1;
      Connection connection = {
          .source = {RecordSource::Way::kRaw, options_.number, number},
          .run = run};
      SendOn(fd.get(), &connection);
      CloseAndWait(fd.get());
      connections_.push_back(connection);
      if (connection.broken) break;
    }
  }
}

void RawSender::SendOn(int fd, Connection* connection) {
  do {
    if (!SendAll(fd, MakeChunk(connection))) {
      connection->broken = true;
      return;
    }
    if (!OneIn(kOneInSoManyChunksIsTheLast)) continue;
    if (OneIn(2)) return;
    connection->cut = true;
    std::string frame;
    AppendUndecodableFrame(&frame);
    connection->broken =
        !SendAll(fd, absl::string_view(frame).substr(0, frame.size() / 2));
    return;
  } while (!Stopped(absl::Milliseconds(Draw(0, kMostPauseMilliseconds))));
}

std::string RawSender::MakeChunk(Connection* connection) {
  std::string chunk;
  for (uint64_t frames = Draw(1, kMostFramesPerChunk); frames > 0; --frames) {
    const KnownRecord next{connection->source, connection->records + 1};
    if (OneIn(kOneInSoManyIsUndecodable)) {
      AppendUndecodableFrame(&chunk);
      ++connection->undecodable;
    } else if (options_.format == Format::kPickle) {
      AppendPickleFrame(next, &chunk);
      ++connection->records;
    } else if (OneIn(2)) {
      AppendRecordFrame(next, &chunk);
      ++connection->records;
    } else {
      const uint64_t count = Draw(1, kMostRecordsPerFrame);
      AppendBatchFrame(next, count, &chunk);
      connection->records += count;
    }
  }
  return chunk;
}

bool RawSender::SendAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && errno == EAGAIN) {
      findings_.Add("raw: the server has stopped reading",
                    absl::StrCat("sender ", options_.number));
    }
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

}  // namespace logboom
