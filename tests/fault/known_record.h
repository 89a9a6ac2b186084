#ifndef LOGBOOM_TESTS_FAULT_KNOWN_RECORD_H_
#define LOGBOOM_TESTS_FAULT_KNOWN_RECORD_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace logboom {

// Where records come from, each with its own numbers from 1 up: one Publish
// producer, or one connection of a raw TCP sender. Plain data.
struct RecordSource {
  enum class Way { kPublish, kRaw };
  Way way = Way::kPublish;
  int sender = 0;
  int connection = 0;  // of a raw sender, from 1; 0 for a producer

  // "publish 3 0", "raw 1 17".
  std::string ToString() const;
  // The logger its records name. Those of every other sender lie below
  // "shared", which a filter can pick.
  std::string logger() const;
  bool shared() const { return sender % 2 == 0; }

  auto operator<=>(const RecordSource&) const = default;
};

// A record whose message says which it is. The rest of the message, from
// nothing to tens of kilobytes, follows from that: a record that is not exactly
// as it was sent is not a known one. Plain data.
struct KnownRecord {
  RecordSource source;
  uint64_t number = 0;

  // Appends "publish 3 0 41 klmno...": ASCII without line breaks or capitals.
  void AppendMessage(std::string* out) const;
  std::string Message() const;

  // Nullopt: this message is no known record's, or not all of it.
  static std::optional<KnownRecord> FromMessage(absl::string_view message);
};

// Whether `text` could be the beginning of a known record's message: all that
// can be said of one that was cut off anywhere.
bool MayBeginMessage(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_KNOWN_RECORD_H_
