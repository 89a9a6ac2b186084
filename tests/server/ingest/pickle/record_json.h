#ifndef LOGBOOM_TESTS_SERVER_INGEST_PICKLE_RECORD_JSON_H_
#define LOGBOOM_TESTS_SERVER_INGEST_PICKLE_RECORD_JSON_H_

#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/string_view.h"
#include "proto/wire/record_view.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// Values as JSON, in the form that tests/golden/pickles/generate.py describes:
// null, or a list of a kind and its content.
nlohmann::json ValueJson(const AnyValueView& value);

// A record as generate.py's record_of gives it: its fields where present, and
// its attributes by name.
nlohmann::json RecordJson(const RecordView& record);

// A pickled value, written on its own and read back.
nlohmann::json ValueJson(const PythonValue& value);

// LogRecord.__dict__ as it was before it became `record`, rebuilt by the rules
// of proto/FORMAT.md section 6.1: key to ValueJson. Keys that are not str are
// left out.
std::map<std::string, nlohmann::json> RebuildDict(const RecordView& record);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_INGEST_PICKLE_RECORD_JSON_H_
