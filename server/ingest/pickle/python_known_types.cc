#include "server/ingest/pickle/python_known_types.h"

#include <cstdint>
#include <optional>
#include <string>

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/ingest/pickle/pickle_text.h"
#include "server/ingest/pickle/python_call.h"
#include "server/ingest/pickle/python_int.h"
#include "server/ingest/pickle/python_time_types.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;

// Numbers.

KnownOutcome WriteDecimal(const PythonObject& object,
                          PythonValueWriter& writer) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count != 1 || !args.at[0].is(Kind::kString)) {
    return KnownOutcome::kUnknown;
  }
  return WriteText("decimal.Decimal", args.at[0].text(), writer);
}

// Fraction("3/4"), or from 3.10 Fraction(3, 4).
KnownOutcome WriteFraction(const PythonObject& object,
                           PythonValueWriter& writer) {
  const Args args(*object.args);
  if (!IsCallOnly(object)) return KnownOutcome::kUnknown;
  if (args.count == 1 && args.at[0].is(Kind::kString)) {
    return WriteText("fractions.Fraction", args.at[0].text(), writer);
  }
  if (args.count != 2 || !args.at[0].is(Kind::kInt) ||
      !args.at[1].is(Kind::kInt)) {
    return KnownOutcome::kUnknown;
  }
  std::string value = absl::StrCat(args.at[0].int_value());
  if (args.at[1].int_value() != 1) {
    absl::StrAppend(&value, "/", args.at[1].int_value());
  }
  return WriteText("fractions.Fraction", value, writer);
}

KnownOutcome WriteComplex(const PythonObject& object,
                          PythonValueWriter& writer) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count != 2 || !args.at[0].is(Kind::kDouble) ||
      !args.at[1].is(Kind::kDouble)) {
    return KnownOutcome::kUnknown;
  }
  return Written(writer.WriteTagged("complex", [&] {
    return writer.Pair("real", args.at[0]) && writer.Pair("imag", args.at[1]);
  }));
}

// A UUID is made without arguments, and its state is a dict.
struct UuidState {
  absl::uint128 number;
  PythonValue is_safe;
};

std::optional<UuidState> ParseUuid(const PythonObject& object) {
  if (!object.args->empty() || !object.kwargs.is(Kind::kAbsent) ||
      !object.items.empty() || !object.pairs.empty() ||
      !object.state.is(Kind::kDict)) {
    return {};
  }
  UuidState uuid;
  bool has_number = false;
  const PythonContainer& state = object.state.container();
  for (auto it = state.begin(); it != state.end(); ++it) {
    const PythonValue key = *it;
    const PythonValue value = *++it;
    if (!key.is(Kind::kString)) return {};
    if (key.text() == "int" && ToUint128(value, &uuid.number)) {
      has_number = true;
    } else if (key.text() == "is_safe") {
      uuid.is_safe = value;
    } else {
      return {};
    }
  }
  if (!has_number) return {};
  return uuid;
}

KnownOutcome WriteUuid(const PythonObject& object, PythonValueWriter& writer) {
  const std::optional<UuidState> uuid = ParseUuid(object);
  if (!uuid) return KnownOutcome::kUnknown;
  const uint64_t high = absl::Uint128High64(uuid->number);
  const uint64_t low = absl::Uint128Low64(uuid->number);
  const std::string text = absl::StrFormat(
      "%08x-%04x-%04x-%04x-%012x", high >> 32, high >> 16 & 0xFFFF,
      high & 0xFFFF, low >> 48, low & 0xFFFF'FFFF'FFFF);
  return Written(writer.WriteTagged("uuid.UUID", [&] {
    return writer.PairString("value", text) &&
           (uuid->is_safe.is(Kind::kAbsent) ||
            writer.Pair("is_safe", uuid->is_safe));
  }));
}

// Containers.

// set([...]) and frozenset([...]), of protocols below 4.
KnownOutcome WriteSet(const PythonObject& object, PythonValueWriter& writer) {
  const Args args(*object.args);
  const bool has_list = args.count == 1 && args.at[0].is(Kind::kList);
  if (!IsCallOnly(object) || (args.count != 0 && !has_list)) {
    return KnownOutcome::kUnknown;
  }
  const absl::string_view name =
      object.callable.IsGlobal("builtins.frozenset") ? "frozenset" : "set";
  const PythonContainer none;
  const PythonContainer& elements = has_list ? args.at[0].container() : none;
  return Written(writer.WriteTagged(
      name, [&] { return writer.PairElements("value", elements); }));
}

// bytearray(), bytearray(bytes), bytearray(str, 'latin-1').
KnownOutcome WriteByteArray(const PythonObject& object,
                            PythonValueWriter& writer) {
  const Args args(*object.args);
  if (!IsCallOnly(object) || args.count > 2) return KnownOutcome::kUnknown;
  absl::string_view bytes;
  std::string latin1;
  if (args.count == 1 && args.at[0].is(Kind::kBytes)) {
    bytes = args.at[0].text();
  } else if (args.count == 2) {
    if (!args.at[0].is(Kind::kString) || !args.at[1].is(Kind::kString) ||
        args.at[1].text() != "latin-1" ||
        !Utf8ToLatin1(args.at[0].text(), &latin1)) {
      return KnownOutcome::kUnknown;
    }
    bytes = latin1;
  } else if (args.count != 0) {
    return KnownOutcome::kUnknown;
  }
  return Written(writer.WriteTagged("bytearray", [&] {
    return writer.Pair("value", PythonValue::Text(Kind::kBytes, bytes));
  }));
}

// Whether it is a list of lists of two, as Python 2's OrderedDict has it.
bool IsListOfPairs(const PythonValue& value) {
  if (!value.is(Kind::kList)) return false;
  for (const PythonValue& pair : value.container()) {
    if (!pair.is(Kind::kList) || pair.container().size() != 2) return false;
  }
  return true;
}

KnownOutcome WriteOrderedDict(const PythonObject& object,
                              PythonValueWriter& writer) {
  constexpr absl::string_view kName = "collections.OrderedDict";
  const Args args(*object.args);
  if (args.count == 1 && IsCallOnly(object) && IsListOfPairs(args.at[0])) {
    return Written(writer.WriteTagged(
        kName, [&] { return writer.Pair("value", args.at[0]); }));
  }
  if (args.count != 0 || !object.kwargs.is(Kind::kAbsent) ||
      !object.state.is(Kind::kAbsent) || !object.items.empty()) {
    return KnownOutcome::kUnknown;
  }
  return Written(writer.WriteTagged(
      kName, [&] { return writer.PairPairs("value", object.pairs); }));
}

KnownOutcome WriteDefaultDict(const PythonObject& object,
                              PythonValueWriter& writer) {
  const Args args(*object.args);
  if (args.count > 1 || !object.kwargs.is(Kind::kAbsent) ||
      !object.state.is(Kind::kAbsent) || !object.items.empty()) {
    return KnownOutcome::kUnknown;
  }
  return Written(writer.WriteTagged("collections.defaultdict", [&] {
    return writer.Pair("factory", args.at[0]) &&
           writer.PairPairs("value", object.pairs);
  }));
}

bool IsEmptySequence(const PythonValue& value) {
  return (value.is(Kind::kTuple) || value.is(Kind::kList)) &&
         value.container().empty();
}

// deque([()[, maxlen]]) and items; Python 2: deque(list[, maxlen]).
KnownOutcome WriteDeque(const PythonObject& object, PythonValueWriter& writer) {
  const Args args(*object.args);
  if (args.count > 2 || !object.kwargs.is(Kind::kAbsent) ||
      !object.state.is(Kind::kAbsent) || !object.pairs.empty()) {
    return KnownOutcome::kUnknown;
  }
  const PythonContainer* elements = &object.items;
  if (args.count > 0 && !IsEmptySequence(args.at[0])) {
    if (!object.items.empty() || !args.at[0].is(Kind::kList)) {
      return KnownOutcome::kUnknown;
    }
    elements = &args.at[0].container();
  }
  const bool bounded = args.count == 2 && !args.at[1].is(Kind::kNone);
  if (bounded && !args.at[1].is(Kind::kInt)) return KnownOutcome::kUnknown;
  return Written(writer.WriteTagged("collections.deque", [&] {
    return writer.PairElements("value", *elements) &&
           (!bounded || writer.Pair("maxlen", args.at[1]));
  }));
}

struct KnownType {
  absl::string_view name;
  KnownOutcome (*write)(const PythonObject&, PythonValueWriter&);
};

constexpr KnownType kKnownTypes[] = {
    {"datetime.datetime", WriteDatetime},
    {"datetime.date", WriteDate},
    {"datetime.time", WriteTime},
    {"datetime.timedelta", WriteTimedelta},
    {"datetime.timezone", WriteTimezone},
    {"zoneinfo.ZoneInfo._unpickle", WriteZoneInfo},
    {"decimal.Decimal", WriteDecimal},
    {"fractions.Fraction", WriteFraction},
    {"uuid.UUID", WriteUuid},
    {"builtins.complex", WriteComplex},
    {"builtins.set", WriteSet},
    {"builtins.frozenset", WriteSet},
    {"builtins.bytearray", WriteByteArray},
    {"collections.OrderedDict", WriteOrderedDict},
    {"collections.defaultdict", WriteDefaultDict},
    {"collections.deque", WriteDeque},
};

}  // namespace

KnownOutcome WriteKnownObject(const PythonObject& object,
                              PythonValueWriter& writer) {
  if (!object.callable.is(Kind::kGlobal)) return KnownOutcome::kUnknown;
  const absl::string_view name = object.callable.text();
  for (const KnownType& type : kKnownTypes) {
    if (type.name == name) return type.write(object, writer);
  }
  return KnownOutcome::kUnknown;
}

}  // namespace logboom
