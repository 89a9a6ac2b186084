#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_BATCH_NUMBERS_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_BATCH_NUMBERS_H_

#include <cstdint>

#include "absl/status/statusor.h"

namespace logboom {

// The numbers that the acks of one stream say: a session's sequences, in the
// order its batches come, or 1, 2, 3, ... where there is no session. Tells
// duplicates and gaps. Not thread-safe.
class BatchNumbers {
 public:
  // From now on they are the sequences of a session whose last one taken, on
  // whatever stream, is `last`; 0: none is known.
  void Resume(uint64_t last) {
    session_ = true;
    last_ = last;
  }

  struct Number {
    uint64_t value = 0;
    bool duplicate = false;  // taken before
    uint64_t skipped = 0;    // numbers missing right before it
  };

  // The number of the next batch, which says `sequence`; 0: it says none.
  // Errors: INVALID_ARGUMENT, a session's batch must say one.
  absl::StatusOr<Number> Take(uint64_t sequence);

 private:
  bool session_ = false;
  uint64_t last_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_BATCH_NUMBERS_H_
