#include "base/checksum.h"

#include <xxhash.h>

#include <algorithm>
#include <memory>

// Where the library has them, its functions for the vectors that this processor
// has take the place of the plain ones.
#if defined(__x86_64__) && __has_include(<xxh_x86dispatch.h>)
#include <xxh_x86dispatch.h>
#endif

namespace logboom {
namespace {

// The library allocates it, whose releases differ in its size.
struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};
using State = std::unique_ptr<XXH3_state_t, FreeState>;

}  // namespace

uint64_t Checksum(absl::string_view bytes, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

uint64_t Checksum(absl::Span<const absl::string_view> pieces, uint64_t seed) {
  const auto has_bytes = [](absl::string_view piece) { return !piece.empty(); };
  const auto first = std::find_if(pieces.begin(), pieces.end(), has_bytes);
  if (first == pieces.end()) return Checksum("", seed);
  if (std::none_of(first + 1, pieces.end(), has_bytes)) {
    return Checksum(*first, seed);
  }
  const State state(XXH3_createState());
  XXH3_64bits_reset_withSeed(state.get(), seed);
  for (auto piece = first; piece != pieces.end(); ++piece) {
    XXH3_64bits_update(state.get(), piece->data(), piece->size());
  }
  return XXH3_64bits_digest(state.get());
}

}  // namespace logboom
