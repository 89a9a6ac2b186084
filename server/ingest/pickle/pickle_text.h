#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_TEXT_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// The text arguments of pickle protocol 0 (CPython's pickletools.py describes
// each). Every function is false when the text is malformed, and takes time
// linear in the text. Results point into `text` or, when it had to be
// rewritten, into `*scratch`.

// The I and L opcodes: a decimal integer of any length. I writes bools as 01
// and 00, L may end in 'L'.
bool ParsePickleInt(absl::string_view text, PythonValue* value);
bool ParsePickleLong(absl::string_view text, PythonValue* value);

// The F opcode: repr() of a float, "inf" and "nan" included.
bool ParsePickleFloat(absl::string_view text, PythonValue* value);

// The S opcode: repr() of Python 2's str, quotes and escapes included.
bool ParsePickleString(absl::string_view text, std::string* scratch,
                       absl::string_view* result);

// The V opcode: the codec raw-unicode-escape, that is Latin-1 with \uXXXX and
// \UXXXXXXXX. The result is UTF-8; surrogate pairs are joined, lone ones kept
// as three bytes.
bool ParsePickleUnicode(absl::string_view text, std::string* scratch,
                        absl::string_view* result);

// `utf8` in Latin-1: how protocols 0 to 2 carry bytes. False when it has a code
// point beyond U+00FF.
bool Utf8ToLatin1(absl::string_view utf8, std::string* latin1);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_TEXT_H_
