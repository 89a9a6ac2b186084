// What a logging call costs the thread that makes it.
//
//   client_bench                   the calls, then percentiles and peers
//   client_bench --short           a moment of each, to see that it runs
//
// Google Benchmark's own options work too (--benchmark_filter=...).
#include <benchmark/benchmark.h>
#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/spdlog.h>

#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "logboom/client.h"
#include "tests/bench/call_percentiles.h"
#include "tests/bench/discarding_server.h"

namespace logboom {
namespace {

bool short_run = false;

// One client for all: it sends to a server in this process that discards. The
// buffer is large, so that no call of a burst finds it full; losses are
// checked.
struct World {
  DiscardingServer server;
  std::unique_ptr<Client> client =
      Client::Create({.server = server.address(),
                      .buffer_bytes = int64_t{256} << 20,
                      .window_bytes = int64_t{64} << 20});
  Logger log = client->GetLogger("shop.cart.payment");
};
World& TheWorld() {
  static World& world = *new World;
  return world;
}

void LogDisabled(const Logger& log, int64_t i) {
  log.Debug("payment authorised", {{"order_id", i}, {"amount_eur", 129.90}});
}
void Log0(const Logger& log, int64_t i) { log.Info("payment authorised"); }
void Log2(const Logger& log, int64_t i) {
  log.Info("payment authorised", {{"order_id", i}, {"amount_eur", 129.90}});
}
void Log6(const Logger& log, int64_t i) {
  log.Info("payment authorised", {{"order_id", i},
                                  {"amount_eur", 129.90},
                                  {"currency", "EUR"},
                                  {"customer", "c-2218"},
                                  {"retry", false},
                                  {"items", 3}});
}

using Call = void (*)(const Logger&, int64_t);

// The mean of calls in bursts, between which the sender catches up.
void Calls(benchmark::State& state, Call call) {
  World& world = TheWorld();
  int64_t i = 0;
  for (auto _ : state) {
    call(world.log, ++i);
    if (i % 20'000 == 0) {
      state.PauseTiming();
      world.client->Flush(absl::Now() + absl::Minutes(1)).IgnoreError();
      state.ResumeTiming();
    }
  }
  state.counters["lost"] = static_cast<double>(world.client->stats().lost());
}

void Disabled(benchmark::State& state) {
  World& world = TheWorld();
  int64_t i = 0;
  for (auto _ : state) LogDisabled(world.log, ++i);
}

BENCHMARK(Disabled);
BENCHMARK_CAPTURE(Calls, attributes_0, Log0)
    ->Threads(1)
    ->Threads(4)
    ->UseRealTime();
BENCHMARK_CAPTURE(Calls, attributes_2, Log2)
    ->Threads(1)
    ->Threads(4)
    ->UseRealTime();
BENCHMARK_CAPTURE(Calls, attributes_6, Log6)
    ->Threads(1)
    ->Threads(4)
    ->UseRealTime();

// The same as percentiles of single calls, beside spdlog's asynchronous file
// logger (the two attributes formatted into its message) and Python's
// SocketHandler.
void PrintPercentiles() {
  World& world = TheWorld();
  PercentileOptions options{.bursts = short_run ? 2 : 100, .calls = 10'000};
  options.between = [&world] {
    world.client->Flush(absl::Now() + absl::Minutes(1)).IgnoreError();
  };
  absl::PrintF("\n%-34s %8s %8s %8s %8s   nanoseconds a call\n", "one call",
               "threads", "p50", "p99", "p99.9");
  const auto print = [](std::string_view name, int threads,
                        const CallPercentiles& times) {
    absl::PrintF("%-34s %8d %8.0f %8.0f %8.0f\n", std::string(name), threads,
                 times.p50, times.p99, times.p999);
  };
  print("the clock alone", 1, Measure(options, [](int64_t) {}));
  for (const int threads : {1, 4}) {
    options.threads = threads;
    print("disabled", threads,
          Measure(options, [&](int64_t i) { LogDisabled(world.log, i); }));
    print("0 attributes", threads,
          Measure(options, [&](int64_t i) { Log0(world.log, i); }));
    print("2 attributes", threads,
          Measure(options, [&](int64_t i) { Log2(world.log, i); }));
    print("6 attributes", threads,
          Measure(options, [&](int64_t i) { Log6(world.log, i); }));
  }
  absl::PrintF("records lost meanwhile: %d\n", world.client->stats().lost());

  spdlog::init_thread_pool(1 << 17, 1);
  const auto peer = spdlog::basic_logger_mt<spdlog::async_factory>(
      "shop.cart.payment", "/dev/null");
  options.between = [&peer] {
    peer->flush();
    while (spdlog::thread_pool()->queue_size() > 0) {
      absl::SleepFor(absl::Milliseconds(1));
    }
  };
  for (const int threads : {1, 4}) {
    options.threads = threads;
    print("spdlog async, 2 values", threads, Measure(options, [&](int64_t i) {
            peer->info("payment authorised order_id={} amount_eur={}", i,
                       129.90);
          }));
  }
  spdlog::shutdown();
}

void PrintPython() {
  std::fflush(stdout);
  const std::string command = absl::StrFormat(
      "python3 %s %d", SOCKET_HANDLER_BENCH, short_run ? 1000 : 50'000);
  if (std::system(command.c_str()) != 0) {
    absl::PrintF("python3 could not be run\n");
  }
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  std::vector<char*> arguments;
  std::string min_time = "--benchmark_min_time=0.01";
  for (int i = 0; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--short") {
      logboom::short_run = true;
      arguments.push_back(min_time.data());
    } else {
      arguments.push_back(argv[i]);
    }
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  benchmark::RunSpecifiedBenchmarks();
  logboom::PrintPercentiles();
  logboom::PrintPython();
  return 0;
}
