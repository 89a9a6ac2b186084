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
  // Whole segments are deleted from the old end past either. Accepted and
  // validated; nothing is deleted yet.
  int64_t retain_bytes = int64_t{10} << 30;
  absl::Duration retain_age = absl::Hours(7 * 24);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_JOURNAL_OPTIONS_H_
