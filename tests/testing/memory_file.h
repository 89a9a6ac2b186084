#ifndef LOGBOOM_TESTS_TESTING_MEMORY_FILE_H_
#define LOGBOOM_TESTS_TESTING_MEMORY_FILE_H_

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "server/journal/file_system.h"

namespace logboom {

// A File over a string that the test can look at and change. Not thread-safe.
class MemoryFile : public File {
 public:
  explicit MemoryFile(std::shared_ptr<std::string> bytes)
      : bytes_(std::move(bytes)) {}
  explicit MemoryFile(std::string bytes)
      : MemoryFile(std::make_shared<std::string>(std::move(bytes))) {}

  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    const auto at = static_cast<size_t>(position);
    if (at >= bytes_->size()) return 0;
    return bytes_->copy(buffer.data(), buffer.size(), at);
  }
  absl::Status WriteAt(int64_t position,
                       absl::Span<const absl::string_view> pieces) override {
    auto at = static_cast<size_t>(position);
    for (const absl::string_view piece : pieces) {
      bytes_->resize(std::max(bytes_->size(), at + piece.size()));
      std::copy(piece.begin(), piece.end(), bytes_->data() + at);
      at += piece.size();
    }
    return absl::OkStatus();
  }
  absl::Status Sync() override { return absl::OkStatus(); }
  absl::Status Allocate(int64_t size_bytes) override {
    bytes_->resize(std::max(bytes_->size(), static_cast<size_t>(size_bytes)));
    return absl::OkStatus();
  }
  absl::Status Truncate(int64_t size_bytes) override {
    bytes_->resize(static_cast<size_t>(size_bytes));
    return absl::OkStatus();
  }
  absl::StatusOr<int64_t> Size() override {
    return static_cast<int64_t>(bytes_->size());
  }
  absl::Status Lock() override { return absl::OkStatus(); }

 private:
  const std::shared_ptr<std::string> bytes_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_MEMORY_FILE_H_
