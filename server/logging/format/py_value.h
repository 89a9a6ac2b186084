#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_

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
  explicit PyValue(AnyValueView value);
  static PyValue Bool(bool value);
  static PyValue Int(int64_t value);
  static PyValue Float(double value);
  static PyValue Str(absl::string_view text);

  Kind kind() const { return kind_; }

  // Each is valid for the kinds named.
  int64_t int_value() const { return int_; }              // kBool, kInt
  double float_value() const { return float_; }           // kFloat
  absl::string_view text() const { return text_; }        // kStr, kBytes
  ArrayView list() const { return view_.array(); }        // kList
  MapView dict() const { return view_.map(); }            // kDict, kObject
  absl::string_view class_name() const { return text_; }  // kObject

  bool IsObject(absl::string_view class_name) const {
    return kind_ == Kind::kObject && text_ == class_name;
  }

  // A part of an object, by its key; nullopt when absent.
  std::optional<PyValue> Part(absl::string_view key) const;
  // The same, when it is of this kind; nullopt otherwise.
  std::optional<PyValue> Part(absl::string_view key, Kind kind) const;

  // Python's bool(): for containers, whether they hold anything.
  bool Truthy() const;

 private:
  Kind kind_ = Kind::kNone;
  int64_t int_ = 0;
  double float_ = 0;
  absl::string_view text_;
  AnyValueView view_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_PY_VALUE_H_
