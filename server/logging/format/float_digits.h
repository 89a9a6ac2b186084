#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_FLOAT_DIGITS_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_FLOAT_DIGITS_H_

#include <string>

namespace logboom {

// The digits of a finite double that is not negative, rounded exactly as
// PyOS_double_to_string of CPython 3.11 rounds them.

// As C's printf has it: `conversion` is one of e E f F g G, `alternate` its #.
std::string FloatDigits(char conversion, int precision, bool alternate,
                        double magnitude);

// What format() makes of a precision without a type: as 'g', but with a digit
// behind the point, for which it leaves the fixed form one power of ten sooner.
std::string FloatDigitsWithPoint(int precision, bool alternate,
                                 double magnitude);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_FLOAT_DIGITS_H_
