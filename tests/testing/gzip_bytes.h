#ifndef LOGBOOM_TESTS_TESTING_GZIP_BYTES_H_
#define LOGBOOM_TESTS_TESTING_GZIP_BYTES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom::testing {

// `bytes` as one gzip stream.
std::string Gzip(absl::string_view bytes);

// A gzip stream of so many MiB of zeros, about a thousandth as large; whole and
// true to its last byte.
std::string GzipBomb(uint32_t mebibytes);

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_TESTING_GZIP_BYTES_H_
