// What a frame of the raw port takes until it is a record.

#include <fstream>
#include <limits>
#include <sstream>
#include <string>

#include "absl/strings/string_view.h"
#include "server/ingest/pickle/python_record.h"
#include "server/ingest/raw/byte_budget.h"
#include "server/ingest/raw/frame_splitter.h"
#include "tests/bench/frame_load.h"
#include "tests/bench/piece_bench.h"

namespace logboom {
namespace {

// As much as the port reads at once.
constexpr size_t kReadBytes = size_t{256} << 10;
constexpr int64_t kMaxFrameBytes = int64_t{16} << 20;

std::string SamplePickle() {
  std::ifstream file(LOGBOOM_BENCH_PICKLE, std::ios::binary);
  std::stringstream bytes;
  bytes << file.rdbuf();
  return bytes.str();
}

void Unpickle(benchmark::State& state) {
  const std::string pickle = SamplePickle();
  PythonRecordDecoder decoder({});
  std::string record;
  for (auto _ : state) {
    record.clear();
    const absl::Status decoded = decoder.Decode(pickle, &record);
    if (!decoded.ok()) state.SkipWithError(decoded.ToString().c_str());
    benchmark::DoNotOptimize(record);
  }
  CountRecords(state, 1);
}
BENCHMARK(Unpickle);

class Counter final : public FrameSink {
 public:
  void OnFrame(absl::string_view payload) override {
    benchmark::DoNotOptimize(payload);
    ++frames_;
  }
  void OnTooLarge(uint32_t) override {}
  void OnNoRoom(uint32_t) override {}

  int64_t frames() const { return frames_; }

 private:
  int64_t frames_ = 0;
};

// Reads that end anywhere in a frame.
void SplitFrames(benchmark::State& state) {
  const std::string frame = LengthPrefixed(SamplePickle());
  std::string bytes;
  for (int i = 0; i < kPieceBatch; ++i) bytes += frame;
  ByteBudget budget(std::numeric_limits<int64_t>::max());
  FrameSplitter splitter(kMaxFrameBytes, &budget);
  Counter counter;
  for (auto _ : state) {
    for (size_t at = 0; at < bytes.size(); at += kReadBytes) {
      splitter.Feed(absl::string_view(bytes).substr(at, kReadBytes), &counter);
    }
  }
  if (counter.frames() != state.iterations() * kPieceBatch) {
    state.SkipWithError("frames are missing");
  }
  CountRecords(state, kPieceBatch);
}
BENCHMARK(SplitFrames);

}  // namespace
}  // namespace logboom
