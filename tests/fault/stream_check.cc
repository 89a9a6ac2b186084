#include "tests/fault/stream_check.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

constexpr size_t kShownBytes = 120;
constexpr uint64_t kOrderFactor = 0x9e3779b97f4a7c15u;

}  // namespace

void StreamCheck::Take(const KnownRecord& record, uint64_t where) {
  Progress& progress = progress_[record.source];
  if (record.number < progress.next && MayRepeat(progress)) {
    progress.next = record.number;
    progress.repeats_of = repeats_;
  }
  const std::string example =
      absl::StrCat(record.source.ToString(), ": ", record.number, " at ", where,
                   ", after ", progress.next - 1);
  if (record.number < progress.next) {
    findings_.Add(absl::StrCat(place_, ": records repeated"), example);
    return;
  }
  if (record.number > progress.next) {
    findings_.Add(absl::StrCat(place_, ": records missing"), example);
  }
  progress.next = record.number + 1;
  CountInOrder(record);
}

void StreamCheck::CountInOrder(const KnownRecord& record) {
  uint64_t& last = contents_.last[record.source];
  if (record.number <= last) {
    ++allowed_repeats_;
    return;
  }
  last = record.number;
  ++contents_.records;
  const auto source = static_cast<uint64_t>(record.source.sender * 1'000'003 +
                                            record.source.connection);
  contents_.order =
      contents_.order * kOrderFactor + source * 2'000'003 + record.number;
}

void StreamCheck::TakeUnknown(absl::string_view what, uint64_t where) {
  findings_.Add(absl::StrCat(place_, ": something that nobody sent"),
                absl::StrCat("at ", where, ", ", what.size(), " bytes: ",
                             absl::CEscape(what.substr(0, kShownBytes))));
}

void StreamCheck::AllowRepeats(int64_t bytes) {
  ++repeats_;
  allowed_bytes_ = bytes;
}

void StreamCheck::CompareWith(const StreamContents& expected) const {
  for (const auto& [source, last] : expected.last) {
    const auto found = contents_.last.find(source);
    const uint64_t here = found == contents_.last.end() ? 0 : found->second;
    if (here == last) continue;
    findings_.Add(
        absl::StrCat(place_, ": the last record is another"),
        absl::StrCat(source.ToString(), ": ", here, " instead of ", last));
  }
  for (const auto& [source, last] : contents_.last) {
    if (expected.last.count(source) != 0) continue;
    findings_.Add(absl::StrCat(place_, ": a source that should not be here"),
                  source.ToString());
  }
  if (contents_.records == expected.records &&
      contents_.order != expected.order) {
    findings_.Add(absl::StrCat(place_, ": the order is another"),
                  absl::StrCat(contents_.records, " records"));
  }
}

}  // namespace logboom
