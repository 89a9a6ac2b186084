#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_UNICODE_PRINTABLE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_UNICODE_PRINTABLE_H_

namespace logboom {

// str.isprintable() of CPython 3.11 (Unicode 14) for one code point: what
// repr() prints as it is.
bool IsPrintable(char32_t code_point);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_UNICODE_PRINTABLE_H_
