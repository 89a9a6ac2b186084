#include "tests/testing/survival.h"

#include <algorithm>

namespace logboom {
namespace {

constexpr size_t kSectorBytes = 512;

}  // namespace

void DiskOperation::ApplyTo(std::string* contents, size_t begin,
                            size_t end) const {
  const auto at = static_cast<size_t>(position);
  switch (kind) {
    case Kind::kWrite:
      contents->resize(std::max(contents->size(), at + end));
      contents->replace(at + begin, end - begin, bytes, begin, end - begin);
      return;
    case Kind::kExtend:
      contents->resize(std::max(contents->size(), at));
      return;
    case Kind::kTruncate:
      contents->resize(at);
      return;
  }
}

std::vector<SurvivingPart> EverythingSurvives::OfFile(
    absl::string_view path, const std::vector<DiskOperation>& unsynced) {
  std::vector<SurvivingPart> parts;
  for (size_t i = 0; i < unsynced.size(); ++i) {
    parts.push_back({i, 0, unsynced[i].bytes.size()});
  }
  return parts;
}

std::vector<SurvivingPart> RandomSurvival::OfFile(
    absl::string_view path, const std::vector<DiskOperation>& unsynced) {
  // One file in four is as it was at its last sync, one in four complete.
  const size_t file_fate = UpTo(3);
  std::vector<SurvivingPart> parts;
  if (file_fate == 0) return parts;
  for (size_t i = 0; i < unsynced.size(); ++i) {
    const size_t bytes = unsynced[i].bytes.size();
    const size_t fate = file_fate == 1 ? 1 : UpTo(4);
    if (fate == 1 || fate == 2) parts.push_back({i, 0, bytes});
    if (fate == 3) parts.push_back({i, 0, UpTo(bytes)});
    if (fate == 4) AddSectors(i, unsynced[i], &parts);
  }
  if (UpTo(1) == 0) std::shuffle(parts.begin(), parts.end(), random_);
  return parts;
}

size_t RandomSurvival::OfName(absl::string_view path, size_t changes) {
  return UpTo(changes);
}

void RandomSurvival::AddSectors(size_t operation, const DiskOperation& write,
                                std::vector<SurvivingPart>* parts) {
  const size_t first = static_cast<size_t>(write.position) % kSectorBytes;
  for (size_t begin = 0; begin < write.bytes.size();) {
    const size_t left_in_sector = kSectorBytes - (first + begin) % kSectorBytes;
    const size_t end = std::min(begin + left_in_sector, write.bytes.size());
    if (UpTo(1) == 0) parts->push_back({operation, begin, end});
    begin = end;
  }
}

}  // namespace logboom
