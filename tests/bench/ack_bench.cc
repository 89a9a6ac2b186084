// What acks cost: throughput with SYNCED acks against WRITTEN ones, and how
// long an ack takes at given loads, against a logboomd pinned to one processor
// and beside what the disk does without it. README.md has the figures.
//
//   build/release/tests/bench/ack_bench [--only throughput|latency] [--smoke]

#include <string>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "tests/bench/ack_latency.h"
#include "tests/bench/ack_throughput.h"
#include "tests/bench/processors.h"

namespace logboom {
namespace {

struct Options {
  std::string program = LOGBOOM_BENCH_SERVER;
  AckThroughputOptions throughput;
  AckLatencyOptions latency;
  std::string only;
  bool smoke = false;
};

void AddOptions(CLI::App* app, Options* options, int* seconds) {
  app->add_option("--server", options->program, "the logboomd to run");
  app->add_option("--only", options->only, "throughput or latency; else both")
      ->check(CLI::IsMember({"throughput", "latency"}));
  app->add_option("--streams", options->throughput.streams,
                  "numbers of streams, a row each")
      ->check(CLI::Range(1, 256));
  app->add_option("--records", options->throughput.records,
                  "records of a throughput run")
      ->check(CLI::PositiveNumber);
  app->add_option("--batch", options->throughput.batch_records,
                  "records a batch of the throughput runs")
      ->check(CLI::Range(1, 10'000));
  app->add_option("--in-flight", options->throughput.in_flight,
                  "batches not acknowledged, each stream of a throughput run")
      ->check(CLI::PositiveNumber);
  app->add_option("--loads", options->latency.records_per_second,
                  "records/s of the latency rows, a multiple of 1000")
      ->check(CLI::Range(1000, 1'000'000));
  app->add_option("--seconds", *seconds, "of a latency run")
      ->check(CLI::PositiveNumber);
  app->add_flag("--smoke", options->smoke,
                "a moment of everything: the figures mean nothing");
}

void MakeSmoke(Options* options) {
  options->throughput.streams = {2};
  options->throughput.records = 20'000;
  options->throughput.runs = 1;
  options->latency.records_per_second = {10'000};
  options->latency.run_time = absl::Milliseconds(200);
  options->latency.runs = 1;
}

int Run(const Options& options) {
  absl::Status status;
  if (options.only != "latency") {
    status = MeasureAckThroughput(options.throughput);
  }
  if (status.ok() && options.only != "throughput") {
    status = MeasureAckLatency(options.latency);
  }
  if (!status.ok()) absl::FPrintF(stderr, "%s\n", status.ToString());
  return status.ok() ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  logboom::Options options;
  int seconds = 10;
  int runs = 0;
  CLI::App app("Measures what a logboomd's acks cost.", "ack_bench");
  logboom::AddOptions(&app, &options, &seconds);
  app.add_option("--runs", runs, "of each measurement; 5 and 3 by default")
      ->check(CLI::PositiveNumber);
  CLI11_PARSE(app, argc, argv);
  options.throughput.program = options.latency.program = options.program;
  options.latency.run_time = absl::Seconds(seconds);
  if (runs > 0) options.throughput.runs = options.latency.runs = runs;
  if (options.smoke) logboom::MakeSmoke(&options);
  logboom::StayOffServerProcessor();
  return logboom::Run(options);
}
