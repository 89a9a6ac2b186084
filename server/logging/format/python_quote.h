#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_QUOTE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_QUOTE_H_

#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// repr(str): quotes, and escapes for what is not printable. See python_text.h
// for bytes that are not UTF-8.
void AppendStrRepr(absl::string_view text, std::string* out);

// repr(bytes): b'...'.
void AppendBytesRepr(absl::string_view bytes, std::string* out);

// repr(bytearray): bytearray(b'...'), which escapes every single quote.
void AppendBytearrayRepr(absl::string_view bytes, std::string* out);

// Appends `text` with everything above ASCII escaped, as ascii() does with what
// repr() gave.
void AppendEscapedAboveAscii(absl::string_view text, std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PYTHON_QUOTE_H_
