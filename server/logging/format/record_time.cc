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

// "%03d" of what MsecsOf() makes of a time since 1970, which is in 0...999.
void AppendThreeDigits(double msecs, std::string* out) {
  const auto number = static_cast<unsigned>(msecs);
  const char digits[] = {static_cast<char>('0' + number / 100),
                         static_cast<char>('0' + number / 10 % 10),
                         static_cast<char>('0' + number % 10)};
  out->append(digits, sizeof(digits));
}

}  // namespace

double SecondsSinceEpoch(absl::Time time) {
  return FromUnixNanos(
      static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixNanos(time), 0)));
}

double CreatedOf(const LogEvent& event) {
  const RecordView& record = event.record;
  if (record.time_unix_nano != 0) return FromUnixNanos(record.time_unix_nano);
  if (record.observed_time_unix_nano != 0) {
    return FromUnixNanos(record.observed_time_unix_nano);
  }
  return SecondsSinceEpoch(event.received);
}

double MsecsOf(double created) {
  const double fraction = created - Truncate(created);
  return Truncate(fraction * 1000);
}

Asctime::Asctime(absl::string_view datefmt)
    : default_datefmt_(datefmt.empty()),
      time_format_(default_datefmt_ ? kDefaultDatefmt : datefmt) {}

std::optional<absl::string_view> Asctime::Format(
    double created, const std::optional<PyValue>& msecs) {
  if (!(std::fabs(created) < kMaxSeconds)) return std::nullopt;
  absl::string_view text;
  auto seconds = static_cast<int64_t>(created);
  if (static_cast<double>(seconds) > created) --seconds;  // before 1970
  if (!time_format_.Format(seconds, &text)) return std::nullopt;
  if (!default_datefmt_) return text;
  text_.assign(text.data(), text.size());
  if (!msecs && created >= 0) {
    AppendThreeDigits(MsecsOf(created), &text_);
    return text_;
  }
  const PyValue value = msecs ? *msecs : PyValue::Float(MsecsOf(created));
  if (!AppendConverted(kThreeDigits, value, &text_)) return std::nullopt;
  return text_;
}

}  // namespace logboom
