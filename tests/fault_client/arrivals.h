#ifndef LOGBOOM_TESTS_FAULT_CLIENT_ARRIVALS_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_ARRIVALS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/fault/findings.h"
#include "tests/fault_client/logged_line.h"

namespace logboom {

// The logged lines that have arrived in a handler's file, in its order. Finds
// what was never logged, what is there twice, and what is not in its source's
// order; what is missing when it is told what must be there. Not thread-safe.
class Arrivals {
 public:
  explicit Arrivals(Findings* findings) : findings_(*findings) {}

  // Takes every line of a file.
  void ReadFile(const std::string& path);
  // Takes one line, without its line break.
  void Take(absl::string_view line, int64_t where);

  // Finds those of the source's lines 1 to `count` that did not arrive, and
  // those beyond that did.
  void ExpectAll(const LineSource& source, uint64_t count);
  // Finds whether it is missing.
  void Expect(const LoggedLine& line);

  int64_t lines() const { return lines_; }

 private:
  struct Stream {
    uint64_t last = 0;
    std::vector<bool> arrived;  // by number
  };

  bool HasArrived(const LoggedLine& line) const;

  Findings& findings_;
  std::map<LineSource, Stream> streams_;
  int64_t lines_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_ARRIVALS_H_
