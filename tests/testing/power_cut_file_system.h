#ifndef LOGBOOM_TESTS_TESTING_POWER_CUT_FILE_SYSTEM_H_
#define LOGBOOM_TESTS_TESTING_POWER_CUT_FILE_SYSTEM_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "base/mutex.h"
#include "server/journal/file_system.h"
#include "tests/testing/survival.h"

namespace logboom {

// A file system in memory that promises no more than POSIX does. What is read
// is what was written last; what is durable is another matter:
// - a file's contents and size, by its Sync;
// - that a name exists, or no longer does, by its folder's SyncFolder;
// - a folder, when CreateFolder returns.
// What a power cut leaves of the rest a Survival decides.
//
// A test stops the world with StopAfter(), ends the program over it (whose
// every call fails from then on) and goes on with the world that PowerCut() or
// Kill() makes of it, which leave this one as it is: many can be made of one.
//
// Thread-safe.
class PowerCutFileSystem final : public FileSystem {
 public:
  // The calls that change something.
  enum class Call {
    kCreate,  // Open() where it creates
    kRemove,
    kRename,
    kSyncFolder,
    kWrite,
    kAllocate,
    kTruncate,
    kSync,
  };
  // Decides, before each such call and on its thread, whether it fails. May
  // block.
  using Fault = std::function<absl::Status(Call, absl::string_view path)>;

  PowerCutFileSystem() = default;

  // `calls` more changing calls take effect. The one behind them is in flight
  // when the world stops: it fails, but what it does may have happened. All
  // others, reading ones too, fail without effect.
  void StopAfter(int64_t calls) ABSL_LOCKS_EXCLUDED(mu_);
  bool stopped() const ABSL_LOCKS_EXCLUDED(mu_);
  // Changing calls so far that took effect.
  int64_t calls() const ABSL_LOCKS_EXCLUDED(mu_);

  // From now on; null: none. A write that fails does the first half of its
  // bytes, any other call nothing. After a Sync that fails, the operations it
  // was to make durable are none the less taken for clean, as Linux does: no
  // later Sync makes them so, though they may survive.
  void SetFault(Fault fault) ABSL_LOCKS_EXCLUDED(mu_);

  // The world when the power is back: everything durable and what `survival`
  // leaves of the rest, which is durable now, and another boot id.
  std::unique_ptr<PowerCutFileSystem> PowerCut(Survival* survival) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // The world after the process was killed: everything is there, but not more
  // durable than before. Of a write in flight there are the first
  // `in_flight_bytes`; another call in flight has happened unless that is 0.
  std::unique_ptr<PowerCutFileSystem> Kill(size_t in_flight_bytes) const
      ABSL_LOCKS_EXCLUDED(mu_);

  absl::StatusOr<std::unique_ptr<File>> Open(absl::string_view path,
                                             Mode mode) override;
  absl::StatusOr<std::vector<std::string>> List(
      absl::string_view folder) override;
  absl::Status CreateFolder(absl::string_view folder) override;
  absl::Status SyncFolder(absl::string_view folder) override;
  absl::Status Remove(absl::string_view path) override;
  // Counts as two calls: the new name, then the end of the old one. What a
  // power cut leaves of the two is decided for each.
  absl::Status Rename(absl::string_view from, absl::string_view to) override;
  std::string BootId() override ABSL_LOCKS_EXCLUDED(mu_);

 private:
  friend class PowerCutFile;

  struct Operation {
    DiskOperation operation;
    bool in_flight = false;        // not in Inode::contents
    bool taken_for_clean = false;  // a sync failed
    bool synced = false;           // but one before it is not
  };
  struct Inode {
    std::string contents;
    std::string durable;  // but for the operations
    std::vector<Operation> operations;
    const File* locked_by = nullptr;
  };
  using InodePtr = std::shared_ptr<Inode>;  // null: no such file
  // What a path has led to.
  struct Name {
    InodePtr now;
    InodePtr durable;
    std::vector<InodePtr> unsynced;  // in their order
    bool last_in_flight = false;     // the last one is not in `now`
  };

  absl::Status FaultOf(Call call, absl::string_view path)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Takes a changing call as done, or, where the world stops, as in flight: it
  // may have happened, and fails with the error returned. Other errors: it has
  // not.
  absl::Status CountLocked(absl::string_view path, bool* in_flight)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::Status CheckRunningLocked(absl::string_view path) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  absl::StatusOr<InodePtr> FindLocked(absl::string_view path) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  // The file in the world after a power cut, and after a kill.
  static InodePtr PowerCut(absl::string_view path, const Inode& old,
                           Survival* survival);
  static InodePtr Killed(const InodePtr& old, size_t in_flight_bytes);
  // What creating (or, with null, removing) a file does to its name.
  absl::Status ChangeName(Call call, absl::string_view path, InodePtr inode)
      ABSL_LOCKS_EXCLUDED(mu_);
  // One operation on a file.
  absl::Status Change(Call call, absl::string_view path, Inode* inode,
                      DiskOperation operation) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status Sync(absl::string_view path, Inode* inode)
      ABSL_LOCKS_EXCLUDED(mu_);

  mutable Mutex mu_;
  std::shared_ptr<Fault> fault_ ABSL_GUARDED_BY(mu_);  // null: none
  int64_t calls_ ABSL_GUARDED_BY(mu_) = 0;
  int64_t stop_after_ ABSL_GUARDED_BY(mu_) = INT64_MAX;  // of calls_
  bool stopped_ ABSL_GUARDED_BY(mu_) = false;
  int boots_ ABSL_GUARDED_BY(mu_) = 1;
  std::set<std::string, std::less<>> folders_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, Name, std::less<>> names_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_POWER_CUT_FILE_SYSTEM_H_
