// The whole service under load: a logboomd pinned to one processor, fed over
// loopback, with one file handler. Prints, for each way in, records per second
// from the first byte sent to the last line written, and the server's own CPU
// time per record. Figures of one run; compare runs made together only.
//
//   build/release/tests/bench/service_bench [--records N] [--streams N]

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "tests/bench/batch_stream.h"
#include "tests/bench/processors.h"
#include "tests/bench/sample_batch.h"
#include "tests/bench/server_process.h"

namespace logboom {
namespace {

constexpr int kRecordsPerBatch = 1000;
constexpr double kPatienceSeconds = 120;

struct Load {
  std::string server = LOGBOOM_BENCH_SERVER;
  std::string pickle = LOGBOOM_BENCH_PICKLE;
  int records = 2'000'000;
  int streams = 4;
};

int ConnectTcp(const std::string& address) {
  const std::vector<std::string> parts = absl::StrSplit(address, ':');
  uint32_t port = 0;
  if (!absl::SimpleAtoi(parts.back(), &port)) return -1;
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in to = {.sin_family = AF_INET,
                    .sin_port = htons(static_cast<uint16_t>(port))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(fd, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0) return -1;
  return fd;
}

bool SendAll(int fd, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  return true;
}

std::string Frame(absl::string_view payload) {
  const uint32_t length = htonl(static_cast<uint32_t>(payload.size()));
  std::string frame(reinterpret_cast<const char*>(&length), sizeof length);
  frame.append(payload.data(), payload.size());
  return frame;
}

// The same frame over and over, on `streams` connections at once.
bool SendFrames(const ServerProcess& server, const std::string& frame,
                int frames, int streams) {
  std::vector<std::thread> threads;
  std::atomic<bool> good{true};
  for (int i = 0; i < streams; ++i) {
    threads.emplace_back([&] {
      const int fd = ConnectTcp(server.tcp_address());
      const int per_write =
          std::max(1, static_cast<int>((1 << 20) / frame.size()));
      std::string chunk;
      for (int k = 0; k < per_write; ++k) chunk += frame;
      int left = frames / streams;
      while (left > 0 && good) {
        const int now = std::min(left, per_write);
        if (!SendAll(fd, chunk.substr(0, now * frame.size()))) good = false;
        left -= now;
      }
      close(fd);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return good;
}

// The same batch over and over, on `streams` streams at once.
bool SendBatches(const ServerProcess& server, const std::string& batch,
                 int batches, int streams) {
  const absl::Time deadline = absl::Now() + absl::Seconds(kPatienceSeconds);
  const auto each = static_cast<uint64_t>(batches / streams);
  std::vector<std::unique_ptr<BatchStream>> all;
  for (int i = 0; i < streams; ++i) {
    all.push_back(std::make_unique<BatchStream>(
        BatchStream::Options{.server = server.grpc_address()}, batch));
  }
  absl::Status status;
  for (const auto& stream : all) status.Update(stream->Open(deadline));
  for (const auto& stream : all) stream->SendUpTo(each);
  for (const auto& stream : all) {
    status.Update(stream->WaitForAck(each, deadline));
  }
  if (!status.ok()) absl::FPrintF(stderr, "%s\n", status.ToString());
  return status.ok();
}

// Runs `send` against a fresh server and prints one row.
template <typename Send>
bool Measure(const Load& load, absl::string_view name, int records, Send send) {
  auto server =
      ServerProcess::Start({.program = load.server, .cpu = kServerProcessor});
  if (!server.ok()) {
    absl::FPrintF(stderr, "%s\n", server.status().ToString());
    return false;
  }
  const double cpu_before = (*server)->cpu_seconds();
  const absl::Time begin = absl::Now();
  if (!send(**server)) return false;
  const double sent_seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  if (!(*server)->WaitForLines(records, kPatienceSeconds)) {
    absl::FPrintF(stderr, "%s: not all was written in time\n", name);
    return false;
  }
  const double seconds = absl::ToDoubleSeconds(absl::Now() - begin);
  const double cpu = (*server)->cpu_seconds() - cpu_before;
  absl::PrintF("%-16s %10d %10.0f %10.0f %10.3f %8.1f\n", name, records,
               records / sent_seconds, records / seconds, cpu / records * 1e6,
               static_cast<double>((*server)->anonymous_bytes()) / (1 << 20));
  std::fflush(stdout);
  return true;
}

bool RunAll(const Load& load) {
  absl::PrintF("%-16s %10s %10s %10s %10s %8s\n", "", "records", "taken in/s",
               "written/s", "CPU us/rec", "anon MiB");
  const std::string batch = SampleBatch(kRecordsPerBatch);
  const int batches =
      load.records / kRecordsPerBatch / load.streams * load.streams;
  const int records = batches * kRecordsPerBatch;
  bool good = Measure(load, "Publish", records, [&](ServerProcess& server) {
    return SendBatches(server, batch, batches, load.streams);
  });
  good &= Measure(load, "protobuf frames", records, [&](ServerProcess& server) {
    return SendFrames(server, Frame(batch), batches, load.streams);
  });
  std::ifstream file(load.pickle, std::ios::binary);
  std::stringstream pickle;
  pickle << file.rdbuf();
  if (pickle.str().empty()) {
    absl::FPrintF(stderr, "no pickle in %s\n", load.pickle);
    return false;
  }
  // Fewer: a frame is one record here.
  const int frames = load.records / 4 / load.streams * load.streams;
  good &= Measure(load, "pickle frames", frames, [&](ServerProcess& server) {
    return SendFrames(server, Frame(pickle.str()), frames, load.streams);
  });
  return good;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::Load load;
  CLI::App app("Measures a whole logboomd over loopback.", "service_bench");
  app.add_option("--server", load.server, "the logboomd to run");
  app.add_option("--pickle", load.pickle,
                 "a file with one pickle, as SocketHandler makes it");
  app.add_option("--records", load.records, "records per row")
      ->check(CLI::PositiveNumber);
  app.add_option("--streams", load.streams, "streams or connections at once")
      ->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  return logboom::RunAll(load) ? 0 : 1;
}
