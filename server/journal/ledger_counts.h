#ifndef LOGBOOM_SERVER_JOURNAL_LEDGER_COUNTS_H_
#define LOGBOOM_SERVER_JOURNAL_LEDGER_COUNTS_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Counts by name, as a LedgerDelta keeps them on disk
// (proto/logboom/v1/journal.proto). Names of other versions are kept. Not
// thread-safe.
class LedgerCounts {
 public:
  void Add(absl::string_view name, uint64_t count);
  void Add(const LedgerCounts& other);
  // 0: never added.
  uint64_t count(absl::string_view name) const;
  // Of all names together.
  uint64_t sum() const;
  bool empty() const { return counts_.empty(); }
  const std::map<std::string, uint64_t, std::less<>>& by_name() const {
    return counts_;
  }

  // An encoded LedgerDelta; two of them, one behind the other, are one with the
  // sums.
  std::string Encode() const;
  // Errors: DATA_LOSS, not a LedgerDelta.
  static absl::StatusOr<LedgerCounts> Decode(absl::string_view encoded);

  // "frame_cut 1, frame_too_large 3"; "none".
  std::string ToString() const;

 private:
  std::map<std::string, uint64_t, std::less<>> counts_;  // none is 0
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_LEDGER_COUNTS_H_
