#ifndef LOGBOOM_SERVER_CONTROL_PRODUCER_DESCRIPTION_H_
#define LOGBOOM_SERVER_CONTROL_PRODUCER_DESCRIPTION_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// What a producer says of itself in its Resource (OTel's semantic conventions),
// as it came, but at most kMaxBytes of each. Empty or 0: nothing.
struct ProducerDescription {
  static constexpr size_t kMaxBytes = 256;

  std::string service;   // service.name
  std::string instance;  // service.instance.id
  std::string host;      // host.name
  int64_t pid = 0;       // process.pid
};

// Pure.
ProducerDescription DescribeProducer(absl::string_view resource);

// Its service.name alone, in full; points into `resource`.
absl::string_view ServiceOf(absl::string_view resource);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_PRODUCER_DESCRIPTION_H_
