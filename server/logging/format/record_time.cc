#include "server/logging/format/record_time.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "server/logging/format/percent_convert.h"

namespace logboom {
namespace {

// The comma before the milliseconds included, so that the cached text has it.
constexpr absl::string_view kDefaultDatefmt = "%Y-%m-%d %H:%M:%S,";
constexpr PercentSpec kThreeDigits{.zero = true, .width = 3, .conversion = 'd'};
// Beyond any year that fits an int.
constexpr double kMaxSeconds = 1e17;

uint64_t UnixNanos(absl::Time time) {
  return static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixNanos(time), 0));
}

double FromUnixNanos(uint64_t unix_nano) {
  constexpr uint64_t kNanosPerSecond = 1'000'000'000;
  return static_cast<double>(unix_nano / kNanosPerSecond) +
         static_cast<double>(unix_nano % kNanosPerSecond) / 1e9;
}

// std::trunc, but for the sign of a zero, and inline on any processor.
double Truncate(double value) {
  constexpr double kAllWhole = 1LL << 52;  // those from here on
  if (!(std::fabs(value) < kAllWhole)) return value;
  return static_cast<double>(static_cast<int64_t>(value));
}

// "%03d" of a number below 1,000.
void AppendThreeDigits(unsigned number, std::string* out) {
  const char digits[] = {static_cast<char>('0' + number / 100),
                         static_cast<char>('0' + number / 10 % 10),
                         static_cast<char>('0' + number % 10)};
  out->append(digits, sizeof(digits));
}

}  // namespace

double SecondsSinceEpoch(absl::Time time) {
  return FromUnixNanos(UnixNanos(time));
}

uint64_t UnixNanosOf(const LogEvent& event) {
  const RecordView& record = event.record;
  if (record.time_unix_nano != 0) return record.time_unix_nano;
  if (record.observed_time_unix_nano != 0) {
    return record.observed_time_unix_nano;
  }
  return UnixNanos(event.received);
}

double CreatedOf(const LogEvent& event) {
  return FromUnixNanos(UnixNanosOf(event));
}

double MsecsOf(double created) {
  const double fraction = created - Truncate(created);
  return Truncate(fraction * 1000);
}

Asctime::Asctime(absl::string_view datefmt)
    : default_datefmt_(datefmt.empty()),
      time_format_(default_datefmt_ ? kDefaultDatefmt : datefmt) {}

// A float of seconds before 2106 is off by less than 0.3 us, so that only near
// a millisecond's border it says another one than the nanoseconds do.
std::optional<absl::string_view> Asctime::Format(uint64_t unix_nano) {
  constexpr uint64_t kNanosPerMilli = 1'000'000;
  constexpr uint64_t kBorderNanos = 1'000;
  constexpr uint64_t kMaxMillis = (uint64_t{1} << 32) * 1000;
  const uint64_t millis = unix_nano / kNanosPerMilli;
  const uint64_t rest = unix_nano % kNanosPerMilli;
  if (rest < kBorderNanos || rest >= kNanosPerMilli - kBorderNanos ||
      millis >= kMaxMillis) {
    return Format(FromUnixNanos(unix_nano), std::nullopt);
  }
  absl::string_view text;
  if (!time_format_.Format(static_cast<int64_t>(millis / 1000), &text)) {
    return std::nullopt;
  }
  if (!default_datefmt_) return text;
  text_.assign(text.data(), text.size());
  AppendThreeDigits(millis % 1000, &text_);
  return text_;
}

std::optional<absl::string_view> Asctime::Format(
    double created, const std::optional<PyValue>& msecs) {
  if (!(std::fabs(created) < kMaxSeconds)) return std::nullopt;
  absl::string_view text;
  auto seconds = static_cast<int64_t>(created);
  if (static_cast<double>(seconds) > created) --seconds;  // before 1970
  if (!time_format_.Format(seconds, &text)) return std::nullopt;
  if (!default_datefmt_) return text;
  text_.assign(text.data(), text.size());
  const PyValue value = msecs ? *msecs : PyValue::Float(MsecsOf(created));
  if (!AppendConverted(kThreeDigits, value, &text_)) return std::nullopt;
  return text_;
}

}  // namespace logboom
