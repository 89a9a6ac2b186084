#include "tests/bench/output_progress.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr absl::Duration kInterval = absl::Milliseconds(1);

int64_t SizeOf(const std::string& file) {
  struct stat found;
  return stat(file.c_str(), &found) == 0 ? int64_t{found.st_size} : 0;
}

}  // namespace

int64_t OutputProgress::records() {
  if (record_bytes_ == 0 && !FindRecordBytes()) return 0;
  int64_t least = std::numeric_limits<int64_t>::max();
  for (const std::string& file : files_) least = std::min(least, SizeOf(file));
  return least / record_bytes_;
}

int64_t OutputProgress::WaitFor(int64_t records, absl::Duration patience) {
  int64_t now = this->records();
  absl::Time moved = absl::Now();
  while (now < records && absl::Now() - moved < patience) {
    absl::SleepFor(kInterval);
    const int64_t next = this->records();
    if (next != now) moved = absl::Now();
    now = next;
  }
  return now;
}

bool OutputProgress::FindRecordBytes() {
  std::ifstream in(files_.front());
  std::string line;
  if (!std::getline(in, line) || in.eof()) return false;
  record_bytes_ = static_cast<int64_t>(line.size()) + 1;
  return true;
}

}  // namespace logboom
