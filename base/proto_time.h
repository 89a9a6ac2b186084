#ifndef LOGBOOM_BASE_PROTO_TIME_H_
#define LOGBOOM_BASE_PROTO_TIME_H_

#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/time/time.h"

namespace logboom {

// absl's times and protobuf's. Finite ones only; to the nanosecond.
void SetProtoDuration(absl::Duration duration, google::protobuf::Duration* out);
void SetProtoTime(absl::Time time, google::protobuf::Timestamp* out);
absl::Duration FromProtoDuration(const google::protobuf::Duration& duration);
absl::Time FromProtoTime(const google::protobuf::Timestamp& time);

}  // namespace logboom

#endif  // LOGBOOM_BASE_PROTO_TIME_H_
