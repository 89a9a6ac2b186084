#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_TEXT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/logging/format/py_value.h"

namespace logboom {

// str(), repr() and ascii() of CPython 3.11, for the values of
// proto/FORMAT.md, § 6.4. An object of a class that is not listed there, or
// whose parts are not as listed, prints as data:
// <module.Class args=(1, 'x') state={'k': None}>.
//
// Bytes that are not UTF-8 stay as they are in str() (whoever writes the text
// out escapes them); in repr() and ascii() they are escaped: lone surrogates as
// \udc80, others as \xff.

void AppendStr(const PyValue& value, std::string* out);
void AppendRepr(const PyValue& value, std::string* out);
void AppendAscii(const PyValue& value, std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_TEXT_H_
