#include "client/sensible_options.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace logboom {
namespace {

constexpr int64_t kLeastBufferBytes = int64_t{256} << 10;
constexpr int64_t kLeastRecordBytes = int64_t{1} << 10;
constexpr int64_t kLeastBatchBytes = int64_t{4} << 10;
constexpr int64_t kLeastWindowBytes = int64_t{64} << 10;
// In a time of one's own, far from overflow.
constexpr absl::Duration kLongest = absl::Hours(24);

std::string Text(int64_t value) { return absl::StrCat(value); }
std::string Text(absl::Duration value) { return absl::FormatDuration(value); }

class Repair {
 public:
  explicit Repair(std::vector<std::string>* problems) : problems_(*problems) {}

  template <typename T>
  void Clamp(absl::string_view name, T least, T most, T* value) {
    const T sensible = std::clamp(*value, least, std::max(least, most));
    if (sensible == *value) return;
    problems_.push_back(absl::StrCat("option ", name, " is ", Text(*value),
                                     "; ", Text(sensible), " is used"));
    *value = sensible;
  }

 private:
  std::vector<std::string>& problems_;
};

// As options.h says. Their defaults may be too large for a small buffer, which
// is nothing to complain of.
void LimitToBuffer(Options* options) {
  options->max_record_bytes =
      std::min(options->max_record_bytes, options->buffer_bytes / 4);
  options->batch_bytes =
      std::min(options->batch_bytes, options->buffer_bytes / 4);
  // Room for new records is left beside what is under way.
  options->window_bytes =
      std::min(options->window_bytes, options->buffer_bytes / 2);
}

}  // namespace

Options MakeSensible(Options options, std::vector<std::string>* problems) {
  Repair repair(problems);
  constexpr int64_t kMost = int64_t{1} << 40;
  repair.Clamp("buffer_bytes", kLeastBufferBytes, kMost, &options.buffer_bytes);
  repair.Clamp("max_record_bytes", kLeastRecordBytes, kMost,
               &options.max_record_bytes);
  repair.Clamp<int64_t>("batch_records", 1, 1'000'000, &options.batch_records);
  repair.Clamp("batch_bytes", kLeastBatchBytes, kMost, &options.batch_bytes);
  repair.Clamp("window_bytes", kLeastWindowBytes, kMost, &options.window_bytes);
  LimitToBuffer(&options);
  constexpr absl::Duration kNone = absl::ZeroDuration();
  repair.Clamp("block_timeout", kNone, kLongest, &options.block_timeout);
  repair.Clamp("batch_age", kNone, kLongest, &options.batch_age);
  repair.Clamp("connect_timeout", absl::Milliseconds(1), kLongest,
               &options.connect_timeout);
  repair.Clamp("backoff_initial", absl::Milliseconds(1), kLongest,
               &options.backoff_initial);
  repair.Clamp("backoff_max", options.backoff_initial, kLongest,
               &options.backoff_max);
  repair.Clamp("shutdown_timeout", kNone, kLongest, &options.shutdown_timeout);
  return options;
}

}  // namespace logboom
