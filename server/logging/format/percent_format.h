#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_FORMAT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_FORMAT_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace logboom {

// Python's %-formats (Objects/unicodeobject.c of CPython 3.11,
// unicode_format_arg_parse): "%(key)-8.3s".

// What stands between the key and the conversion, and the conversion.
struct PercentSpec {
  bool left = false;       // -
  bool sign = false;       // +
  bool blank = false;      // space
  bool alternate = false;  // #
  bool zero = false;       // 0
  int width = -1;          // characters; -1: none
  int precision = -1;      // characters, digits or decimals; -1: none
  char conversion = 's';   // one of d i o u x X e E f F g G c r s a (u is d)
};

// Wider fields and longer precisions are refused, where Python has no bound but
// memory.
inline constexpr int kMaxPercentWidth = 10000;

// Cuts a format into literals and fields:
//
//   PercentParser parser(format);
//   while (parser.Next()) {
//     if (parser.is_field()) ... else use(parser.text());
//   }
//   if (!parser.ok()) return parser.status();
//
// Everything it returns points into the format.
class PercentParser {
 public:
  explicit PercentParser(absl::string_view format) : format_(format) {}

  // Steps to the next piece. False at the end, or for good at the first error.
  bool Next();

  bool ok() const { return error_.empty(); }
  // INVALID_ARGUMENT: what is wrong, and at which character, counted from 0 as
  // Python does.
  absl::Status status() const;

  bool is_field() const { return is_field_; }
  // The literal ("%%" gives "%"), or the field as written.
  absl::string_view text() const { return text_; }
  // Where the piece starts, in characters.
  size_t position() const;

  // Of a field.
  bool has_key() const { return has_key_; }
  absl::string_view key() const { return key_; }
  const PercentSpec& spec() const { return spec_; }
  // A `*` stands where the number should: the number is an argument.
  bool star_width() const { return star_width_; }
  bool star_precision() const { return star_precision_; }

 private:
  bool Literal(size_t end);
  bool Field();
  bool ParseKey();
  void ParseFlags();
  bool ParseNumber(absl::string_view what, int* number, bool* star);
  bool ParseConversion();
  bool Fail(std::string error);
  bool AtEnd() const { return at_ == format_.size(); }

  const absl::string_view format_;
  size_t at_ = 0;     // bytes
  size_t begin_ = 0;  // of the current piece
  std::string error_;
  bool is_field_ = false;
  absl::string_view text_;
  bool has_key_ = false;
  absl::string_view key_;
  PercentSpec spec_;
  bool star_width_ = false;
  bool star_precision_ = false;
};

// Whether logging.PercentStyle.validate accepts the format: somewhere in it
// stands %(word)… with a conversion. Letters outside ASCII all count as word
// characters.
bool HasPercentField(absl::string_view format);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PERCENT_FORMAT_H_
