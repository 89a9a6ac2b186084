#ifndef LOGBOOM_TESTS_FUZZ_FUZZ_CHECKS_H_
#define LOGBOOM_TESTS_FUZZ_FUZZ_CHECKS_H_

#include <cstdlib>

#include "absl/strings/string_view.h"

namespace logboom {

// What the fuzz targets have in common: how they tell libFuzzer of a finding.

inline void Require(bool condition) {
  if (!condition) std::abort();
}

// Reads every byte, so that AddressSanitizer sees one that is not there.
inline void Touch(absl::string_view bytes) {
  volatile unsigned char sink = 0;
  for (const char byte : bytes) sink = static_cast<unsigned char>(byte);
  static_cast<void>(sink);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FUZZ_FUZZ_CHECKS_H_
