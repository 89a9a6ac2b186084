#ifndef LOGBOOM_SERVER_JOURNAL_JOURNAL_OPTIONS_H_
#define LOGBOOM_SERVER_JOURNAL_JOURNAL_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace logboom {

struct JournalOptions {
  // The folder; created when it is missing.
  std::string path = "./logboom-data";
  // A segment is allocated at this size and rolled when an entry does not fit.
  // At least 1 MiB. A larger entry gets a segment of its own.
  int64_t segment_bytes = int64_t{128} << 20;
  // Whole segments are deleted from the old end past either, once every
  // handler's cursor has passed them.
  int64_t retain_bytes = int64_t{10} << 30;
  absl::Duration retain_age = absl::Hours(7 * 24);
  // Past this they are deleted in any case, and what a handler had not passed
  // is counted as lost for it. 0: twice retain_bytes.
  int64_t max_bytes = 0;
  // Producers not heard of for so long are forgotten: a batch that one sends
  // again after that is stored again.
  absl::Duration forget_producers = absl::Hours(7 * 24);

  int64_t effective_max_bytes() const {
    return max_bytes > 0 ? max_bytes : 2 * retain_bytes;
  }
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_OPTIONS_H_
