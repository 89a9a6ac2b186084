#ifndef LOGBOOM_TESTS_FAULT_FINDINGS_H_
#define LOGBOOM_TESTS_FAULT_FINDINGS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"

namespace logboom {

// What a run found that should not be. A run goes on after a finding: how much
// is wrong, and where, says more than the first line. Thread-safe.
class Findings {
 public:
  // `what` names the broken rule and where it was broken; `example` is one case
  // of it. All are counted; the first few examples of each `what` are kept.
  void Add(absl::string_view what, absl::string_view example)
      ABSL_LOCKS_EXCLUDED(mu_);

  bool empty() const ABSL_LOCKS_EXCLUDED(mu_);
  // How often `what` was added.
  int64_t count(absl::string_view what) const ABSL_LOCKS_EXCLUDED(mu_);
  // Lines to print: each `what` with its count, its examples below.
  std::string ToString() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Cases {
    int64_t count = 0;
    std::vector<std::string> examples;
  };
  mutable Mutex mu_;
  std::map<std::string, Cases, std::less<>> cases_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_FINDINGS_H_
