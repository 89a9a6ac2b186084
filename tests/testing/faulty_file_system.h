#ifndef LOGBOOM_TESTS_TESTING_FAULTY_FILE_SYSTEM_H_
#define LOGBOOM_TESTS_TESTING_FAULTY_FILE_SYSTEM_H_

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "server/journal/file_system.h"

namespace logboom {

// The system's file system with faults on order, and a hook into each call.
// Thread-safe.
class FaultyFileSystem final : public FileSystem {
 public:
  enum class Call {
    kOpen,
    kCreate,  // Open() with Mode::kCreate
    kRead,
    kWrite,
    kSync,
    kAllocate,
    kTruncate,
    kRemove,
    kRename,
  };

  // The next `times` calls of this kind fail so. A failing write puts the first
  // half of its bytes into the file.
  void Fail(Call call, absl::Status status, int times = 1)
      ABSL_LOCKS_EXCLUDED(mu_);
  // All calls of the kind succeed from now on.
  void Heal(Call call) ABSL_LOCKS_EXCLUDED(mu_);

  // Runs before each call, on the calling thread; may block, and may give
  // orders, the present call's included.
  void SetHook(std::function<void(Call)> hook) ABSL_LOCKS_EXCLUDED(mu_);

  // Calls so far, failed ones included.
  int calls(Call call) const ABSL_LOCKS_EXCLUDED(mu_);

  absl::StatusOr<std::unique_ptr<File>> Open(absl::string_view path,
                                             Mode mode) override;
  absl::StatusOr<std::vector<std::string>> List(
      absl::string_view folder) override;
  absl::Status CreateFolder(absl::string_view folder) override;
  absl::Status SyncFolder(absl::string_view folder) override;
  absl::Status Remove(absl::string_view path) override;
  absl::Status Rename(absl::string_view from, absl::string_view to) override;
  std::string BootId() override ABSL_LOCKS_EXCLUDED(mu_);

  // As if the machine had been started again; the files stay as they are.
  void ChangeBootId() ABSL_LOCKS_EXCLUDED(mu_);

  // For the files it opens: counts the call, runs the hook; what is on order.
  absl::Status Enter(Call call) ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Order {
    absl::Status status;
    int times = 0;
  };

  FileSystem& system_ = *SystemFiles();
  mutable Mutex mu_;
  std::map<Call, Order> orders_ ABSL_GUARDED_BY(mu_);
  std::map<Call, int> calls_ ABSL_GUARDED_BY(mu_);
  std::shared_ptr<std::function<void(Call)>> hook_ ABSL_GUARDED_BY(mu_);
  int boots_ ABSL_GUARDED_BY(mu_) = 1;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_FAULTY_FILE_SYSTEM_H_
