#ifndef LOGBOOM_TESTS_FAULT_OUTPUT_CHECK_H_
#define LOGBOOM_TESTS_FAULT_OUTPUT_CHECK_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "tests/fault/findings.h"
#include "tests/fault/stream_check.h"

namespace logboom {

// A line that somebody else appended to a handler's file. Plain data.
struct HandLine {
  std::string text;          // without its line break
  bool server_dead = false;  // when it was written
};

// The text of hand line `number`, with so many bytes of filler. It is found
// behind whatever a handler was writing, for no record has capitals.
std::string HandLineText(size_t number, size_t filler_bytes);

// A handler's file, as it should be.
struct ExpectedOutput {
  std::string path;
  int64_t begin = 0;                      // where the handler's text begins
  absl::Span<const HandLine> hand_lines;  // in the order they were written
};

struct OutputReport {
  StreamContents contents;
  int64_t torn_lines = 0;  // a hand line stands behind a part of a record
  // Records that stand twice because a line was appended by hand to a file
  // whose server had died in the middle of a write.
  int64_t repeated_records = 0;
};

// Reads a handler's file and finds: records missing, repeated, not in their
// source's order, or not as they were sent; anything by which it differs from
// `contents`; hand lines that are not there.
//
// A line appended while the server was dead may cover the end of a torn write,
// so that nobody can tell any more which records of it had been written: behind
// such a line, and only there, the records of one write may stand again.
OutputReport CheckOutput(absl::string_view place,
                         const ExpectedOutput& expected,
                         const StreamContents& contents, Findings* findings);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_OUTPUT_CHECK_H_
