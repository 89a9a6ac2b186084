#include "server/logging/format/python_datetime.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/logging/format/python_quote.h"
#include "server/logging/format/time_zone.h"

namespace logboom {
namespace {

using Kind = PyValue::Kind;

constexpr int64_t kMicrosPerSecond = 1000000;
constexpr int64_t kMicrosPerDay = 86400 * kMicrosPerSecond;

absl::string_view TextPart(const PyValue& object, absl::string_view key) {
  const std::optional<PyValue> part = object.Part(key, Kind::kStr);
  return part ? part->text() : "";
}

std::optional<int64_t> IntPart(const PyValue& object, absl::string_view key) {
  const std::optional<PyValue> part = object.Part(key, Kind::kInt);
  if (!part) return std::nullopt;
  return part->int_value();
}

// The numbers of text that looks like `shape`, where every run of 9s stands for
// as many digits; empty when it does not.
std::vector<int> ReadNumbers(absl::string_view text, absl::string_view shape) {
  if (text.size() != shape.size()) return {};
  std::vector<int> numbers;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != '9') {
      if (text[i] != shape[i]) return {};
      continue;
    }
    if (!absl::ascii_isdigit(text[i])) return {};
    if (i == 0 || shape[i - 1] != '9') numbers.push_back(0);
    numbers.back() = numbers.back() * 10 + (text[i] - '0');
  }
  return numbers;
}

// Year to second, or hour to second, and microseconds (0 when not written).
std::vector<int> ReadClock(absl::string_view text, absl::string_view shape) {
  std::vector<int> numbers = ReadNumbers(text, absl::StrCat(shape, ".999999"));
  if (!numbers.empty()) return numbers;
  numbers = ReadNumbers(text, shape);
  if (!numbers.empty()) numbers.push_back(0);
  return numbers;
}

constexpr absl::string_view kDateShape = "9999-99-99";
constexpr absl::string_view kTimeShape = "99:99:99";
constexpr absl::string_view kDatetimeShape = "9999-99-99T99:99:99";

struct TimeDelta {
  int64_t days = 0;
  int64_t seconds = 0;       // 0...86399
  int64_t microseconds = 0;  // 0...999999
};

TimeDelta FromMicros(int64_t micros) {
  TimeDelta delta;
  delta.days = micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
  // Never overflows: the remainder is within a day of zero.
  const int64_t rest = (micros % kMicrosPerDay + kMicrosPerDay) % kMicrosPerDay;
  delta.seconds = rest / kMicrosPerSecond;
  delta.microseconds = rest % kMicrosPerSecond;
  return delta;
}

std::optional<TimeDelta> ReadTimeDelta(const PyValue& value) {
  const auto days = IntPart(value, "days");
  const auto seconds = IntPart(value, "seconds");
  const auto micros = IntPart(value, "microseconds");
  if (!days || !seconds || !micros) return std::nullopt;
  return TimeDelta{*days, *seconds, *micros};
}

// _datetimemodule.c, delta_str.
void AppendDeltaStr(const TimeDelta& delta, std::string* out) {
  if (delta.days != 0) {
    const bool one = delta.days == 1 || delta.days == -1;
    absl::StrAppend(out, delta.days, one ? " day, " : " days, ");
  }
  absl::StrAppendFormat(out, "%d:%02d:%02d", delta.seconds / 3600,
                        delta.seconds / 60 % 60, delta.seconds % 60);
  if (delta.microseconds != 0) {
    absl::StrAppendFormat(out, ".%06d", delta.microseconds);
  }
}

// delta_repr.
void AppendDeltaRepr(const TimeDelta& delta, std::string* out) {
  std::vector<std::string> parts;
  if (delta.days != 0) parts.push_back(absl::StrCat("days=", delta.days));
  if (delta.seconds != 0) {
    parts.push_back(absl::StrCat("seconds=", delta.seconds));
  }
  if (delta.microseconds != 0) {
    parts.push_back(absl::StrCat("microseconds=", delta.microseconds));
  }
  if (parts.empty()) parts.push_back("0");
  absl::StrAppend(out, "datetime.timedelta(", absl::StrJoin(parts, ", "), ")");
}

// +02:00, with seconds and microseconds only when there are any.
void AppendOffset(int64_t micros, std::string* out) {
  out->push_back(micros < 0 ? '-' : '+');
  const uint64_t left = micros < 0 ? 0 - static_cast<uint64_t>(micros) : micros;
  const uint64_t seconds = left / kMicrosPerSecond;
  absl::StrAppendFormat(out, "%02d:%02d", seconds / 3600, seconds / 60 % 60);
  const uint64_t fraction = left % kMicrosPerSecond;
  if (seconds % 60 != 0 || fraction != 0) {
    absl::StrAppendFormat(out, ":%02d", seconds % 60);
  }
  if (fraction != 0) absl::StrAppendFormat(out, ".%06d", fraction);
}

bool AppendTimezoneStr(const PyValue& value, std::string* out) {
  const auto offset = IntPart(value, "offset_microseconds");
  if (!offset) return false;
  const auto name = value.Part("name", Kind::kStr);
  if (name) {
    absl::StrAppend(out, name->text());
    return true;
  }
  out->append("UTC");
  if (*offset != 0) AppendOffset(*offset, out);
  return true;
}

bool AppendTimezoneRepr(const PyValue& value, std::string* out) {
  const auto offset = IntPart(value, "offset_microseconds");
  if (!offset) return false;
  const auto name = value.Part("name", Kind::kStr);
  if (*offset == 0 && !name) {
    out->append("datetime.timezone.utc");
    return true;
  }
  out->append("datetime.timezone(");
  AppendDeltaRepr(FromMicros(*offset), out);
  if (name) {
    out->append(", ");
    AppendStrRepr(name->text(), out);
  }
  out->push_back(')');
  return true;
}

bool HasFold(const PyValue& value) {
  return IntPart(value, "fold").value_or(0) != 0;
}

// `local` is nullptr for a datetime.time, whose ZoneInfo gives no offset.
void AppendUtcOffset(const PyValue& value, const absl::CivilSecond* local,
                     std::string* out) {
  const auto zone = value.Part("tzinfo", Kind::kObject);
  if (!zone) return;
  if (zone->IsObject("datetime.timezone")) {
    const auto offset = IntPart(*zone, "offset_microseconds");
    if (offset) AppendOffset(*offset, out);
  } else if (zone->IsObject("zoneinfo.ZoneInfo") && local != nullptr) {
    const auto offset =
        ZoneOffsetSeconds(TextPart(*zone, "value"), *local, HasFold(value));
    if (offset) AppendOffset(*offset * kMicrosPerSecond, out);
  }
}

bool AppendInstantStr(const PyValue& value, std::string* out) {
  const absl::string_view text = TextPart(value, "value");
  const std::vector<int> n = ReadClock(text, kDatetimeShape);
  if (n.empty()) return false;
  absl::StrAppend(out, text.substr(0, kDateShape.size()), " ",
                  text.substr(kDateShape.size() + 1));
  const absl::CivilSecond local(n[0], n[1], n[2], n[3], n[4], n[5]);
  AppendUtcOffset(value, &local, out);
  return true;
}

void AppendTzinfo(const PyValue& value, NestedRepr nested, std::string* out) {
  const auto zone = value.Part("tzinfo");
  if (!zone || zone->kind() == Kind::kNone) return;
  out->append(", tzinfo=");
  nested(*zone, out);
}

// datetime_repr and time_repr: trailing zeros of seconds and microseconds are
// left out. The two differ in the order of fold and tzinfo.
bool AppendClockRepr(const PyValue& value, absl::string_view shape,
                     NestedRepr nested, std::string* out) {
  std::vector<int> numbers = ReadClock(TextPart(value, "value"), shape);
  if (numbers.empty()) return false;
  for (int i = 0; i < 2 && numbers.back() == 0; ++i) numbers.pop_back();
  absl::StrAppend(out, value.class_name(), "(", absl::StrJoin(numbers, ", "));
  const bool is_time = shape == kTimeShape;
  if (is_time) AppendTzinfo(value, nested, out);
  if (HasFold(value)) out->append(", fold=1");
  if (!is_time) AppendTzinfo(value, nested, out);
  out->push_back(')');
  return true;
}

bool AppendDateRepr(const PyValue& value, std::string* out) {
  const std::vector<int> numbers =
      ReadNumbers(TextPart(value, "value"), kDateShape);
  if (numbers.empty()) return false;
  absl::StrAppend(out, "datetime.date(", absl::StrJoin(numbers, ", "), ")");
  return true;
}

}  // namespace

bool AppendDatetimeStr(const PyValue& value, std::string* out) {
  if (value.kind() != Kind::kObject) return false;
  const absl::string_view text = TextPart(value, "value");
  if (value.IsObject("datetime.datetime")) return AppendInstantStr(value, out);
  if (value.IsObject("datetime.date")) {
    if (ReadNumbers(text, kDateShape).empty()) return false;
    absl::StrAppend(out, text);
    return true;
  }
  if (value.IsObject("datetime.time")) {
    if (ReadClock(text, kTimeShape).empty()) return false;
    absl::StrAppend(out, text);
    AppendUtcOffset(value, nullptr, out);
    return true;
  }
  if (value.IsObject("datetime.timedelta")) {
    const std::optional<TimeDelta> delta = ReadTimeDelta(value);
    if (delta) AppendDeltaStr(*delta, out);
    return delta.has_value();
  }
  if (value.IsObject("datetime.timezone")) return AppendTimezoneStr(value, out);
  if (!value.IsObject("zoneinfo.ZoneInfo") || text.empty()) return false;
  absl::StrAppend(out, text);
  return true;
}

bool AppendDatetimeRepr(const PyValue& value, NestedRepr nested,
                        std::string* out) {
  if (value.IsObject("datetime.datetime")) {
    return AppendClockRepr(value, kDatetimeShape, nested, out);
  }
  if (value.IsObject("datetime.time")) {
    return AppendClockRepr(value, kTimeShape, nested, out);
  }
  if (value.IsObject("datetime.date")) return AppendDateRepr(value, out);
  if (value.IsObject("datetime.timedelta")) {
    const std::optional<TimeDelta> delta = ReadTimeDelta(value);
    if (delta) AppendDeltaRepr(*delta, out);
    return delta.has_value();
  }
  if (value.IsObject("datetime.timezone")) {
    return AppendTimezoneRepr(value, out);
  }
  if (!value.IsObject("zoneinfo.ZoneInfo")) return false;
  const auto key = value.Part("value", Kind::kStr);
  if (!key) return false;
  out->append("zoneinfo.ZoneInfo(key=");
  AppendStrRepr(key->text(), out);
  out->push_back(')');
  return true;
}

}  // namespace logboom
