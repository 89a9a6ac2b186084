#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_ITEMS_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_ITEMS_H_

#include <array>
#include <cstddef>
#include <utility>
#include <vector>

#include "server/ingest/pickle/python_key.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// The items of a LogRecord.__dict__, sorted by what their keys are to a record.
// Not thread-safe; reuses its memory.
class PythonItems {
 public:
  using Item = std::pair<PythonValue, PythonValue>;  // key, value

  void Clear() {
    known_.fill(PythonValue());
    text_bytes_ = 0;
    Empty(&extras_);
    Empty(&unnamed_);
  }

  // In the order of the dict: of a known key that is set twice the last value
  // counts.
  void Add(PythonValue key, PythonValue value) {
    text_bytes_ += key.text_bytes() + value.text_bytes();
    if (!key.is(PythonValue::Kind::kString)) {
      Append(key, value, &unnamed_);
      return;
    }
    const PythonKey known = FindPythonKey(key.text());
    if (known == PythonKey::kOther) {
      Append(key, value, &extras_);
    } else {
      known_[static_cast<size_t>(known)] = value;
    }
  }

  // kAbsent when the dict lacks it.
  const PythonValue& Value(PythonKey key) const {
    return known_[static_cast<size_t>(key)];
  }
  // Those whose key is any other str, and those whose key is not a str.
  const std::vector<Item>& extras() const { return extras_; }
  const std::vector<Item>& unnamed() const { return unnamed_; }
  // Of all keys and values that have text themselves.
  size_t text_bytes() const { return text_bytes_; }

 private:
  static constexpr size_t kKnownKeys = static_cast<size_t>(PythonKey::kOther);
  // Memory beyond this is given back before the next dict.
  static constexpr size_t kKeptItems = 1024;

  static void Empty(std::vector<Item>* items) {
    items->clear();
    if (items->capacity() > kKeptItems) items->shrink_to_fit();
  }

  static void Append(PythonValue key, PythonValue value,
                     std::vector<Item>* items) {
    Item& item = items->emplace_back();
    item.first = key;
    item.second = value;
  }

  std::array<PythonValue, kKnownKeys> known_;
  std::vector<Item> extras_;
  std::vector<Item> unnamed_;
  size_t text_bytes_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PYTHON_ITEMS_H_
