#ifndef LOGBOOM_TESTS_BENCH_COMMIT_GROUPS_H_
#define LOGBOOM_TESTS_BENCH_COMMIT_GROUPS_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"

namespace logboom {

// How many groups a journal was written in: one write and one sync each.
struct CommitGroups {
  int64_t groups = 0;
  int64_t records = 0;
  int64_t bytes = 0;

  double mean_bytes() const { return PerGroup(bytes); }
  double mean_records() const { return PerGroup(records); }

 private:
  double PerGroup(int64_t all) const {
    return groups == 0 ? 0
                       : static_cast<double>(all) / static_cast<double>(groups);
  }
};

// By the entries with records: those of one group have one synced end. The
// folder may be in use.
absl::StatusOr<CommitGroups> ReadCommitGroups(const std::string& folder);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_COMMIT_GROUPS_H_
