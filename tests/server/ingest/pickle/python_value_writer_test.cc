#include "server/ingest/pickle/python_value_writer.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/ingest/pickle/python_int.h"
#include "server/ingest/pickle/unpickler.h"
#include "tests/server/ingest/pickle/record_json.h"

// The golden pickles hold what Python writes for every known type; here is what
// it would not write.
namespace logboom {
namespace {

using nlohmann::json;

json Read(absl::string_view pickle) {
  Unpickler unpickler;
  const auto value = unpickler.Decode(pickle);
  if (!value.ok()) return value.status().ToString();
  return ValueJson(*value);
}

// Calls of a known class: its name, then pieces of pickle.
std::string Call(absl::string_view module, absl::string_view name,
                 absl::string_view args) {
  return absl::StrCat("c", module, "\n", name, "\n(", args, "tR");
}

bool IsUnknownObject(const json& value) {
  return value.is_array() && value[0] == "m" && value[1][1][0] == "args";
}

TEST(KnownTypesTest, OddArgumentsMakeAnUnknownObject) {
  for (const std::string& call : {
           Call("datetime", "datetime", ""),
           Call("datetime", "datetime", "I1\nI2\nI3\n"),
           Call("datetime", "datetime", "S'123456789'\n"),
           Call("datetime", "datetime",
                R"(S'\x07\xe8\x0d\x01000000')"
                "\n"),
           Call("datetime", "datetime",
                R"(S'\x07\xe7\x02\x1d\0\0\0\0\0\0')"
                "\n"),
           Call("datetime", "datetime",
                R"(S'\x07\xe8\1\1\x18\0\0\0\0\0')"
                "\n"),
           Call("datetime", "date",
                R"(S'\x00\x00\1\1')"
                "\n"),
           Call("datetime", "date",
                R"(S'\x07\xe8\1\x00')"
                "\n"),
           Call("datetime", "time",
                R"(S'\0\0\x3c\0\0\0')"
                "\n"),
           Call("datetime", "time",
                R"(S'\0\0\0\xff\xff\xff')"
                "\n"),
           Call("datetime", "timedelta", "I1\nI86400\nI0\n"),
           Call("datetime", "timedelta", "I1000000000\nI0\nI0\n"),
           Call("datetime", "timedelta", "I1\nI0\n"),
           Call("datetime", "timezone", "I1\n"),
           Call("datetime", "timezone",
                Call("datetime", "timedelta", "I1\nI0\nI0\n")),
           Call("decimal", "Decimal", "I1\n"),
           Call("fractions", "Fraction", "I1\n"),
           Call("uuid", "UUID", "S'x'\n"),
           Call("uuid", "UUID", "") + "(S'int'\nI-1\ndb",
           Call("uuid", "UUID", "") + "(S'int'\nI1\nS'more'\nI1\ndb",
           Call("uuid", "UUID", "") + "(db",
           Call("uuid", "UUID", "") +
               "(S'int'\nL340282366920938463463374607431768211456L\ndb",
           Call("__builtin__", "complex", "I1\nI2\n"),
           Call("__builtin__", "set", "I1\n"),
           Call("__builtin__", "set", "(lNN"),
           Call("__builtin__", "bytearray", "V\\u20ac\nVlatin-1\n"),
           Call("__builtin__", "bytearray", "Va\nVutf-8\n"),
           Call("collections", "OrderedDict", "((ll"),
           Call("collections", "OrderedDict", "N"),
           Call("collections", "defaultdict", "NN"),
           Call("collections", "deque", "N"),
           Call("collections", "deque", "(lVx\n"),
           Call("zoneinfo", "ZoneInfo._unpickle", "VUTC\nI0\n"),
           Call("decimal", "Decimal", "V1\n") + "Nb",
       }) {
    const json value = Read(call + ".");
    EXPECT_TRUE(IsUnknownObject(value)) << call << value;
  }
}

TEST(KnownTypesTest, TheSameDatetimeInEveryFormOfBytes) {
  const std::string expected =
      R"(["m",[["__py__",["s","datetime.datetime"]],)"
      R"(["value",["s","2024-02-29T03:04:05.000006"]]]])";
  const std::string state = R"(\x07\xe8\x02\x1d\x03\x04\x05\0\0\x06)";
  EXPECT_EQ(
      Read(Call("datetime", "datetime", "S'" + state + "'\n") + ".").dump(),
      expected);
  const std::string latin1 =
      "V\\u0007\\u00e8\\u0002\\u001d\\u0003\\u0004"
      "\\u0005\\u0000\\u0000\\u0006\nVlatin1\n";
  EXPECT_EQ(
      Read(Call("datetime", "datetime", Call("_codecs", "encode", latin1)) +
           ".")
          .dump(),
      expected);
}

TEST(KnownTypesTest, BytesThatAreNotLatin1StayACall) {
  EXPECT_TRUE(IsUnknownObject(
      Read(Call("_codecs", "encode", "V\\u20ac\nVlatin1\n") + ".")));
  EXPECT_TRUE(
      IsUnknownObject(Read(Call("_codecs", "encode", "Va\nVrot13\n") + ".")));
}

// The number itself, in the base of `text`, is the oracle: it is read back.
TEST(PythonIntTest, DecimalAndHexAreTheSameNumber) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 20'000; ++i) {
    const uint64_t high = random() >> (random() % 64);
    const absl::uint128 number = absl::MakeUint128(high, random());
    std::string bytes;
    for (int byte = 0; byte < 17; ++byte) {
      bytes.push_back(byte < 16 ? static_cast<char>(
                                      absl::Uint128Low64(number >> (8 * byte)))
                                : '\0');
    }
    std::string decimal;
    AppendDecimal(bytes, &decimal);
    EXPECT_EQ(decimal, (std::ostringstream() << number).str());
    absl::uint128 back;
    ASSERT_TRUE(ToUint128(
        PythonValue::Text(PythonValue::Kind::kBinaryInt, bytes), &back));
    EXPECT_EQ(back, number);
  }
}

TEST(PythonIntTest, NegativeNumbersAreTwosComplement) {
  const auto decimal = [](absl::string_view hex) {
    std::string text;
    AppendDecimal(absl::HexStringToBytes(hex), &text);
    text.push_back(' ');
    AppendHex(absl::HexStringToBytes(hex), &text);
    return text;
  };
  EXPECT_EQ(decimal("ff"), "-1 -0x1");
  EXPECT_EQ(decimal("80"), "-128 -0x80");
  EXPECT_EQ(decimal("00000080"), "-2147483648 -0x80000000");
  EXPECT_EQ(decimal("0000000080"), "-549755813888 -0x8000000000");
  EXPECT_EQ(decimal("00000000ff"), "-4294967296 -0x100000000");
  EXPECT_EQ(decimal("00"), "0 0x0");
  EXPECT_EQ(decimal("00ca9a3b"), "1000000000 0x3b9aca00");
}

// Goal: turning binary into decimal is quadratic, so a record gets little of
// it.
TEST(PythonIntTest, LongNumbersStayHexadecimal) {
  const auto read = [](size_t size, int times) {
    std::string pickle = "(";
    for (int i = 0; i < times; ++i) {
      pickle += "\x8B";
      for (int byte = 0; byte < 4; ++byte) {
        pickle.push_back(static_cast<char>(size >> (8 * byte)));
      }
      pickle += std::string(size, '\x11');
    }
    return Read(pickle + "l.")[1].back()[1][1][0];
  };
  EXPECT_EQ(read(kMaxDecimalBytes, 1), "value");
  EXPECT_EQ(read(kMaxDecimalBytes + 1, 1), "hex");
  EXPECT_EQ(read(kMaxDecimalBytes, 9), "value");
  EXPECT_EQ(read(kMaxDecimalBytes, 10), "hex");
  EXPECT_EQ(read(4'000'000, 1), "hex");
}

}  // namespace
}  // namespace logboom
