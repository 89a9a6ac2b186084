#ifndef LOGBOOM_TESTS_CLIENT_SPOOL_FIXTURE_H_
#define LOGBOOM_TESTS_CLIENT_SPOOL_FIXTURE_H_

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "client/batch.h"
#include "client/spool.h"
#include "client/spool_disk.h"
#include "tests/testing/temp_folder.h"

namespace logboom {

// A disk that fails as it is told, and counts what is read.
class BadDisk : public SpoolDisk {
 public:
  static constexpr int64_t kNever = std::numeric_limits<int64_t>::max();

  // After so many bytes written and other changes the program is as good as
  // dead: the write that passes it is done in part, and nothing changes again.
  int64_t changes_until_death = kNever;
  int64_t bytes_until_full = kNever;  // ENOSPC behind them
  bool fails_open = false;            // EMFILE
  bool fails_remove = false;          // EACCES
  bool fails_truncate = false;        // EIO
  bool fails_rename = false;          // EIO
  int64_t bytes_read = 0;

  bool dead() const { return changes_until_death <= 0; }

  int Open(const std::string& path, int flags) override;
  ssize_t Read(int fd, char* out, size_t size, int64_t position) override;
  ssize_t Write(int fd, const iovec* pieces, int count,
                int64_t position) override;
  int Truncate(int fd, int64_t size) override;
  int Remove(const std::string& path) override;
  int Rename(const std::string& from, const std::string& to) override;

 private:
  // False, and errno is set: nothing more can be changed.
  bool Change();
};

// A batch of `records` records with the body "SEQUENCE text".
Batch MakeBatch(uint64_t sequence, int64_t records = 1,
                const std::string& text = "");
LossCounts::Unreported Lost(ProducerLoss reason, int64_t count);

// A folder, and the lives that use it one after the other.
class SpoolFixture {
 public:
  SpoolOptions options();
  // Ends the life that has the folder, and begins another one. Fails the test
  // when it cannot.
  Spool& NextLife(uint64_t epoch);
  Spool& NextLife(uint64_t epoch, SpoolOptions options);
  void EndLife() { spool_.reset(); }

  // The sequences that Next returns, damage passed over.
  static std::vector<uint64_t> ReadAll(Spool* spool);
  // The same of all lives, each settled when it is read: "EPOCH:SEQUENCE".
  static std::vector<std::string> Drain(Spool* spool);

  std::vector<std::string> Files() const;  // names, sorted
  int64_t FileBytes() const;
  std::string PathOf(const std::string& name) const {
    return folder_.PathOf(name);
  }

 private:
  TempFolder folder_;
  std::unique_ptr<Spool> spool_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLIENT_SPOOL_FIXTURE_H_
