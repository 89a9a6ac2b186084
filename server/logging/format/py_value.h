#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_

#include <bit>
#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "proto/wire/record_view.h"

namespace logboom {

// A value as Python would have it: an AnyValue read by the table of
// proto/FORMAT.md, § 6.4, or a number or text of our own. A map with a
// `__py__` is an object of the class it names.
//
// Copies nothing: what it was made from must outlive it.
class PyValue {
 public:
  enum class Kind {
    kNone,
    kBool,
    kInt,
    kFloat,
    kStr,  // UTF-8 by intention only
    kBytes,
    kList,
    kDict,  // all keys are str
    kObject,
  };

  PyValue() = default;  // None
  explicit PyValue(const AnyValueView& value);
  static PyValue Bool(bool value) { return PyValue(Kind::kBool, value); }
  static PyValue Int(int64_t value) {
    return PyValue(Kind::kInt, static_cast<uint64_t>(value));
  }
  static PyValue Float(double value) {
    return PyValue(Kind::kFloat, std::bit_cast<uint64_t>(value));
  }
  static PyValue Str(absl::string_view text) {
    return PyValue(Kind::kStr, 0, text);
  }

  Kind kind() const { return kind_; }

  // Each is valid for the kinds named.
  int64_t int_value() const {  // kBool, kInt
    return static_cast<int64_t>(number_);
  }
  double float_value() const { return std::bit_cast<double>(number_); }
  absl::string_view text() const { return bytes_; }     // kStr, kBytes
  ArrayView list() const { return ArrayView(bytes_); }  // kList
  MapView dict() const { return MapView(bytes_, 1); }   // kDict, kObject
  absl::string_view class_name() const;                 // kObject

  bool IsObject(absl::string_view class_name) const {
    return kind_ == Kind::kObject && this->class_name() == class_name;
  }

  // A part of an object, by its key; nullopt when absent.
  std::optional<PyValue> Part(absl::string_view key) const;
  // The same, when it is of this kind; nullopt otherwise.
  std::optional<PyValue> Part(absl::string_view key, Kind kind) const;

  // Python's bool(): for containers, whether they hold anything.
  bool Truthy() const;

 private:
  PyValue(Kind kind, uint64_t number, absl::string_view bytes = {})
      : kind_(kind), number_(number), bytes_(bytes) {}

  Kind kind_ = Kind::kNone;
  uint64_t number_ = 0;      // a float's bits, too
  absl::string_view bytes_;  // text, or an encoded container
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_
