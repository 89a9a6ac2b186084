#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/flat_dict_reader.h"
#include "server/ingest/pickle/pickle_machine.h"
#include "server/ingest/pickle/python_items.h"
#include "server/ingest/pickle/python_record_writer.h"
#include "server/ingest/pickle/python_value_writer.h"
#include "server/ingest/pickle/unpickler.h"

namespace logboom {

struct PythonRecordOptions {
  // The logger every record goes to; '' leaves each its own (configuration:
  // tcp.logger).
  std::string logger;
  UnpicklerLimits unpickler;
  PythonValueLimits values;
};

// Turns what logging.handlers.SocketHandler sends, a pickled
// LogRecord.__dict__, into an encoded LogRecord. Nothing of the dict is lost,
// and nothing in it is run: proto/FORMAT.md section 6.
//
// Not thread-safe; one object takes frame after frame and reuses its memory.
class PythonRecordDecoder {
 public:
  explicit PythonRecordDecoder(PythonRecordOptions options);

  // Appends one encoded LogRecord to `record`, which stays as it was on error.
  // Errors: INVALID_ARGUMENT, no pickle of a record; RESOURCE_EXHAUSTED, beyond
  // a limit. Both cost this frame only.
  absl::Status Decode(absl::string_view pickle, std::string* record);

  // The same, byte for byte, without the short cut that Decode tries first: a
  // usual record's way takes two fifths of the time of this one (piece_bench:
  // Unpickle 643 -> 255 ns).
  absl::Status DecodeAny(absl::string_view pickle, std::string* record);

 private:
  FlatDictReader flat_dicts_;
  Unpickler unpickler_;
  PythonItems items_;
  PythonRecordWriter writer_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_RECORD_H_
