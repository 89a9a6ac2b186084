#include "proto/wire/tag_iterator.h"

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "proto/wire/record_writer.h"
#include "tests/proto/wire/exact_copy.h"

namespace logboom {
namespace {

using testing::ExactCopy;
using ::testing::HasSubstr;

std::string Bytes(std::initializer_list<int> bytes) {
  return std::string(bytes.begin(), bytes.end());
}

// What a walk over all fields of `message` ends with.
absl::Status Walk(absl::string_view message) {
  const ExactCopy copy(message);
  TagIterator tag(copy.view());
  while (tag.Next()) {
  }
  EXPECT_FALSE(tag.Next()) << "the end is for good";
  return tag.status();
}

uint64_t OnlyVarint(absl::string_view message) {
  const ExactCopy copy(message);
  TagIterator tag(copy.view());
  EXPECT_TRUE(tag.Next()) << tag.status();
  EXPECT_EQ(tag.type(), WireType::kVarint);
  const uint64_t value = tag.varint();
  EXPECT_FALSE(tag.Next());
  EXPECT_TRUE(tag.ok()) << tag.status();
  return value;
}

TEST(TagIteratorTest, AnEmptyMessageHasNoFieldAndIsWhole) {
  EXPECT_EQ(Walk(""), absl::OkStatus());
  TagIterator tag{absl::string_view()};
  EXPECT_FALSE(tag.Next());
  EXPECT_TRUE(tag.ok());
}

TEST(TagIteratorTest, EveryWireTypeIsReadWithItsPlace) {
  std::string message;
  MessageWriter writer(&message);
  writer.Varint(1, 300);
  writer.Fixed64(2, 0x0102030405060708);
  writer.Bytes(3, "abc");
  writer.Fixed32(4, 0xFFFFFFFF);
  writer.Bytes(5, "");
  const ExactCopy copy(message);

  TagIterator tag(copy.view());
  ASSERT_TRUE(tag.Next());
  EXPECT_EQ(tag.field(), 1u);
  EXPECT_EQ(tag.varint(), 300u);
  EXPECT_EQ(tag.begin(), 0u);
  EXPECT_EQ(tag.end(), 3u);
  ASSERT_TRUE(tag.Next());
  EXPECT_EQ(tag.type(), WireType::kFixed64);
  EXPECT_EQ(tag.fixed64(), 0x0102030405060708u);
  EXPECT_EQ(tag.begin(), 3u);
  ASSERT_TRUE(tag.Next());
  EXPECT_EQ(tag.type(), WireType::kBytes);
  EXPECT_EQ(tag.bytes(), "abc");
  EXPECT_EQ(tag.bytes().data(), copy.view().data() + tag.begin() + 2);
  ASSERT_TRUE(tag.Next());
  EXPECT_EQ(tag.type(), WireType::kFixed32);
  EXPECT_EQ(tag.fixed32(), 0xFFFFFFFFu);
  ASSERT_TRUE(tag.Next());
  EXPECT_EQ(tag.bytes(), "");
  EXPECT_EQ(tag.end(), message.size());
  EXPECT_FALSE(tag.Next());
  EXPECT_TRUE(tag.ok());
}

TEST(TagIteratorTest, VarintsOfEverySizeAreRead) {
  for (int bits = 0; bits < 64; ++bits) {
    for (const uint64_t value :
         {uint64_t{1} << bits, (uint64_t{1} << bits) - 1}) {
      std::string message;
      MessageWriter(&message).Varint(9, value);
      EXPECT_EQ(OnlyVarint(message), value);
    }
  }
}

TEST(TagIteratorTest, AVarintMayBeLongerThanNeeded) {
  EXPECT_EQ(OnlyVarint(Bytes({8, 0x85, 0})), 5u);
  EXPECT_EQ(OnlyVarint(Bytes(
                {8, 0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0})),
            5u);
}

// As protobuf's parser, which drops what does not fit in 64 bits.
TEST(TagIteratorTest, BitsOfATenthByteBeyondThe64thAreDropped) {
  const std::string nine_bytes = Bytes({8}) + std::string(9, '\xFF');
  EXPECT_EQ(OnlyVarint(nine_bytes + '\x01'),
            std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(OnlyVarint(nine_bytes + '\x7F'),
            std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(OnlyVarint(nine_bytes + '\x7E'),
            std::numeric_limits<uint64_t>::max() >> 1);
}

TEST(TagIteratorTest, AVarintOfOverTenBytesIsMalformed) {
  const absl::Status status = Walk(Bytes({8}) + std::string(10, '\xFF') + '\1');
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(status.message(), HasSubstr("over 10 bytes"));
}

TEST(TagIteratorTest, FieldNumbersGoFrom1To2To29Minus1) {
  for (const uint32_t field : {1u, 15u, 16u, 2047u, 2048u, (1u << 29) - 1}) {
    std::string message;
    MessageWriter(&message).Varint(field, 1);
    TagIterator tag(message);
    ASSERT_TRUE(tag.Next()) << field;
    EXPECT_EQ(tag.field(), field);
  }
  EXPECT_THAT(Walk(Bytes({0, 0})).message(), HasSubstr("field number 0"));
  EXPECT_THAT(Walk(Bytes({0x80, 0, 0})).message(), HasSubstr("field number 0"));
  EXPECT_THAT(Walk(Bytes({0x80, 0x80, 0x80, 0x80, 0x10, 0})).message(),
              HasSubstr("over 2^29-1"));
}

TEST(TagIteratorTest, ATagOrLengthOfOverFiveBytesIsMalformed) {
  EXPECT_TRUE(Walk(Bytes({0x88, 0x80, 0x80, 0x80, 0, 7})).ok());
  EXPECT_FALSE(Walk(Bytes({0x88, 0x80, 0x80, 0x80, 0x80, 0, 7})).ok());
  EXPECT_TRUE(Walk(Bytes({10, 0x81, 0x80, 0x80, 0x80, 0, 'x'})).ok());
  EXPECT_FALSE(Walk(Bytes({10, 0x81, 0x80, 0x80, 0x80, 0x80, 0, 'x'})).ok());
}

TEST(TagIteratorTest, GroupsAndUnknownWireTypesAreMalformed) {
  for (const int type : {3, 4, 6, 7}) {
    const absl::Status status = Walk(Bytes({8 + type, 0, 0, 0, 0, 0, 0, 0, 0}));
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << type;
    EXPECT_THAT(status.message(), HasSubstr("wire type")) << type;
  }
}

TEST(TagIteratorTest, AFieldCutAnywhereIsMalformed) {
  std::string messages[4];
  MessageWriter(&messages[0]).Varint(1000, uint64_t{1} << 63);
  MessageWriter(&messages[1]).Fixed32(1000, 1);
  MessageWriter(&messages[2]).Fixed64(1000, 1);
  MessageWriter(&messages[3]).Bytes(1000, std::string(200, 'x'));
  for (const std::string& message : messages) {
    ASSERT_TRUE(Walk(message).ok());
    for (size_t size = 1; size < message.size(); ++size) {
      EXPECT_EQ(Walk(message.substr(0, size)).code(),
                absl::StatusCode::kInvalidArgument)
          << "cut to " << size << " bytes";
    }
  }
}

TEST(TagIteratorTest, ALengthNearTheGreatestNumberDoesNotWrapAround) {
  EXPECT_FALSE(Walk(Bytes({10, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 'x'})).ok());
  EXPECT_FALSE(Walk(Bytes({10, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                           0xFF, 0x01, 'x'}))
                   .ok());
}

TEST(TagIteratorTest, TheErrorNamesTheByteWhereTheMalformedFieldStarts) {
  const std::string message = Bytes({8, 1, 16, 2, 26, 9, 'x'});
  TagIterator tag(message);
  EXPECT_TRUE(tag.Next());
  EXPECT_TRUE(tag.Next());
  EXPECT_FALSE(tag.Next());
  EXPECT_FALSE(tag.ok());
  EXPECT_EQ(tag.begin(), 4u);
  EXPECT_EQ(tag.status(), absl::InvalidArgumentError(
                              "field at byte 4: a length that passes the end"));
}

}  // namespace
}  // namespace logboom
