#ifndef LOGBOOM_TESTS_TESTING_SURVIVAL_H_
#define LOGBOOM_TESTS_TESTING_SURVIVAL_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace logboom {

// A change to one file's contents.
struct DiskOperation {
  enum class Kind {
    kWrite,     // `bytes` from `position` on; the file grows as needed
    kExtend,    // at least `position` long, zeros behind its end
    kTruncate,  // `position` long, zeros where that is more
  };
  Kind kind = Kind::kWrite;
  int64_t position = 0;
  std::string bytes;

  // Does the bytes [begin, end) of a write, or the whole of another change. An
  // empty part of a write still lets the file grow up to it.
  void ApplyTo(std::string* contents, size_t begin, size_t end) const;
  void ApplyTo(std::string* contents) const {
    ApplyTo(contents, 0, bytes.size());
  }
};

// Part of an operation that had reached the disk: the bytes [begin, end) of a
// write; any part of another operation stands for all of it.
struct SurvivingPart {
  size_t operation = 0;  // its index
  size_t begin = 0;
  size_t end = 0;
};

// Decides what a power cut leaves of what was not synced.
class Survival {
 public:
  virtual ~Survival() = default;

  // What the file at `path` has of the operations that came since its last
  // sync, given in the order they were made in: parts, in the order in which
  // they reached the disk.
  virtual std::vector<SurvivingPart> OfFile(
      absl::string_view path, const std::vector<DiskOperation>& unsynced) = 0;

  // How many of the `changes` of one name (a file created there, the one there
  // removed), made since its folder was last synced, happened: 0 to `changes`.
  virtual size_t OfName(absl::string_view path, size_t changes) = 0;
};

// Nothing survives: what most disks do most of the time.
class NothingSurvives final : public Survival {
 public:
  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override {
    return {};
  }
  size_t OfName(absl::string_view path, size_t changes) override { return 0; }
};

// All survives, as if the power had failed a little later.
class EverythingSurvives final : public Survival {
 public:
  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override;
  size_t OfName(absl::string_view path, size_t changes) override {
    return changes;
  }
};

// Any subset of the operations in any order, each write whole, cut at any byte,
// or as any of the disk's 512-byte sectors. The same seed gives the same.
class RandomSurvival final : public Survival {
 public:
  explicit RandomSurvival(uint64_t seed) : random_(seed) {}

  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override;
  size_t OfName(absl::string_view path, size_t changes) override;

 private:
  // From 0 to `most`.
  size_t UpTo(size_t most) {
    return std::uniform_int_distribution<size_t>(0, most)(random_);
  }
  void AddSectors(size_t operation, const DiskOperation& write,
                  std::vector<SurvivingPart>* parts);

  std::mt19937_64 random_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_SURVIVAL_H_
