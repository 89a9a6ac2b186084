#include "server/ingest/pickle/plain_record_writer.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr absl::string_view kShort = "shop.cart";

// Texts around every size at which a length takes a byte more, alone or with
// what stands around it.
std::vector<std::string> Texts() {
  std::vector<std::string> texts;
  for (size_t size = 0; size < 140; ++size) texts.emplace_back(size, 'x');
  for (size_t size = 16350; size < 16390; ++size) texts.emplace_back(size, 'x');
  return texts;
}

std::vector<int64_t> Numbers() {
  std::vector<int64_t> numbers = {std::numeric_limits<int64_t>::min(),
                                  std::numeric_limits<int64_t>::max(),
                                  -1,
                                  0,
                                  20,
                                  214};
  for (int bit = 0; bit < 63; ++bit) {
    numbers.push_back(int64_t{1} << bit);
    numbers.push_back((int64_t{1} << bit) - 1);
  }
  return numbers;
}

// What both writers write, for the same call.
template <typename Call>
void ExpectSame(size_t text_bytes, const Call& call) {
  std::string expected;
  RecordWriter record(&expected);
  call(record);
  std::string room(text_bytes + PlainRecordWriter::kMaxFieldBytes, '\0');
  PlainRecordWriter plain(room.data());
  call(plain);
  EXPECT_EQ(plain.record(), expected);
}

TEST(PlainRecordWriterTest, WritesTextsAsRecordWriterDoes) {
  for (const std::string& text : Texts()) {
    SCOPED_TRACE(absl::StrCat(text.size(), " bytes"));
    const size_t size = text.size();
    ExpectSame(size, [&](auto& record) { record.SeverityText(text); });
    ExpectSame(size, [&](auto& record) { record.Logger(text); });
    ExpectSame(size, [&](auto& record) { record.BodyText(text); });
    ExpectSame(size + kShort.size(),
               [&](auto& record) { record.Attribute(kShort, text); });
    ExpectSame(size + kShort.size(),
               [&](auto& record) { record.Attribute(text, kShort); });
    ExpectSame(2 * size, [&](auto& record) { record.Attribute(text, text); });
    ExpectSame(size, [&](auto& record) { record.AttributeInt(text, 214); });
    ExpectSame(size, [&](auto& record) { record.AttributeDouble(text, 0.5); });
    ExpectSame(size, [&](auto& record) { record.AttributeBool(text, true); });
  }
}

TEST(PlainRecordWriterTest, WritesNumbersAsRecordWriterDoes) {
  for (const int64_t number : Numbers()) {
    SCOPED_TRACE(number);
    const auto small = static_cast<int32_t>(number);
    ExpectSame(
        0, [&](auto& record) { record.Time(static_cast<uint64_t>(number)); });
    ExpectSame(0, [&](auto& record) { record.SeverityNumber(small); });
    ExpectSame(0, [&](auto& record) { record.Levelno(small); });
    ExpectSame(kShort.size(),
               [&](auto& record) { record.AttributeInt(kShort, number); });
    ExpectSame(kShort.size(), [&](auto& record) {
      record.AttributeDouble(kShort, static_cast<double>(number));
    });
  }
  ExpectSame(kShort.size(),
             [](auto& record) { record.AttributeBool(kShort, false); });
}

TEST(PlainRecordWriterTest, NoneIsAnAttributeWithoutAKind) {
  for (const std::string& key : Texts()) {
    std::string expected;
    RecordWriter record(&expected);
    record.EndAttribute(record.BeginAttribute(key));
    std::string room(key.size() + PlainRecordWriter::kMaxFieldBytes, '\0');
    PlainRecordWriter plain(room.data());
    plain.AttributeNone(key);
    EXPECT_EQ(plain.record(), expected) << key.size();
  }
}

TEST(PlainRecordWriterTest, FieldsStandOneBehindTheOther) {
  ExpectSame(4 * kShort.size() + 4 * PlainRecordWriter::kMaxFieldBytes,
             [](auto& record) {
               record.Time(1'700'000'000'000'000'000);
               record.SeverityNumber(9);
               record.BodyText(kShort);
               record.Attribute(kShort, kShort);
               record.AttributeInt(kShort, 7);
             });
}

}  // namespace
}  // namespace logboom
