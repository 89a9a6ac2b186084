// What the pieces of the service take for a record, each by itself and on the
// records that service_bench sends: `per_record` is the time to look at.
//
//   piece_bench                              every piece
//   piece_bench --benchmark_filter=Format    some
//   piece_bench --benchmark_min_time=0.01    every piece for a moment

#include <benchmark/benchmark.h>

BENCHMARK_MAIN();
