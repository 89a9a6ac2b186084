#ifndef LOGBOOM_TESTS_BENCH_BENCH_FOLDER_H_
#define LOGBOOM_TESTS_BENCH_BENCH_FOLDER_H_

#include <stdlib.h>

#include <cerrno>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace logboom {

// A new folder under the temporary one, removed with all it holds by the
// destructor.
class BenchFolder {
 public:
  static absl::StatusOr<std::unique_ptr<BenchFolder>> Create() {
    std::string name =
        absl::StrCat(std::filesystem::temp_directory_path().string(),
                     "/logboom-bench-XXXXXX");
    if (mkdtemp(name.data()) == nullptr) {
      return absl::ErrnoToStatus(errno, "mkdtemp");
    }
    return std::unique_ptr<BenchFolder>(new BenchFolder(std::move(name)));
  }
  ~BenchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  BenchFolder(const BenchFolder&) = delete;
  BenchFolder& operator=(const BenchFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  explicit BenchFolder(std::string path) : path_(std::move(path)) {}

  const std::string path_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_BENCH_FOLDER_H_
