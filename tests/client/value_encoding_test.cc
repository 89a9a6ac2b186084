// Goal: each attribute is encoded so that protobuf's parser, the server's check
// and its view read the value that was given, in just the bytes announced.
#include "client/value_encoding.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "logboom/v1/record.pb.h"
#include "proto/wire/structure_check.h"
#include "tests/client/shown_values.h"

namespace logboom {
namespace {

// Writes into just the memory announced, so that a sanitizer sees more.
std::string Encode(const Attribute& attribute) {
  const size_t size = AttributeSize(attribute);
  std::vector<char> bytes(size);
  char* const end = WriteAttribute(bytes.data(), attribute);
  EXPECT_EQ(end, bytes.data() + size);
  return std::string(bytes.begin(), bytes.end());
}

std::string ShowEncoded(const std::string& encoded) {
  EXPECT_TRUE(CheckRecord(encoded).ok()) << CheckRecord(encoded);
  const auto record = RecordView::Parse(encoded);
  if (!record.ok()) return record.status().ToString();
  const std::vector<std::string> pairs = ShowPairs(record->attributes());
  return pairs.size() == 1 ? pairs[0] : "not one attribute";
}

std::string ShowParsed(const std::string& encoded) {
  v1::LogRecord record;
  if (!record.ParseFromString(encoded)) return "protobuf refuses it";
  if (record.attributes_size() != 1) return "not one attribute";
  const v1::KeyValue& pair = record.attributes(0);
  return ShowPair(pair.key(), Show(pair.value()));
}

void ExpectRoundTrip(const Value& value, const std::string& shown) {
  EXPECT_EQ(Show(value), shown);
  const std::string encoded = Encode({"key", value});
  EXPECT_EQ(ShowEncoded(encoded), "key: " + shown);
  EXPECT_EQ(ShowParsed(encoded), "key: " + shown);
}

TEST(ValueEncodingTest, None) {
  ExpectRoundTrip({}, "none");
  ExpectRoundTrip(nullptr, "none");
  ExpectRoundTrip(static_cast<const char*>(nullptr), "none");
}

TEST(ValueEncodingTest, Bools) {
  ExpectRoundTrip(true, "true");
  ExpectRoundTrip(false, "false");
}

TEST(ValueEncodingTest, IntegersOfEveryLength) {
  ExpectRoundTrip(0, "0");
  ExpectRoundTrip(-1, "-1");
  ExpectRoundTrip(int8_t{-128}, "-128");
  ExpectRoundTrip(uint8_t{255}, "255");
  ExpectRoundTrip(uint32_t{4294967295}, "4294967295");
  ExpectRoundTrip(INT64_MIN, "-9223372036854775808");
  ExpectRoundTrip(INT64_MAX, "9223372036854775807");
  for (int bits = 0; bits < 63; ++bits) {
    const int64_t value = int64_t{1} << bits;
    ExpectRoundTrip(value, std::to_string(value));
    ExpectRoundTrip(value - 1, std::to_string(value - 1));
    ExpectRoundTrip(-value, std::to_string(-value));
  }
}

TEST(ValueEncodingTest, NumbersBeyondInt64AreFormatsMap) {
  ExpectRoundTrip(uint64_t{INT64_MAX}, "9223372036854775807");
  ExpectRoundTrip(uint64_t{INT64_MAX} + 1,
                  "{__py__: 'int', value: '9223372036854775808'}");
  ExpectRoundTrip(UINT64_MAX, "{__py__: 'int', value: '18446744073709551615'}");
  ExpectRoundTrip(Value::Array({UINT64_MAX}),
                  "[{__py__: 'int', value: '18446744073709551615'}]");
}

TEST(ValueEncodingTest, DoublesBitByBit) {
  for (const double value :
       {0.0, -0.0, 1.5, std::numeric_limits<double>::infinity(),
        std::numeric_limits<double>::quiet_NaN(),
        std::numeric_limits<double>::denorm_min(),
        std::numeric_limits<double>::lowest()}) {
    ExpectRoundTrip(value, Show(Value(value)));
  }
  ExpectRoundTrip(1.5F, Show(Value(1.5)));
  EXPECT_NE(Show(Value(0.0)), Show(Value(-0.0)));
}

TEST(ValueEncodingTest, TextsOfEveryLengthOfLength) {
  for (const size_t size : {0, 1, 127, 128, 16383, 16384, 100000}) {
    const std::string text(size, 'x');
    ExpectRoundTrip(text, "'" + text + "'");
    ExpectRoundTrip(Value::Bytes(text), "b'" + text + "'");
  }
  ExpectRoundTrip("\xE2\x82\xAC", "'\\xe2\\x82\\xac'");
  ExpectRoundTrip(std::string_view("a\0z", 3), "'a\\x00z'");
  ExpectRoundTrip(std::string_view(), "''");
}

// Protobuf's parser refuses such a text; ours keep it.
TEST(ValueEncodingTest, InvalidUtf8StaysAsItIs) {
  EXPECT_EQ(ShowEncoded(Encode({"\xff", "a\xfe\x80"})), "\\xff: 'a\\xfe\\x80'");
}

TEST(ValueEncodingTest, EmptyKeys) {
  EXPECT_EQ(ShowParsed(Encode({"", 1})), ": 1");
  EXPECT_EQ(ShowEncoded(Encode({"", 1})), ": 1");
  EXPECT_EQ(ShowEncoded(Encode({"", {}})), ": none");
  ExpectRoundTrip(Value::Map({{"", {}}, {"", ""}}), "{: none, : ''}");
}

TEST(ValueEncodingTest, ArraysAndMaps) {
  ExpectRoundTrip(Value::Array({}), "[]");
  ExpectRoundTrip(Value::Map({}), "{}");
  ExpectRoundTrip(Value::Array({1, "a", {}, Value::Array({true, {}})}),
                  "[1, 'a', none, [true, none]]");
  ExpectRoundTrip(
      Value::Map({{"a", Value::Map({{"b", Value::Array({-1})}})}, {"a", {}}}),
      "{a: {b: [-1]}, a: none}");
}

TEST(ValueEncodingTest, RandomValues) {
  for (uint32_t seed = 0; seed < 500; ++seed) {
    SCOPED_TRACE(seed);
    RandomValues values(seed);
    const Attribute attribute = {values.Text(), values.Any(5)};
    const std::string shown = ShowPair(
        {attribute.key.data(), attribute.key.size()}, Show(attribute.value));
    const std::string encoded = Encode(attribute);
    ASSERT_EQ(ShowEncoded(encoded), shown);
    ASSERT_EQ(ShowParsed(encoded), shown);
  }
}

// A value with `depth` - 1 arrays, or maps, around `innermost`.
class Nested {
 public:
  Nested(int depth, const Value& innermost, bool maps)
      : values_(static_cast<size_t>(depth)),
        pairs_(static_cast<size_t>(depth)) {
    values_[0] = innermost;
    for (size_t i = 1; i < values_.size(); ++i) {
      pairs_[i] = {"k", values_[i - 1]};
      values_[i] = maps ? Value::Map(std::span(&pairs_[i], 1))
                        : Value::Array(std::span(&values_[i - 1], 1));
    }
  }
  Attribute attribute() const { return {"key", values_.back()}; }

 private:
  std::vector<Value> values_;
  std::vector<Attribute> pairs_;
};

TEST(ValueEncodingTest, TheDeepestValueThatTheServerTakes) {
  for (const bool maps : {false, true}) {
    const Nested nested(kMaxValueDepth, 1, maps);
    const std::string encoded = Encode(nested.attribute());
    EXPECT_EQ(ShowEncoded(encoded), "key: " + Show(nested.attribute().value));
  }
}

TEST(ValueEncodingTest, ADeeperValueHasAnImpossibleSize) {
  for (const bool maps : {false, true}) {
    for (const int depth : {kMaxValueDepth + 1, kMaxValueDepth + 2, 1000}) {
      const Nested nested(depth, 1, maps);
      EXPECT_GE(AttributeSize(nested.attribute()), kImpossibleSize);
      EXPECT_LT(AttributeSize(nested.attribute()), 2 * kImpossibleSize);
    }
  }
}

// Its map is nested once more.
TEST(ValueEncodingTest, ANumberBeyondInt64NeedsOneMoreLevel) {
  const Nested fits(kMaxValueDepth - 1, UINT64_MAX, false);
  EXPECT_EQ(ShowEncoded(Encode(fits.attribute())),
            "key: " + Show(fits.attribute().value));
  const Nested deeper(kMaxValueDepth, UINT64_MAX, false);
  EXPECT_GE(AttributeSize(deeper.attribute()), kImpossibleSize);
}

// An empty array has no value in it.
TEST(ValueEncodingTest, AnEmptyArrayIsOneLevel) {
  const Nested nested(kMaxValueDepth, Value::Array({}), true);
  EXPECT_EQ(ShowEncoded(Encode(nested.attribute())),
            "key: " + Show(nested.attribute().value));
}

TEST(ValueEncodingTest, ManyImpossibleSizesDoNotOverflow) {
  const Nested nested(kMaxValueDepth + 1, 1, false);
  const std::vector<Value> many(100, nested.attribute().value);
  const Attribute attribute = {"key", Value::Array(many)};
  EXPECT_GE(AttributeSize(attribute), kImpossibleSize);
  size_t sum = 0;
  for (int i = 0; i < 100; ++i) sum = AddSizes(sum, AttributeSize(attribute));
  EXPECT_EQ(sum, kImpossibleSize);
}

TEST(VarintTest, SizesAndBytesAgreeAtEveryBoundary) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const uint64_t value :
         {uint64_t{1} << bits, (uint64_t{1} << bits) - 1}) {
      char bytes[10];
      const size_t size =
          static_cast<size_t>(WriteVarint(bytes, value) - bytes);
      EXPECT_EQ(size, VarintSize(value)) << value;
      uint64_t read = 0;
      for (size_t i = 0; i < size; ++i) {
        read |= (static_cast<uint64_t>(bytes[i]) & 0x7f) << (7 * i);
        EXPECT_EQ((bytes[i] & 0x80) != 0, i + 1 < size) << value;
      }
      EXPECT_EQ(read, value);
    }
  }
  EXPECT_EQ(VarintSize(UINT64_MAX), 10u);
}

}  // namespace
}  // namespace logboom
