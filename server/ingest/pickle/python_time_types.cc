#include "server/ingest/pickle/python_time_types.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/str_format.h"
#include "server/ingest/pickle/python_call.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

constexpr int64_t kSecondsPerDay = 86'400;
constexpr int64_t kMaxTimedeltaDays = 999'999'999;

// What bytes are in a pickle: Python 2 has only str.
bool IsBytesLike(const PythonValue& value) {
  return value.is(Kind::kBytes) || value.is(Kind::kString);
}

uint32_t ByteAt(absl::string_view bytes, size_t i) {
  return static_cast<unsigned char>(bytes[i]);
}

// The classes of module datetime. Their pickled states are those of CPython's
// Modules/_datetimemodule.c.

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// Four bytes: year (two), month, day.
bool AppendDate(absl::string_view state, std::string* iso) {
  const int year = static_cast<int>(ByteAt(state, 0) << 8 | ByteAt(state, 1));
  const int month = static_cast<int>(ByteAt(state, 2));
  const int day = static_cast<int>(ByteAt(state, 3));
  if (year < 1 || year > 9999 || month < 1 || month > 12) return false;
  if (day < 1 || day > DaysInMonth(year, month)) return false;
  absl::StrAppendFormat(iso, "%04d-%02d-%02d", year, month, day);
  return true;
}

// Six bytes: hour, minute, second, microsecond (three).
bool AppendTime(absl::string_view state, std::string* iso) {
  const uint32_t hour = ByteAt(state, 0);
  const uint32_t minute = ByteAt(state, 1);
  const uint32_t second = ByteAt(state, 2);
  const uint32_t micros =
      ByteAt(state, 3) << 16 | ByteAt(state, 4) << 8 | ByteAt(state, 5);
  if (hour > 23 || minute > 59 || second > 59 || micros > 999'999) return false;
  absl::StrAppendFormat(iso, "%02d:%02d:%02d", hour, minute, second);
  if (micros != 0) absl::StrAppendFormat(iso, ".%06d", micros);
  return true;
}

// The state of a datetime or time, and its tzinfo when it has one. `fold_byte`
// is the state's byte whose top bit is the fold.
struct ClockState {
  std::string bytes;
  bool fold = false;
  PythonValue tzinfo;
};

std::optional<ClockState> ParseClock(const PythonObject& object, size_t size,
                                     size_t fold_byte) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count < 1 || args.count > 2) return {};
  if (!IsBytesLike(args.at[0]) || args.at[0].text().size() != size) return {};
  ClockState state{std::string(args.at[0].text()), false, args.at[1]};
  state.fold = (state.bytes[fold_byte] & 0x80) != 0;
  state.bytes[fold_byte] = static_cast<char>(state.bytes[fold_byte] & 0x7F);
  return state;
}

KnownOutcome WriteClock(const ClockState& state, absl::string_view name,
                        absl::string_view iso, PythonValueWriter& writer) {
  return Written(writer.WriteTagged(name, [&] {
    return writer.PairString("value", iso) &&
           (!state.fold || writer.PairInt("fold", 1)) &&
           (state.tzinfo.is(Kind::kAbsent) || state.tzinfo.is(Kind::kNone) ||
            writer.Pair("tzinfo", state.tzinfo));
  }));
}

struct Timedelta {
  int64_t days;
  int64_t seconds;
  int64_t microseconds;
};

std::optional<Timedelta> ParseTimedelta(const PythonObject& object) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count != 3) return {};
  for (const PythonValue& arg : args.at) {
    if (!arg.is(Kind::kInt)) return {};
  }
  const Timedelta delta{args.at[0].int_value(), args.at[1].int_value(),
                        args.at[2].int_value()};
  if (delta.days < -kMaxTimedeltaDays || delta.days > kMaxTimedeltaDays ||
      delta.seconds < 0 || delta.seconds >= kSecondsPerDay ||
      delta.microseconds < 0 || delta.microseconds >= 1'000'000) {
    return {};
  }
  return delta;
}

}  // namespace

KnownOutcome WriteDatetime(const PythonObject& object,
                           PythonValueWriter& writer) {
  const std::optional<ClockState> state = ParseClock(object, 10, 2);
  std::string iso;
  if (!state || !AppendDate(state->bytes, &iso)) return KnownOutcome::kUnknown;
  iso.push_back('T');
  if (!AppendTime(absl::string_view(state->bytes).substr(4), &iso)) {
    return KnownOutcome::kUnknown;
  }
  return WriteClock(*state, "datetime.datetime", iso, writer);
}

KnownOutcome WriteTime(const PythonObject& object, PythonValueWriter& writer) {
  const std::optional<ClockState> state = ParseClock(object, 6, 0);
  std::string iso;
  if (!state || !AppendTime(state->bytes, &iso)) return KnownOutcome::kUnknown;
  return WriteClock(*state, "datetime.time", iso, writer);
}

KnownOutcome WriteDate(const PythonObject& object, PythonValueWriter& writer) {
  const Args args(*object.args);
  std::string iso;
  if (!IsCallOnly(object) || args.count != 1 || !IsBytesLike(args.at[0]) ||
      args.at[0].text().size() != 4 || !AppendDate(args.at[0].text(), &iso)) {
    return KnownOutcome::kUnknown;
  }
  return WriteText("datetime.date", iso, writer);
}

KnownOutcome WriteTimedelta(const PythonObject& object,
                            PythonValueWriter& writer) {
  const std::optional<Timedelta> delta = ParseTimedelta(object);
  if (!delta) return KnownOutcome::kUnknown;
  return Written(writer.WriteTagged("datetime.timedelta", [&] {
    return writer.PairInt("days", delta->days) &&
           writer.PairInt("seconds", delta->seconds) &&
           writer.PairInt("microseconds", delta->microseconds);
  }));
}

// timezone(timedelta[, name]), less than a day either way.
KnownOutcome WriteTimezone(const PythonObject& object,
                           PythonValueWriter& writer) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count < 1 || args.count > 2 ||
      !args.at[0].is(Kind::kObject) ||
      !args.at[0].object().callable.IsGlobal("datetime.timedelta")) {
    return KnownOutcome::kUnknown;
  }
  const bool named = args.count == 2;
  if (named && !args.at[1].is(Kind::kString)) return KnownOutcome::kUnknown;
  const std::optional<Timedelta> delta = ParseTimedelta(args.at[0].object());
  if (!delta || delta->days < -1 || delta->days > 0) {
    return KnownOutcome::kUnknown;
  }
  const int64_t offset =
      (delta->days * kSecondsPerDay + delta->seconds) * 1'000'000 +
      delta->microseconds;
  return Written(writer.WriteTagged("datetime.timezone", [&] {
    return writer.PairInt("offset_microseconds", offset) &&
           (!named || writer.Pair("name", args.at[1]));
  }));
}

// ZoneInfo._unpickle(key, from_cache).
KnownOutcome WriteZoneInfo(const PythonObject& object,
                           PythonValueWriter& writer) {
  const Args args(*object.args);
  const bool from_cache =
      (args.at[1].is(Kind::kInt) && args.at[1].int_value() == 1) ||
      (args.at[1].is(Kind::kBool) && args.at[1].bool_value());
  if (!IsCallOnly(object) || args.count != 2 || !args.at[0].is(Kind::kString) ||
      !from_cache) {
    return KnownOutcome::kUnknown;
  }
  return WriteText("zoneinfo.ZoneInfo", args.at[0].text(), writer);
}

}  // namespace logboom
