#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_H_

#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace logboom {

class PythonContainer;
struct PythonObject;

// One value of a pickle, as plain data: a 16-byte handle, copied freely, into
// the pickle's bytes and the Unpickler's arena. It lives as long as they do.
// Containers are shared by their handles, and may contain themselves.
class PythonValue {
 public:
  enum class Kind : uint8_t {
    kAbsent,  // no value at all: an object's missing state
    kNone,
    kBool,
    kInt,         // of 64 bits
    kDecimalInt,  // beyond: text is its decimal digits, with sign
    kBinaryInt,   // beyond: text is two's complement, little-endian
    kDouble,
    kString,     // text: as pickled; UTF-8 unless the sender lied
    kBytes,      // text
    kByteArray,  // text
    kGlobal,     // a class or function; text is "module.Name"
    kList,       // container
    kTuple,      // container
    kSet,        // container
    kFrozenSet,  // container
    kDict,       // container: key, value, key, value...
    kObject,     // object
  };

  PythonValue() = default;
  static PythonValue None() { return PythonValue(Kind::kNone, 0, 0); }
  static PythonValue Bool(bool value) {
    return PythonValue(Kind::kBool, 0, value ? 1 : 0);
  }
  static PythonValue Int(int64_t value) {
    return PythonValue(Kind::kInt, 0, static_cast<uint64_t>(value));
  }
  static PythonValue Double(double value) {
    return PythonValue(Kind::kDouble, 0, std::bit_cast<uint64_t>(value));
  }
  // `kind` is one that has text; less than 2^56 bytes.
  static PythonValue Text(Kind kind, absl::string_view text) {
    return PythonValue(kind, text.size(), Bits(text.data()));
  }
  static PythonValue Container(Kind kind, PythonContainer* container) {
    return PythonValue(kind, 0, Bits(container));
  }
  static PythonValue Object(PythonObject* object) {
    return PythonValue(Kind::kObject, 0, Bits(object));
  }

  Kind kind() const { return static_cast<Kind>(head_ & 0xFF); }
  bool is(Kind kind) const { return this->kind() == kind; }
  bool IsGlobal(absl::string_view name) const {
    return is(Kind::kGlobal) && text() == name;
  }

  // Each is valid for its own kinds only.
  bool bool_value() const { return bits_ != 0; }
  int64_t int_value() const { return static_cast<int64_t>(bits_); }
  double double_value() const { return std::bit_cast<double>(bits_); }
  absl::string_view text() const {
    return absl::string_view(reinterpret_cast<const char*>(bits_),
                             text_bytes());
  }
  // 0 for a kind that has none.
  size_t text_bytes() const { return head_ >> 8; }
  PythonContainer& container() const {
    return *reinterpret_cast<PythonContainer*>(bits_);
  }
  PythonObject& object() const {
    return *reinterpret_cast<PythonObject*>(bits_);
  }

 private:
  PythonValue(Kind kind, uint64_t size, uint64_t bits)
      : head_(static_cast<uint64_t>(kind) | size << 8), bits_(bits) {}
  static uint64_t Bits(const void* pointer) {
    return reinterpret_cast<uint64_t>(pointer);
  }

  // Two whole words, which stay in registers on their way.
  uint64_t head_ = 0;  // the kind, and the size of the text
  uint64_t bits_ = 0;  // the number, or the address
};

// The elements of a container in their order, in the runs in which the pickle
// appended them:
//
//   for (const PythonValue& element : value.container()) use(element);
class PythonContainer {
 public:
  struct Run {
    const PythonValue* values;
    uint32_t count;  // never 0
    Run* next;
  };

  class Iterator {
   public:
    explicit Iterator(const Run* run) : run_(run) {}
    const PythonValue& operator*() const { return run_->values[index_]; }
    const PythonValue* operator->() const { return &**this; }
    Iterator& operator++() {
      if (++index_ == run_->count) {
        run_ = run_->next;
        index_ = 0;
      }
      return *this;
    }
    bool operator==(const Iterator& other) const {
      return run_ == other.run_ && index_ == other.index_;
    }

   private:
    const Run* run_;
    uint32_t index_ = 0;
  };

  Iterator begin() const { return Iterator(first_); }
  Iterator end() const { return Iterator(nullptr); }
  // Elements; of a dict, keys and values together.
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // `run` stays the caller's; a dict's runs are of whole pairs.
  void Append(Run* run) {
    (last_ == nullptr ? first_ : last_->next) = run;
    last_ = run;
    size_ += run->count;
  }

 private:
  Run* first_ = nullptr;
  Run* last_ = nullptr;
  size_t size_ = 0;
};

// What a pickle would make by calling something: the call, and what it would
// then do to the result. Nothing is ever called.
struct PythonObject {
  PythonValue callable;   // usually a kGlobal
  PythonContainer* args;  // never null
  PythonValue kwargs;     // a dict, or absent
  PythonValue state;      // what __setstate__ would get, or absent
  PythonContainer items;  // what would be appended or added
  PythonContainer pairs;  // what would be set: key, value...
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_H_
