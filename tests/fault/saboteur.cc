#include "tests/fault/saboteur.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// How far the failing file may grow on: less than a second's output.
constexpr uint64_t kMostGrowth = 300'000;
constexpr uint64_t kLongestHandLine = 3'000;

absl::Status Failed(absl::string_view what) {
  return absl::ErrnoToStatus(errno, what);
}

absl::Status SetFileLimit(pid_t pid, rlim_t bytes) {
  rlimit limit{};
  if (prlimit(pid, RLIMIT_FSIZE, nullptr, &limit) != 0) return Failed("limit");
  limit.rlim_cur = bytes;
  if (prlimit(pid, RLIMIT_FSIZE, &limit, nullptr) != 0) return Failed("limit");
  return absl::OkStatus();
}

}  // namespace

Saboteur::Saboteur(std::string folder, uint64_t seed)
    : failing_folder_(absl::StrCat(folder, "/failing")),
      failing_file_(absl::StrCat(failing_folder_, "/out.log")),
      shared_file_(absl::StrCat(folder, "/shared.log")),
      random_(seed) {}

absl::Status Saboteur::Prepare() {
  if (mkdir(failing_folder_.c_str(), 0755) != 0) return Failed("mkdir");
  failing_ = UniqueFd(
      open(failing_file_.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
  if (!failing_.valid() || ftruncate(failing_.get(), kHoleBytes) != 0) {
    return Failed(failing_file_);
  }
  return absl::OkStatus();
}

absl::Status Saboteur::ActOnRunning(pid_t pid) {
  switch (Draw(0, 4)) {
    case 0:
      return SetLimit(pid);
    case 1:
      return LiftLimit(pid);
    case 2:
      return MoveFolder(/*away=*/true);
    case 3:
      return MoveFolder(/*away=*/false);
    default:
      return AppendByHand(/*server_dead=*/false);
  }
}

absl::Status Saboteur::ActOnDead() {
  switch (Draw(0, 3)) {
    case 0:
      return MoveFolder(/*away=*/true);
    case 1:
      return MoveFolder(/*away=*/false);
    default:
      return AppendByHand(/*server_dead=*/true);
  }
}

absl::Status Saboteur::MakePeace(pid_t pid) {
  LOGBOOM_RETURN_IF_ERROR(LiftLimit(pid));
  return MoveFolder(/*away=*/false);
}

absl::Status Saboteur::SetLimit(pid_t pid) {
  struct stat file {};
  if (fstat(failing_.get(), &file) != 0) return Failed("fstat");
  ++counts_.limits;
  return SetFileLimit(pid,
                      static_cast<rlim_t>(file.st_size) + Draw(0, kMostGrowth));
}

absl::Status Saboteur::LiftLimit(pid_t pid) {
  return SetFileLimit(pid, RLIM_INFINITY);
}

absl::Status Saboteur::MoveFolder(bool away) {
  if (away == away_) return absl::OkStatus();
  const std::string elsewhere = absl::StrCat(failing_folder_, ".away");
  const std::string& from = away ? failing_folder_ : elsewhere;
  const std::string& to = away ? elsewhere : failing_folder_;
  if (rename(from.c_str(), to.c_str()) != 0) return Failed("rename");
  away_ = away;
  if (away) ++counts_.moves;
  return absl::OkStatus();
}

absl::Status Saboteur::AppendByHand(bool server_dead) {
  const uint64_t size = Draw(0, 3) == 0 ? Draw(1, kLongestHandLine) : 1;
  HandLine line = {.text = HandLineText(hand_lines_.size(), size),
                   .server_dead = server_dead};
  const UniqueFd fd(open(shared_file_.c_str(),
                         O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  const std::string bytes = absl::StrCat(line.text, "\n");
  if (!fd.valid() || write(fd.get(), bytes.data(), bytes.size()) !=
                         static_cast<ssize_t>(bytes.size())) {
    return Failed(shared_file_);
  }
  hand_lines_.push_back(std::move(line));
  return absl::OkStatus();
}

}  // namespace logboom
