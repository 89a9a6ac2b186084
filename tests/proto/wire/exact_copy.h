#ifndef LOGBOOM_TESTS_PROTO_WIRE_EXACT_COPY_H_
#define LOGBOOM_TESTS_PROTO_WIRE_EXACT_COPY_H_

#include <cstddef>
#include <cstring>
#include <memory>

#include "absl/strings/string_view.h"

namespace logboom::testing {

// Bytes in a heap block of exactly their size, so that AddressSanitizer sees a
// read one byte past the end (a std::string has a NUL and spare room there).
class ExactCopy {
 public:
  explicit ExactCopy(absl::string_view bytes)
      : size_(bytes.size()), data_(new char[bytes.size()]) {
    if (size_ > 0) std::memcpy(data_.get(), bytes.data(), size_);
  }

  absl::string_view view() const { return {data_.get(), size_}; }

 private:
  const size_t size_;
  const std::unique_ptr<char[]> data_;
};

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_PROTO_WIRE_EXACT_COPY_H_
