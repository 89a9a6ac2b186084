#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/ingest/raw/byte_budget.h"
#include "server/ingest/raw/frame_decoder.h"
#include "server/ingest/raw/frame_splitter.h"
#include "tests/fuzz/fuzz_checks.h"

// Goal: on no bytes does the raw port crash or read past the end, and how they
// are cut into reads changes nothing. The first byte says where to cut; what
// comes out is decoded, and what the decoder hands on must be well-formed.
namespace logboom {
namespace {

constexpr int64_t kMaxFrameBytes = 6000;

struct WellFormed : RecordSink {
  void AddRecords(absl::string_view records,
                  const BatchSummary& summary) override {
    const absl::StatusOr<BatchSummary> checked = CheckBatch(records);
    Require(checked.ok() && checked->record_count == summary.record_count);
  }
};

absl::Status NoPickles(absl::string_view pickle, std::string* record) {
  return absl::InvalidArgumentError("pickles have a fuzz target of their own");
}

struct Decoding : FrameSink {
  explicit Decoding(FrameDecoderOptions options)
      : decoder(std::move(options), NoPickles) {}

  void OnFrame(absl::string_view payload) override {
    frames.emplace_back(payload);
    WellFormed sink;
    decoder.Decode(payload, &sink).IgnoreError();
  }
  void OnTooLarge(uint32_t length_bytes) override {
    Require(length_bytes > kMaxFrameBytes);
    ++too_large;
  }
  void OnNoRoom(uint32_t length_bytes) override { Require(false); }

  FrameDecoder decoder;
  std::vector<std::string> frames;
  int too_large = 0;
};

void Run(size_t step, absl::string_view bytes) {
  ByteBudget budget(2 * kMaxFrameBytes);
  Decoding at_once({});
  Decoding in_steps({.logger = "elsewhere", .piece_bytes = 16});
  FrameSplitter first(kMaxFrameBytes, &budget);
  FrameSplitter second(kMaxFrameBytes, &budget);
  first.Feed(bytes, &at_once);
  for (size_t i = 0; i < bytes.size(); i += step) {
    second.Feed(bytes.substr(i, step), &in_steps);
  }
  Require(at_once.frames == in_steps.frames);
  Require(at_once.too_large == in_steps.too_large);
  Require(first.inside_frame() == second.inside_frame());
}

}  // namespace
}  // namespace logboom

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  logboom::Run(
      size_t{1} + data[0],
      absl::string_view(reinterpret_cast<const char*>(data) + 1, size - 1));
  return 0;
}
