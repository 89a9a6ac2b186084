#ifndef LOGBOOM_TESTS_BENCH_PIECE_BENCH_H_
#define LOGBOOM_TESTS_BENCH_PIECE_BENCH_H_

#include <benchmark/benchmark.h>

#include <cstdint>

namespace logboom {

// What all pieces are measured with: batches as service_bench sends them.
inline constexpr int kPieceBatch = 1000;
inline constexpr char kPieceFormat[] =
    "%(asctime)s %(levelname)-8s %(name)s %(message)s";

// Makes a benchmark say what one record takes, besides what an iteration does.
inline void CountRecords(benchmark::State& state, int64_t records_each) {
  const int64_t records = state.iterations() * records_each;
  state.SetItemsProcessed(records);
  state.counters["per_record"] = benchmark::Counter(
      static_cast<double>(records),
      benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PIECE_BENCH_H_
