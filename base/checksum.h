#ifndef LOGBOOM_BASE_CHECKSUM_H_
#define LOGBOOM_BASE_CHECKSUM_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace logboom {

// XXH3, 64 bits: what everything on disk is checked with. Same bytes and seed,
// same checksum, on any machine. Pure, thread-safe.
uint64_t Checksum(absl::string_view bytes, uint64_t seed = 0);

// The checksum of the pieces' bytes one behind the other.
uint64_t Checksum(absl::Span<const absl::string_view> pieces, uint64_t seed);

}  // namespace logboom

#endif  // LOGBOOM_BASE_CHECKSUM_H_
