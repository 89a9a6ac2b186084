#ifndef LOGBOOM_TESTS_FAULT_SABOTEUR_H_
#define LOGBOOM_TESTS_FAULT_SABOTEUR_H_

#include <sys/types.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "base/unique_fd.h"
#include "tests/fault/output_check.h"

namespace logboom {

// Does to handlers' files what operators and full disks do. Needs no privileges
// and no disk of its own:
// - A file grows no further than a limit on the server's files (RLIMIT_FSIZE):
//   writes to it are short, then fail with EFBIG, as on a full disk. That the
//   limit meets this file alone, it begins with a hole that makes it larger
//   than all others.
// - Its folder is moved away, and back later: it cannot be opened.
// - Lines are appended by hand to another handler's file.
//
// Not thread-safe.
class Saboteur {
 public:
  struct Counts {
    int limits = 0;
    int moves = 0;
  };

  // The hole at the beginning of the failing file, bytes.
  static constexpr int64_t kHoleBytes = int64_t{64} << 30;

  // Files lie in `folder`, which exists.
  Saboteur(std::string folder, uint64_t seed);

  const std::string& failing_file() const { return failing_file_; }
  const std::string& shared_file() const { return shared_file_; }

  // Creates the failing file.
  absl::Status Prepare();

  // One deed, drawn at random, while the server `pid` runs or while none does.
  absl::Status ActOnRunning(pid_t pid);
  absl::Status ActOnDead();
  // Takes back what keeps handlers from writing.
  absl::Status MakePeace(pid_t pid);

  const Counts& counts() const { return counts_; }
  const std::vector<HandLine>& hand_lines() const { return hand_lines_; }

 private:
  absl::Status SetLimit(pid_t pid);
  absl::Status LiftLimit(pid_t pid);
  absl::Status MoveFolder(bool away);
  absl::Status AppendByHand(bool server_dead);
  uint64_t Draw(uint64_t least, uint64_t most) {
    return std::uniform_int_distribution<uint64_t>(least, most)(random_);
  }

  const std::string failing_folder_;
  const std::string failing_file_;
  const std::string shared_file_;
  std::mt19937_64 random_;
  UniqueFd failing_;  // to ask for its size, wherever it is
  bool away_ = false;
  Counts counts_;
  std::vector<HandLine> hand_lines_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_SABOTEUR_H_
