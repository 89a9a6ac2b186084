#include "tests/bench/memory_run.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "base/unique_fd.h"
#include "server/journal/file_system.h"
#include "server/journal/journal_stats.h"
#include "tests/bench/bench_folder.h"
#include "tests/bench/memory_load.h"
#include "tests/bench/process_meter.h"
#include "tests/bench/processors.h"
#include "tests/bench/server_process.h"
#include "tests/testing/tcp_proxy.h"

namespace logboom {
namespace {

constexpr absl::Duration kOpenPatience = absl::Minutes(1);
// A handler that is stopped falls behind what is kept, too.
constexpr int64_t kRetainBytes = int64_t{1} << 30;

// What the handler writes to: a file's name, and what keeps it as it should be.
struct Output {
  std::string file;  // empty: the server's own
  UniqueFd unread;
};

absl::StatusOr<Output> MakeOutput(HandlerOutput sort,
                                  const std::string& folder) {
  if (sort == HandlerOutput::kFile) return Output{};
  if (sort == HandlerOutput::kFullDisk) return Output{.file = "/dev/full"};
  Output output = {.file = folder + "/pipe"};
  // Open for reading, or the handler would not open it.
  if (mkfifo(output.file.c_str(), 0600) == 0) {
    output.unread = UniqueFd(open(output.file.c_str(), O_RDWR | O_CLOEXEC));
  }
  if (output.unread.valid()) return output;
  return absl::ErrnoToStatus(errno, output.file);
}

bool IsGrpc(const MemoryRow& row) {
  return row.way == WayIn::kPublish || row.way == WayIn::kOtlp;
}

// Between the load and the server, where the load itself does not stop; null:
// it does.
absl::StatusOr<std::unique_ptr<TcpProxy>> StallHalfway(
    const MemoryRow& row, const std::string& address, size_t message_bytes) {
  if (!row.stops_halfway || !IsGrpc(row)) return nullptr;
  uint32_t port = 0;
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) {
    return absl::InvalidArgumentError(address);
  }
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<TcpProxy> proxy,
                           TcpProxy::Start(static_cast<uint16_t>(port)));
  proxy->StallEachAfter(row.in_flight * static_cast<int64_t>(message_bytes) /
                        2);
  return proxy;
}

// Sends until `length` has passed, and returns the peak so far. `*ended` says
// why the load ended before.
absl::StatusOr<int64_t> PeakUnderLoad(absl::Duration length,
                                      const ServerProcess& server,
                                      std::unique_ptr<TcpProxy> proxy,
                                      Load* load, absl::Status* ended) {
  ProcessMeter meter(server.pid());
  LOGBOOM_RETURN_IF_ERROR(load->Open(absl::Now() + kOpenPatience));
  const absl::Time end = absl::Now() + length;
  OutputProgress written(server.output_files(), 0);
  absl::Status sent;
  std::thread sender([&] { sent = load->Send(&written, end); });
  absl::SleepFor(end - absl::Now());
  meter.Stop();
  // gRPC ends a call whose message is stuck with its connection, whatever its
  // deadline.
  proxy.reset();
  sender.join();
  if (!absl::IsDeadlineExceeded(sent)) *ended = sent;
  return meter.peak_anonymous_bytes();
}

}  // namespace

absl::StatusOr<MemoryFigures> RunMemoryRow(const MemoryRow& row,
                                           const std::string& logboomd,
                                           absl::Duration length) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<BenchFolder> folder,
                           BenchFolder::Create());
  LOGBOOM_ASSIGN_OR_RETURN(const Output output,
                           MakeOutput(row.output, folder->path()));
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server,
                           ServerProcess::Start({.program = logboomd,
                                                 .cpu = kServerProcessor,
                                                 .handlers = row.handlers,
                                                 .output = output.file,
                                                 .retain_bytes = kRetainBytes,
                                                 .folder = folder->path()}));
  const std::string address =
      IsGrpc(row) ? server->grpc_address() : server->tcp_address();
  const std::vector<std::string> messages = MessagesOf(row);
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<TcpProxy> proxy,
                           StallHalfway(row, address, messages.front().size()));
  std::unique_ptr<Load> load = MakeLoad(
      row, messages, proxy == nullptr ? address : proxy->address(), length);
  absl::Status ended;
  LOGBOOM_ASSIGN_OR_RETURN(
      const int64_t peak_bytes,
      PeakUnderLoad(length, *server, std::move(proxy), load.get(), &ended));
  if (!server->is_running()) return absl::AbortedError("the server has ended");
  load.reset();
  const std::string journal = server->journal_folder();
  server.reset();
  LOGBOOM_ASSIGN_OR_RETURN(const JournalStats stats,
                           ReadJournalStats(SystemFiles(), journal));
  return MemoryFigures{.peak_bytes = peak_bytes,
                       .records = stats.ingest.stored,
                       .ended = ended.ok() ? "" : ended.ToString()};
}

}  // namespace logboom
