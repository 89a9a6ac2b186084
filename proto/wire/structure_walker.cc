#include "proto/wire/structure_walker.h"

#include "absl/strings/str_cat.h"
#include "proto/wire/plain_attribute.h"
#include "proto/wire/structure_check.h"

namespace logboom {

absl::Status StructureWalker::ErrorIn(absl::string_view where) const {
  return absl::InvalidArgumentError(
      absl::StrCat(where, ", byte ", byte_, ": ", what_));
}

bool StructureWalker::Fail(const char* what, const char* at) {
  what_ = what;
  byte_ = static_cast<size_t>(at - whole_.data());
  return false;
}

bool StructureWalker::Ended(const TagIterator& tag, absl::string_view message) {
  return tag.ok() || Fail(tag.error(), message.data() + tag.begin());
}

bool StructureWalker::Record(absl::string_view record, RecordFacts* facts) {
  TagIterator tag(record);
  while (tag.Next()) {
    if (IsBytes(tag, 6)) {
      if (!Pair(tag.bytes(), 0)) return false;
    } else if (IsBytes(tag, 5)) {
      if (!Value(tag.bytes(), 0)) return false;
    } else {
      TakeFact(tag, facts);
    }
  }
  return Ended(tag, record);
}

bool StructureWalker::Pairs(absl::string_view message, uint32_t field,
                            int depth) {
  TagIterator tag(message);
  while (tag.NextBytes(field)) {
    if (!Pair(tag.bytes(), depth)) return false;
  }
  return Ended(tag, message);
}

bool StructureWalker::Pair(absl::string_view pair, int depth) {
  absl::string_view key, value;
  if (ReadPlainPair(pair, &key, &value)) return Value(value, depth);
  TagIterator tag(pair);
  while (tag.NextBytes(2)) {
    if (!Value(tag.bytes(), depth)) return false;
  }
  return Ended(tag, pair);
}

bool StructureWalker::Value(absl::string_view value, int depth) {
  if (depth == kMaxValueDepth) {
    return Fail("values nested too deeply", value.data());
  }
  absl::string_view text;
  if (ReadPlainString(value, &text) || IsPlainNumber(value)) return true;
  TagIterator tag(value);
  while (tag.Next()) {
    if (IsBytes(tag, 5) && !Array(tag.bytes(), depth + 1)) return false;
    if (IsBytes(tag, 6) && !Pairs(tag.bytes(), 1, depth + 1)) return false;
  }
  return Ended(tag, value);
}

bool StructureWalker::Array(absl::string_view array, int depth) {
  TagIterator tag(array);
  while (tag.NextBytes(1)) {
    if (!Value(tag.bytes(), depth)) return false;
  }
  return Ended(tag, array);
}

}  // namespace logboom
