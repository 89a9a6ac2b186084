#include "tests/testing/power_cut_file_system.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

using Call = PowerCutFileSystem::Call;
using Kind = DiskOperation::Kind;

absl::Status Error(int number, absl::string_view path) {
  return absl::ErrnoToStatus(number, path);
}

absl::string_view FolderOf(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? "." : path.substr(0, slash);
}

absl::string_view BaseOf(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);  // npos + 1 is 0
}

}  // namespace

class PowerCutFile final : public File {
 public:
  PowerCutFile(PowerCutFileSystem* owner, absl::string_view path,
               PowerCutFileSystem::InodePtr inode, bool writable)
      : owner_(*owner),
        path_(path),
        inode_(std::move(inode)),
        writable_(writable) {}
  ~PowerCutFile() override {
    MutexLock lock(&owner_.mu_);
    if (inode_->locked_by == this) inode_->locked_by = nullptr;
  }

  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    MutexLock lock(&owner_.mu_);
    LOGBOOM_RETURN_IF_ERROR(owner_.CheckRunningLocked(path_));
    const auto at = static_cast<size_t>(position);
    if (at >= inode_->contents.size()) return 0;
    return inode_->contents.copy(buffer.data(), buffer.size(), at);
  }
  absl::Status WriteAt(int64_t position,
                       absl::Span<const absl::string_view> pieces) override {
    DiskOperation write{Kind::kWrite, position, ""};
    for (const absl::string_view piece : pieces) {
      write.bytes.append(piece.data(), piece.size());
    }
    return Change(Call::kWrite, std::move(write));
  }
  absl::Status Allocate(int64_t size_bytes) override {
    return Change(Call::kAllocate, {Kind::kExtend, size_bytes, ""});
  }
  absl::Status Truncate(int64_t size_bytes) override {
    return Change(Call::kTruncate, {Kind::kTruncate, size_bytes, ""});
  }
  absl::Status Sync() override { return owner_.Sync(path_, inode_.get()); }
  absl::StatusOr<int64_t> Size() override {
    MutexLock lock(&owner_.mu_);
    LOGBOOM_RETURN_IF_ERROR(owner_.CheckRunningLocked(path_));
    return static_cast<int64_t>(inode_->contents.size());
  }
  absl::Status Lock() override {
    MutexLock lock(&owner_.mu_);
    LOGBOOM_RETURN_IF_ERROR(owner_.CheckRunningLocked(path_));
    if (inode_->locked_by != nullptr && inode_->locked_by != this) {
      return absl::AbortedError(absl::StrCat(path_, " is locked"));
    }
    inode_->locked_by = this;
    return absl::OkStatus();
  }

 private:
  absl::Status Change(Call call, DiskOperation operation) {
    if (!writable_) return Error(EBADF, path_);
    return owner_.Change(call, path_, inode_.get(), std::move(operation));
  }

  PowerCutFileSystem& owner_;
  const std::string path_;
  const PowerCutFileSystem::InodePtr inode_;  // its members: owner_.mu_
  const bool writable_;
};

void PowerCutFileSystem::StopAfter(int64_t calls) {
  MutexLock lock(&mu_);
  stop_after_ = calls_ + calls;
}

bool PowerCutFileSystem::stopped() const {
  MutexLock lock(&mu_);
  return stopped_;
}

int64_t PowerCutFileSystem::calls() const {
  MutexLock lock(&mu_);
  return calls_;
}

void PowerCutFileSystem::SetFault(Fault fault) {
  MutexLock lock(&mu_);
  fault_ = fault ? std::make_shared<Fault>(std::move(fault)) : nullptr;
}

std::unique_ptr<PowerCutFileSystem> PowerCutFileSystem::PowerCut(
    Survival* survival) const {
  auto next = std::make_unique<PowerCutFileSystem>();
  MutexLock lock(&mu_);
  MutexLock next_lock(&next->mu_);
  next->boots_ = boots_ + 1;
  next->folders_ = folders_;
  for (const auto& [path, name] : names_) {
    const size_t changes = name.unsynced.size();
    const size_t happened =
        changes == 0 ? 0 : std::min(survival->OfName(path, changes), changes);
    const InodePtr& old =
        happened == 0 ? name.durable : name.unsynced[happened - 1];
    if (old == nullptr) continue;
    const InodePtr inode = PowerCut(path, *old, survival);
    next->names_[path] = {.now = inode, .durable = inode};
  }
  return next;
}

// Operations that were synced happen behind whatever survives of those before
// them.
PowerCutFileSystem::InodePtr PowerCutFileSystem::PowerCut(
    absl::string_view path, const Inode& old, Survival* survival) {
  std::vector<DiskOperation> unsynced;
  for (const Operation& one : old.operations) {
    if (!one.synced) unsynced.push_back(one.operation);
  }
  std::vector<SurvivingPart> parts = survival->OfFile(path, unsynced);
  auto inode = std::make_shared<Inode>();
  inode->durable = old.durable;
  const auto apply_those_before = [&](size_t end) {
    for (const SurvivingPart& part : parts) {
      if (part.operation >= end) continue;
      unsynced[part.operation].ApplyTo(&inode->durable, part.begin, part.end);
    }
    std::erase_if(parts,
                  [&](const auto& part) { return part.operation < end; });
  };
  size_t passed = 0;
  for (const Operation& one : old.operations) {
    if (!one.synced) {
      ++passed;
      continue;
    }
    apply_those_before(passed);
    one.operation.ApplyTo(&inode->durable);
  }
  apply_those_before(passed);
  inode->contents = inode->durable;
  return inode;
}

PowerCutFileSystem::InodePtr PowerCutFileSystem::Killed(const InodePtr& old,
                                                        size_t bytes) {
  if (old == nullptr) return nullptr;
  auto inode = std::make_shared<Inode>(*old);
  inode->locked_by = nullptr;
  auto& operations = inode->operations;
  const auto last = std::find_if(operations.begin(), operations.end(),
                                 [](const auto& one) { return one.in_flight; });
  if (last == operations.end()) return inode;
  if (bytes == 0) {
    operations.erase(last);
    return inode;
  }
  last->in_flight = false;
  std::string& written = last->operation.bytes;
  written.resize(std::min(written.size(), bytes));
  last->operation.ApplyTo(&inode->contents);
  return inode;
}

std::unique_ptr<PowerCutFileSystem> PowerCutFileSystem::Kill(
    size_t in_flight_bytes) const {
  auto next = std::make_unique<PowerCutFileSystem>();
  std::map<InodePtr, InodePtr> copies;  // one file may be at several places
  const auto copy_of = [&](const InodePtr& old) {
    const auto [copy, fresh] = copies.try_emplace(old);
    if (fresh) copy->second = Killed(old, in_flight_bytes);
    return copy->second;
  };
  MutexLock lock(&mu_);
  MutexLock next_lock(&next->mu_);
  next->boots_ = boots_;
  next->folders_ = folders_;
  for (const auto& [path, old] : names_) {
    Name name{.now = copy_of(old.now), .durable = copy_of(old.durable)};
    for (const InodePtr& inode : old.unsynced) {
      name.unsynced.push_back(copy_of(inode));
    }
    if (old.last_in_flight && in_flight_bytes > 0) {
      name.now = name.unsynced.back();
    } else if (old.last_in_flight) {
      name.unsynced.pop_back();
    }
    next->names_[path] = std::move(name);
  }
  return next;
}

absl::StatusOr<std::unique_ptr<File>> PowerCutFileSystem::Open(
    absl::string_view path, Mode mode) {
  InodePtr inode;
  {
    MutexLock lock(&mu_);
    LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(path));
    if (!folders_.contains(FolderOf(path))) return Error(ENOENT, path);
    const auto found = FindLocked(path);
    if (found.ok() && mode == Mode::kCreate) return Error(EEXIST, path);
    const bool creates = mode == Mode::kCreate || mode == Mode::kOpenOrCreate;
    if (!found.ok() && !creates) return found.status();
    if (found.ok()) inode = *found;
  }
  if (inode == nullptr) {
    inode = std::make_shared<Inode>();
    LOGBOOM_RETURN_IF_ERROR(ChangeName(Call::kCreate, path, inode));
  }
  return std::make_unique<PowerCutFile>(this, path, std::move(inode),
                                        mode != Mode::kRead);
}

absl::StatusOr<std::vector<std::string>> PowerCutFileSystem::List(
    absl::string_view folder) {
  MutexLock lock(&mu_);
  LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(folder));
  if (!folders_.contains(folder)) return Error(ENOENT, folder);
  std::vector<std::string> names;
  for (const auto& [path, name] : names_) {
    if (name.now != nullptr && FolderOf(path) == folder) {
      names.emplace_back(BaseOf(path));
    }
  }
  for (const std::string& other : folders_) {
    if (other != folder && FolderOf(other) == folder) {
      names.emplace_back(BaseOf(other));
    }
  }
  return names;
}

absl::Status PowerCutFileSystem::CreateFolder(absl::string_view folder) {
  MutexLock lock(&mu_);
  LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(folder));
  while (!folder.empty() && folders_.emplace(folder).second) {
    folder = FolderOf(folder);
  }
  return absl::OkStatus();
}

absl::Status PowerCutFileSystem::SyncFolder(absl::string_view folder) {
  LOGBOOM_RETURN_IF_ERROR(FaultOf(Call::kSyncFolder, folder));
  MutexLock lock(&mu_);
  bool in_flight = false;
  LOGBOOM_RETURN_IF_ERROR(CountLocked(folder, &in_flight));
  if (!folders_.contains(folder)) return Error(ENOENT, folder);
  for (auto& [path, name] : names_) {
    if (FolderOf(path) != folder) continue;
    name.durable = name.now;
    name.unsynced.clear();
  }
  return absl::OkStatus();
}

absl::Status PowerCutFileSystem::Remove(absl::string_view path) {
  {
    MutexLock lock(&mu_);
    LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(path));
    LOGBOOM_RETURN_IF_ERROR(FindLocked(path).status());
  }
  return ChangeName(Call::kRemove, path, nullptr);
}

absl::Status PowerCutFileSystem::Rename(absl::string_view from,
                                        absl::string_view to) {
  InodePtr inode;
  {
    MutexLock lock(&mu_);
    LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(from));
    LOGBOOM_ASSIGN_OR_RETURN(inode, FindLocked(from));
  }
  LOGBOOM_RETURN_IF_ERROR(ChangeName(Call::kRename, to, std::move(inode)));
  return ChangeName(Call::kRename, from, nullptr);
}

std::string PowerCutFileSystem::BootId() {
  MutexLock lock(&mu_);
  return absl::StrCat("boot-", boots_);
}

absl::Status PowerCutFileSystem::FaultOf(Call call, absl::string_view path) {
  std::shared_ptr<Fault> fault;
  {
    MutexLock lock(&mu_);
    fault = fault_;
  }
  return fault ? (*fault)(call, path) : absl::OkStatus();
}

absl::Status PowerCutFileSystem::CountLocked(absl::string_view path,
                                             bool* in_flight) {
  LOGBOOM_RETURN_IF_ERROR(CheckRunningLocked(path));
  if (calls_ == stop_after_) {
    stopped_ = *in_flight = true;
    return CheckRunningLocked(path);
  }
  ++calls_;
  return absl::OkStatus();
}

absl::Status PowerCutFileSystem::CheckRunningLocked(
    absl::string_view path) const {
  return stopped_ ? Error(EIO, path) : absl::OkStatus();
}

absl::StatusOr<PowerCutFileSystem::InodePtr> PowerCutFileSystem::FindLocked(
    absl::string_view path) const {
  const auto found = names_.find(path);
  if (found == names_.end() || found->second.now == nullptr) {
    return Error(ENOENT, path);
  }
  return found->second.now;
}

absl::Status PowerCutFileSystem::ChangeName(Call call, absl::string_view path,
                                            InodePtr inode) {
  LOGBOOM_RETURN_IF_ERROR(FaultOf(call, path));
  MutexLock lock(&mu_);
  bool in_flight = false;
  absl::Status status = CountLocked(path, &in_flight);
  if (!status.ok() && !in_flight) return status;
  Name& name = names_[std::string(path)];
  name.unsynced.push_back(inode);
  name.last_in_flight = in_flight;
  if (!in_flight) name.now = std::move(inode);
  return status;
}

absl::Status PowerCutFileSystem::Change(Call call, absl::string_view path,
                                        Inode* inode, DiskOperation operation) {
  const absl::Status fault = FaultOf(call, path);
  if (!fault.ok() && call != Call::kWrite) return fault;
  if (!fault.ok()) operation.bytes.resize(operation.bytes.size() / 2);
  MutexLock lock(&mu_);
  bool in_flight = false;
  absl::Status status = CountLocked(path, &in_flight);
  if (!status.ok() && !in_flight) return status;
  if (!in_flight) operation.ApplyTo(&inode->contents);
  inode->operations.push_back({std::move(operation), in_flight});
  return fault.ok() ? status : fault;
}

absl::Status PowerCutFileSystem::Sync(absl::string_view path, Inode* inode) {
  const absl::Status fault = FaultOf(Call::kSync, path);
  MutexLock lock(&mu_);
  bool in_flight = false;
  LOGBOOM_RETURN_IF_ERROR(CountLocked(path, &in_flight));
  for (Operation& one : inode->operations) {
    if (!fault.ok() && !one.synced) one.taken_for_clean = true;
    if (!one.taken_for_clean) one.synced = true;
  }
  auto& operations = inode->operations;
  while (!operations.empty() && operations.front().synced) {
    operations.front().operation.ApplyTo(&inode->durable);
    operations.erase(operations.begin());
  }
  return fault;
}

}  // namespace logboom
