#include "proto/wire/segment_name.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

constexpr size_t kOffsetDigits = 20;

}  // namespace

std::string SegmentName::FileName() const {
  return absl::StrFormat("%020d-%010d.segment", first_offset, number);
}

std::string SegmentName::PathIn(absl::string_view folder) const {
  return absl::StrCat(folder, "/", FileName());
}

std::optional<SegmentName> ParseSegmentName(absl::string_view file_name) {
  const size_t end = file_name.rfind('.');
  SegmentName name;
  if (end == absl::string_view::npos || end <= kOffsetDigits ||
      !absl::SimpleAtoi(file_name.substr(0, kOffsetDigits),
                        &name.first_offset) ||
      !absl::SimpleAtoi(
          file_name.substr(kOffsetDigits + 1, end - kOffsetDigits - 1),
          &name.number)) {
    return std::nullopt;
  }
  // SimpleAtoi is lenient (signs, spaces): only the exact form counts.
  if (name.FileName() != file_name) return std::nullopt;
  return name;
}

}  // namespace logboom
