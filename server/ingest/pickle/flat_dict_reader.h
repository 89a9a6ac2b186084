#ifndef LOGBOOM_SERVER_INGEST_PICKLE_FLAT_DICT_READER_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_FLAT_DICT_READER_H_

#include <array>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "server/ingest/pickle/pickle_stack.h"
#include "server/ingest/pickle/python_items.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// Reads the pickle that nearly every record comes as: one dict, set in one go,
// of plain values and strings repeated by the memo, in protocol 1 or later. It
// is a short cut past PickleMachine and its stack.
//
// Not thread-safe.
class FlatDictReader {
 public:
  explicit FlatDictReader(const UnpicklerLimits& limits)
      : max_items_(limits.max_items) {}

  // Sets `items` to what Unpickler would read; they point into `pickle`. False
  // when it is any other pickle, malformed or beyond a limit: then `items` are
  // of no use, and Unpickler has the answer.
  bool Read(absl::string_view pickle, PythonItems* items);

 private:
  const int64_t max_items_;
  std::array<PythonValue, 256> memo_;  // scratch
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_FLAT_DICT_READER_H_
