#ifndef LOGBOOM_TESTS_FAULT_STREAM_CHECK_H_
#define LOGBOOM_TESTS_FAULT_STREAM_CHECK_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/fault/findings.h"
#include "tests/fault/known_record.h"

namespace logboom {

// The numbers that each source's records have come to, and an order of all.
struct StreamContents {
  std::map<RecordSource, uint64_t> last;  // greatest number, all below it there
  int64_t records = 0;
  uint64_t order = 0;  // of two equal streams it is equal
};

// Watches records go by and finds those that are missing, repeated or out of
// their source's order: each source's numbers must be 1, 2, 3, ... Not
// thread-safe.
class StreamCheck {
 public:
  // `place` names what is watched in the findings.
  StreamCheck(absl::string_view place, Findings* findings)
      : place_(place), findings_(*findings) {}

  // The next record, found at `where` (an offset, a byte).
  void Take(const KnownRecord& record, uint64_t where);
  // What is there is not what anybody sent.
  void TakeUnknown(absl::string_view what, uint64_t where);

  // From here on each source may begin again, once, at a number it had before,
  // until `bytes` have been passed by PassBytes.
  void AllowRepeats(int64_t bytes);
  void PassBytes(int64_t bytes) { allowed_bytes_ -= bytes; }
  int64_t allowed_repeats() const { return allowed_repeats_; }

  const StreamContents& contents() const { return contents_; }

  // Finds where this stream differs from `expected`.
  void CompareWith(const StreamContents& expected) const;

 private:
  struct Progress {
    uint64_t next = 1;
    int repeats_of = 0;  // the AllowRepeats that it has made use of
  };
  bool MayRepeat(const Progress& progress) const {
    return allowed_bytes_ > 0 && progress.repeats_of != repeats_;
  }
  void CountInOrder(const KnownRecord& record);

  const std::string place_;
  Findings& findings_;
  std::map<RecordSource, Progress> progress_;
  StreamContents contents_;
  int repeats_ = 0;  // calls of AllowRepeats
  int64_t allowed_bytes_ = 0;
  int64_t allowed_repeats_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_STREAM_CHECK_H_
