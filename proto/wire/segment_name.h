#ifndef LOGBOOM_PROTO_WIRE_SEGMENT_NAME_H_
#define LOGBOOM_PROTO_WIRE_SEGMENT_NAME_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// What a segment's file name says (proto/FORMAT.md § 1).
struct SegmentName {
  Offset first_offset = 0;
  uint64_t number = 0;

  // "00000000000000524288-0000000002.segment"
  std::string FileName() const;
  std::string PathIn(absl::string_view folder) const;

  friend bool operator==(const SegmentName&, const SegmentName&) = default;
};

// nullopt: not the name of a segment, exactly as FileName() writes it.
std::optional<SegmentName> ParseSegmentName(absl::string_view file_name);

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_SEGMENT_NAME_H_
