// Goal: times and durations are the same on both sides, to the nanosecond,
// before 1970 too.

#include "base/proto_time.h"

#include <gtest/gtest.h>

namespace logboom {
namespace {

TEST(ProtoTimeTest, DurationsComeBackAsTheyWere) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Nanoseconds(1), absl::Milliseconds(1'500),
        absl::Hours(24 * 365 * 100), -absl::Milliseconds(1'500)}) {
    google::protobuf::Duration proto;
    SetProtoDuration(duration, &proto);
    EXPECT_EQ(FromProtoDuration(proto), duration);
  }
}

TEST(ProtoTimeTest, TimesHaveNanosecondsFromZeroUp) {
  google::protobuf::Timestamp proto;
  SetProtoTime(absl::FromUnixNanos(1'700'000'000'123'456'789), &proto);
  EXPECT_EQ(proto.seconds(), 1'700'000'000);
  EXPECT_EQ(proto.nanos(), 123'456'789);
  SetProtoTime(absl::FromUnixNanos(-1), &proto);
  EXPECT_EQ(proto.seconds(), -1);
  EXPECT_EQ(proto.nanos(), 999'999'999);
  EXPECT_EQ(FromProtoTime(proto), absl::FromUnixNanos(-1));
}

}  // namespace
}  // namespace logboom
