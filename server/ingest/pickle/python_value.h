#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_VALUE_H_

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
  static PythonValue None() { return PythonValue(Kind::kNone); }
  static PythonValue Bool(bool value) {
    PythonValue v(Kind::kBool);
    v.int_ = value ? 1 : 0;
    return v;
  }
  static PythonValue Int(int64_t value) {
    PythonValue v(Kind::kInt);
    v.int_ = value;
    return v;
  }
  static PythonValue Double(double value) {
    PythonValue v(Kind::kDouble);
    v.double_ = value;
    return v;
  }
  // `kind` is one that has text; at most 4 GiB.
  static PythonValue Text(Kind kind, absl::string_view text) {
    PythonValue v(kind);
    v.size_ = static_cast<uint32_t>(text.size());
    v.data_ = text.data();
    return v;
  }
  static PythonValue Container(Kind kind, PythonContainer* container) {
    PythonValue v(kind);
    v.container_ = container;
    return v;
  }
  static PythonValue Object(PythonObject* object) {
    PythonValue v(Kind::kObject);
    v.object_ = object;
    return v;
  }

  Kind kind() const { return kind_; }
  bool is(Kind kind) const { return kind_ == kind; }
  bool IsGlobal(absl::string_view name) const {
    return kind_ == Kind::kGlobal && text() == name;
  }

  // Each is valid for its own kinds only.
  bool bool_value() const { return int_ != 0; }
  int64_t int_value() const { return int_; }
  double double_value() const { return double_; }
  absl::string_view text() const { return absl::string_view(data_, size_); }
  PythonContainer& container() const { return *container_; }
  PythonObject& object() const { return *object_; }

 private:
  explicit PythonValue(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::kAbsent;
  uint32_t size_ = 0;
  union {
    int64_t int_ = 0;
    double double_;
    const char* data_;
    PythonContainer* container_;
    PythonObject* object_;
  };
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
