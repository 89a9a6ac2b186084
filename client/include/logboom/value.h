#ifndef LOGBOOM_VALUE_H_
#define LOGBOOM_VALUE_H_

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace logboom {

struct Attribute;

// Text of any library: std::string, std::string_view, absl::string_view, ...
template <typename T>
concept TextLike = requires(const T& text) {
  { text.data() } -> std::convertible_to<const char*>;
  { text.size() } -> std::convertible_to<size_t>;
};

// The value of an attribute: one of OpenTelemetry's kinds. Points to the text,
// bytes or elements it was made of, which must live as long as it does; as an
// argument of a logging call that is so by itself, and nothing is allocated.
class Value {
 public:
  // kUint holds what does not fit kInt.
  enum class Kind : uint8_t {
    kNone,
    kBool,
    kInt,
    kUint,
    kDouble,
    kString,
    kBytes,
    kArray,
    kMap
  };

  constexpr Value() = default;
  constexpr Value(std::nullptr_t) {}
  constexpr Value(std::same_as<bool> auto value)
      : kind_(Kind::kBool), int_(value) {}
  constexpr Value(std::signed_integral auto value)
      : kind_(Kind::kInt), int_(value) {}
  template <std::unsigned_integral T>
    requires(!std::same_as<T, bool>)
  constexpr Value(T value)
      : kind_(uint64_t{value} > uint64_t{INT64_MAX} ? Kind::kUint : Kind::kInt),
        int_(static_cast<int64_t>(value)) {}
  constexpr Value(std::floating_point auto value)
      : kind_(Kind::kDouble), double_(static_cast<double>(value)) {}
  // Null is kNone.
  constexpr Value(const char* text)
      : Value(text == nullptr ? Value() : Value(std::string_view(text))) {}
  constexpr Value(const TextLike auto& text)
      : Value(Kind::kString, text.data(), text.size()) {}

  static constexpr Value Bytes(std::string_view bytes) {
    return Value(Kind::kBytes, bytes.data(), bytes.size());
  }
  // {{"ids", Value::Array({1, 2, 3})}}
  static constexpr Value Array(std::initializer_list<Value> values) {
    return Value(Kind::kArray, values.begin(), values.size());
  }
  static constexpr Value Array(std::span<const Value> values) {
    return Value(Kind::kArray, values.data(), values.size());
  }
  // {{"size", Value::Map({{"width", 3}, {"height", 4}})}}
  static constexpr Value Map(std::initializer_list<Attribute> pairs);
  static constexpr Value Map(std::span<const Attribute> pairs);

  constexpr Kind kind() const { return kind_; }
  // Each is valid for its own kind only.
  constexpr bool bool_value() const { return int_ != 0; }
  constexpr int64_t int_value() const { return int_; }
  constexpr uint64_t uint_value() const { return static_cast<uint64_t>(int_); }
  constexpr double double_value() const { return double_; }
  // Of kString and kBytes.
  std::string_view text() const {
    return {static_cast<const char*>(data_), size_};
  }
  std::span<const Value> array() const {
    return {static_cast<const Value*>(data_), size_};
  }
  inline std::span<const Attribute> map() const;

 private:
  constexpr Value(Kind kind, const void* data, size_t size)
      : kind_(kind), size_(size), data_(data) {}

  Kind kind_ = Kind::kNone;
  size_t size_ = 0;  // of what data_ points to
  union {
    int64_t int_ = 0;
    double double_;
    const void* data_;
  };
};

// A named value of a record. OpenTelemetry's semantic conventions have names
// for many things ("http.request.method"); others are the program's own.
struct Attribute {
  std::string_view key;
  Value value;
};

constexpr Value Value::Map(std::initializer_list<Attribute> pairs) {
  return Value(Kind::kMap, pairs.begin(), pairs.size());
}
constexpr Value Value::Map(std::span<const Attribute> pairs) {
  return Value(Kind::kMap, pairs.data(), pairs.size());
}
inline std::span<const Attribute> Value::map() const {
  return {static_cast<const Attribute*>(data_), size_};
}

}  // namespace logboom

#endif  // LOGBOOM_VALUE_H_
