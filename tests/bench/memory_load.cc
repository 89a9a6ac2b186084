#include "tests/bench/memory_load.h"

#include <bit>
#include <cstdint>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/bench/export_load.h"
#include "tests/bench/frame_load.h"
#include "tests/bench/publish_load.h"
#include "tests/bench/sample_batch.h"
#include "tests/bench/session_load.h"
#include "tests/testing/gzip_bytes.h"

namespace logboom {
namespace {

// More than a connection takes.
constexpr int64_t kRecordsPerSecond = 10'000'000;

// CPython's Modules/_pickle.c: BINUNICODE and a length, least byte first.
std::string PickledText(absl::string_view text) {
  static_assert(std::endian::native == std::endian::little);
  const auto size = static_cast<uint32_t>(text.size());
  char length[sizeof size];
  std::memcpy(length, &size, sizeof size);
  return absl::StrCat("X", absl::string_view(length, sizeof length), text);
}

// {"msg": TEXT}: EMPTY_DICT, key, value, SETITEM, STOP.
std::string PickleOf(int64_t text_bytes) {
  return absl::StrCat(
      "}", PickledText("msg"),
      PickledText(std::string(static_cast<size_t>(text_bytes), 'x')), "s.");
}

int64_t MessagesIn(const MemoryRow& row, absl::Duration length) {
  const double records =
      absl::ToDoubleSeconds(length) * static_cast<double>(kRecordsPerSecond);
  return static_cast<int64_t>(records) / row.batch + 1;
}

std::unique_ptr<Load> FramesOf(const MemoryRow& row, LoadOptions options,
                               absl::string_view payload) {
  std::string frame = LengthPrefixed(payload);
  if (row.stops_halfway) {
    frame.resize(frame.size() / 2);
    options.messages_each = 1;
  }
  return std::make_unique<FrameLoad>(std::move(options), frame);
}

}  // namespace

std::vector<std::string> MessagesOf(const MemoryRow& row) {
  switch (row.way) {
    case WayIn::kOtlp: {
      std::string request = SampleExport(row.batch);
      return {row.gzip ? testing::Gzip(request) : std::move(request)};
    }
    case WayIn::kPickleFrames:
      return {PickleOf(row.pickle_bytes)};
    default:
      if (row.loggers == 1) return {SampleBatch(row.batch)};
      return SampleBatchesOfLoggers(row.loggers, row.batch);
  }
}

std::unique_ptr<Load> MakeLoad(const MemoryRow& row,
                               const std::vector<std::string>& messages,
                               const std::string& address,
                               absl::Duration length) {
  LoadOptions options = {.address = address,
                         .connections = row.connections,
                         .in_flight = row.in_flight,
                         .messages_each = MessagesIn(row, length),
                         .records_per_message = row.batch,
                         .insists = true,
                         .paced = false};
  switch (row.way) {
    case WayIn::kOtlp:
      return std::make_unique<ExportLoad>(std::move(options), messages.front());
    case WayIn::kPublish:
      if (row.sessions) {
        return std::make_unique<SessionLoad>(std::move(options),
                                             messages.front());
      }
      return std::make_unique<PublishLoad>(options, /*synced=*/true, messages);
    default:
      return FramesOf(row, std::move(options), messages.front());
  }
}

}  // namespace logboom
