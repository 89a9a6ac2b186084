// What a record takes in each step between the journal and a handler's file,
// and its check on the way in.

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "proto/wire/otlp_view.h"
#include "proto/wire/record_view.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"
#include "server/logging/format/formatter.h"
#include "server/logging/format/log_event.h"
#include "server/logging/logger_tree.h"
#include "server/logging/route.h"
#include "tests/bench/piece_bench.h"
#include "tests/bench/sample_batch.h"
#include "tests/bench/service_rows.h"

namespace logboom {
namespace {

void Check(benchmark::State& state) {
  const std::string batch = SampleBatch(kPieceBatch);
  for (auto _ : state) benchmark::DoNotOptimize(CheckBatch(batch));
  CountRecords(state, kPieceBatch);
}
BENCHMARK(Check);

void CheckOtlp(benchmark::State& state) {
  const std::string request = SampleExport(kPieceBatch);
  for (auto _ : state) benchmark::DoNotOptimize(CheckExport(request));
  CountRecords(state, kPieceBatch);
}
BENCHMARK(CheckOtlp);

// All of a record: its fields, and each attribute with its value.
void Visit(const absl::StatusOr<RecordView>& record) {
  MapView attributes = record->attributes();
  while (attributes.Next()) {
    benchmark::DoNotOptimize(attributes.key());
    benchmark::DoNotOptimize(attributes.value());
  }
}

void Decode(benchmark::State& state) {
  const std::string batch = SampleBatch(kPieceBatch);
  for (auto _ : state) {
    BatchView records(batch);
    while (records.Next()) Visit(RecordView::Parse(records.record()));
  }
  CountRecords(state, kPieceBatch);
}
BENCHMARK(Decode);

void DecodeOtlp(benchmark::State& state) {
  const std::string request = SampleExport(kPieceBatch);
  for (auto _ : state) {
    OtlpLogsView logs(request);
    while (logs.Next()) {
      Visit(RecordView::ParseOtlp(logs.record(), logs.scope_name()));
    }
  }
  CountRecords(state, kPieceBatch);
}
BENCHMARK(DecodeOtlp);

// Events of `batch`, which they point into.
std::vector<LogEvent> EventsOf(absl::string_view batch) {
  std::vector<LogEvent> events;
  BatchView records(batch);
  while (records.Next()) {
    const absl::StatusOr<RecordView> record =
        RecordView::Parse(records.record());
    events.push_back(MakeLogEvent(*record, MapView(), absl::Now(), 0));
  }
  return events;
}

// A tree as programs configure them, and records of so many loggers in turns.
void Route(benchmark::State& state) {
  const auto names = static_cast<int>(state.range(0));
  LoggingOptions options;
  options.handlers = {{.name = "file"}};
  options.root = {.handlers = {0}};
  options.loggers = {{.name = "shop"}, {.name = "shop.cart"}};
  const LoggerTree tree(options);
  RouteCache routes(&tree, 0);
  const std::string batch = SampleBatchOfLoggers(0, names);
  const std::vector<LogEvent> events = EventsOf(batch);
  for (auto _ : state) {
    for (const LogEvent& event : events) {
      benchmark::DoNotOptimize(routes.Find(event));
    }
  }
  CountRecords(state, names);
}
BENCHMARK(Route)->ArgName("loggers")->Arg(1)->Arg(kManyLoggers);

void FormatRecords(benchmark::State& state, FormatStyle style,
                   const char* format, const std::string& batch) {
  const auto formatter =
      Formatter::Create({.style = style, .format = format}, absl::Now());
  if (!formatter.ok()) {
    return state.SkipWithError(formatter.status().ToString().c_str());
  }
  const std::vector<LogEvent> events = EventsOf(batch);
  std::string text;
  for (auto _ : state) {
    text.clear();
    for (const LogEvent& event : events) (*formatter)->Format(event, &text);
    benchmark::DoNotOptimize(text);
  }
  CountRecords(state, kPieceBatch);
}

void Format(benchmark::State& state, FormatStyle style, const char* format) {
  FormatRecords(state, style, format, SampleBatch(kPieceBatch));
}
BENCHMARK_CAPTURE(Format, percent, FormatStyle::kPercent, kPieceFormat);
BENCHMARK_CAPTURE(Format, brace, FormatStyle::kBrace,
                  "{asctime} {levelname:8} {name} {message}");
BENCHMARK_CAPTURE(Format, dollar, FormatStyle::kDollar,
                  "$asctime $levelname $name $message");

// Messages full of ANSI sequences, whose control characters are escaped.
void FormatEscaping(benchmark::State& state) {
  std::string batch = SampleBatch(kPieceBatch);
  absl::StrReplaceAll({{"xxxxxxxx", "xxxx\x1b[1m"}}, &batch);
  FormatRecords(state, FormatStyle::kPercent, kPieceFormat, batch);
}
BENCHMARK(FormatEscaping);

}  // namespace
}  // namespace logboom
