#ifndef LOGBOOM_CLIENT_CALL_SITE_H_
#define LOGBOOM_CLIENT_CALL_SITE_H_

#include <cstdint>
#include <source_location>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// A function's qualified name (OpenTelemetry's code.function.name) out of what
// std::source_location::function_name() says, of GCC or Clang: without return
// type, arguments, template arguments and qualifiers. Of
//
//   static std::vector<int> shop::Cart<T>::Items(int) const [with T = int]
//
// it is shop::Cart::Items.
std::string FunctionName(absl::string_view signature);

// The attributes of a LogRecord that say where in the source, encoded:
// code.file.path, code.line.number, code.function.name. What is empty, or 0, is
// left out.
std::string EncodeCallSite(absl::string_view file, uint32_t line,
                           absl::string_view function);

// The same for the place of a logging call, kept for the program's life: made
// at its first call, and found again by the addresses of the two texts.
// Thread-safe; may throw std::bad_alloc at the first call.
absl::string_view EncodedCallSite(const std::source_location& where);

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_CALL_SITE_H_
