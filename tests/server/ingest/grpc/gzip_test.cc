#include "server/ingest/grpc/gzip.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/proto/wire/exact_copy.h"
#include "tests/testing/gzip_bytes.h"

namespace logboom {
namespace {

using testing::ExactCopy;
using testing::Gzip;
using testing::GzipBomb;
using ::testing::HasSubstr;

absl::StatusCode CodeOf(absl::string_view bytes, size_t limit = 1000) {
  return InflateGzip(bytes, limit).status().code();
}

TEST(GzipTest, IsKnownByItsFirstTwoBytes) {
  EXPECT_TRUE(IsGzip(Gzip("text")));
  EXPECT_FALSE(IsGzip(""));
  EXPECT_FALSE(IsGzip("\x1f"));
  EXPECT_FALSE(IsGzip("\x0a\x8b"));
}

TEST(GzipTest, GivesBackWhatWasCompressed) {
  for (const size_t size : {0, 1, 100, 999, 1000}) {
    std::string text;
    for (size_t i = 0; i < size; ++i) text.push_back(static_cast<char>(i * i));
    EXPECT_EQ(*InflateGzip(Gzip(text), 1000), text) << size;
  }
}

TEST(GzipTest, RefusesMoreThanTheLimit) {
  const absl::Status status =
      InflateGzip(Gzip(std::string(1001, 'a')), 1000).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("more than 1000 bytes"));
  EXPECT_EQ(CodeOf(GzipBomb(8)), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(InflateGzip(GzipBomb(8), size_t{8} << 20)->size(), size_t{8} << 20);
}

// Goal: a stream cut anywhere is refused as damaged, whatever the bytes that
// then stand where its size was.
TEST(GzipTest, RefusesAStreamCutAnywhere) {
  const std::string whole = Gzip("some text, and some text");
  for (size_t cut = 0; cut < whole.size(); ++cut) {
    const ExactCopy piece(absl::string_view(whole).substr(0, cut));
    EXPECT_EQ(CodeOf(piece.view()), absl::StatusCode::kInvalidArgument)
        << "cut after byte " << cut;
  }
}

TEST(GzipTest, RefusesWhatFollowsTheStream) {
  const std::string whole = Gzip("text");
  for (const std::string& more :
       {std::string("x"), std::string("\x1f"), whole.substr(0, 10),
        whole.substr(0, whole.size() - 1), whole + "x"}) {
    EXPECT_EQ(CodeOf(whole + more), absl::StatusCode::kInvalidArgument);
  }
}

// RFC 1952, section 2.2. Sizes grow and shrink, because only the last member's
// is known before.
TEST(GzipTest, GivesBackMembersInARow) {
  const std::string large(30'000, 'l');
  for (const std::vector<std::string>& members :
       std::vector<std::vector<std::string>>{{"a", "b"},
                                             {"", "a", ""},
                                             {large, "a", large + large},
                                             {large, ""}}) {
    std::string bytes;
    std::string text;
    for (const std::string& member : members) {
      bytes += Gzip(member);
      text += member;
    }
    const ExactCopy copy(bytes);
    EXPECT_EQ(*InflateGzip(copy.view(), text.size()), text);
    EXPECT_EQ(CodeOf(bytes, text.size() - 1),
              absl::StatusCode::kResourceExhausted);
  }
}

TEST(GzipTest, TheLimitIsOnAllMembersTogether) {
  std::string bombs;
  for (int i = 0; i < 8; ++i) bombs += GzipBomb(1);
  EXPECT_EQ(CodeOf(bombs, (size_t{8} << 20) - 1),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(InflateGzip(bombs, size_t{8} << 20)->size(), size_t{8} << 20);
}

TEST(GzipTest, RefusesAWrongChecksumOrSize) {
  const std::string whole = Gzip("some text");
  for (size_t back = 1; back <= 8; ++back) {
    for (const char change : {1, -1}) {
      std::string damaged = whole;
      damaged[damaged.size() - back] =
          static_cast<char>(damaged[damaged.size() - back] + change);
      EXPECT_FALSE(InflateGzip(damaged, 1000).ok()) << back;
    }
  }
}

// Goal: no damage gives other bytes than those that were compressed, nor reads
// or writes beyond its memory. Method: every byte changed to every value.
TEST(GzipTest, RefusesDamageOrIsNotHurtByIt) {
  const std::string text = "some text, and some text";
  const std::string whole = Gzip(text);
  for (size_t at = 0; at < whole.size(); ++at) {
    for (int value = 0; value < 256; ++value) {
      std::string damaged = whole;
      damaged[at] = static_cast<char>(value);
      const ExactCopy copy(damaged);
      const absl::StatusOr<std::string> inflated =
          InflateGzip(copy.view(), 1000);
      if (inflated.ok()) {
        EXPECT_EQ(*inflated, text) << at << " " << value;
      }
    }
  }
}

}  // namespace
}  // namespace logboom
