#ifndef LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_GOLDEN_CASES_H_
#define LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_GOLDEN_CASES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "proto/wire/record_view.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// tests/golden/format/cases.json: what CPython 3.11 itself prints. generate.py
// beside it says how each group and value is written.
const nlohmann::json& GoldenCases(absl::string_view group);

// A value of the golden file, encoded as an AnyValue; owns the bytes.
class GoldenValue {
 public:
  explicit GoldenValue(const nlohmann::json& json);
  PyValue value() const { return PyValue(AnyValueView(encoded_)); }

 private:
  std::string encoded_;
};

// A record of the golden file as an encoded LogRecord.
std::string GoldenRecord(const nlohmann::json& json);

// Makes `name` the local time zone until the end of the scope.
class ScopedTimeZone {
 public:
  explicit ScopedTimeZone(const std::string& name);
  ~ScopedTimeZone();
  ScopedTimeZone(const ScopedTimeZone&) = delete;
  ScopedTimeZone& operator=(const ScopedTimeZone&) = delete;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_LOGGING_FORMAT_GOLDEN_CASES_H_
