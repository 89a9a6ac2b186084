#include "server/ingest/publish/batch_numbers.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace logboom {

absl::StatusOr<BatchNumbers::Number> BatchNumbers::Take(uint64_t sequence) {
  if (!session_) return Number{.value = ++last_};
  if (sequence == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("a batch without a readable sequence, after ", last_));
  }
  if (sequence <= last_) return Number{.value = sequence, .duplicate = true};
  const uint64_t before = std::exchange(last_, sequence);
  // Before a producer's first batch nothing is known to be missing: it may have
  // been forgotten.
  return Number{.value = sequence,
                .skipped = before == 0 ? 0 : sequence - before - 1};
}

}  // namespace logboom
