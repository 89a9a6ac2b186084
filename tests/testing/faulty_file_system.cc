#include "tests/testing/faulty_file_system.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

using Call = FaultyFileSystem::Call;

class FaultyFile final : public File {
 public:
  FaultyFile(FaultyFileSystem* owner, std::unique_ptr<File> file)
      : owner_(*owner), file_(std::move(file)) {}

  absl::StatusOr<size_t> ReadAt(int64_t position,
                                absl::Span<char> buffer) override {
    LOGBOOM_RETURN_IF_ERROR(owner_.Enter(Call::kRead));
    return file_->ReadAt(position, buffer);
  }
  absl::Status WriteAt(int64_t position,
                       absl::Span<const absl::string_view> pieces) override {
    const absl::Status fault = owner_.Enter(Call::kWrite);
    if (fault.ok()) return file_->WriteAt(position, pieces);
    std::string bytes;
    for (const absl::string_view piece : pieces) {
      bytes.append(piece.data(), piece.size());
    }
    const absl::string_view half(bytes.data(), bytes.size() / 2);
    LOGBOOM_RETURN_IF_ERROR(file_->WriteAt(position, {half}));
    return fault;
  }
  absl::Status Sync() override {
    LOGBOOM_RETURN_IF_ERROR(owner_.Enter(Call::kSync));
    return file_->Sync();
  }
  absl::Status Allocate(int64_t size_bytes) override {
    LOGBOOM_RETURN_IF_ERROR(owner_.Enter(Call::kAllocate));
    return file_->Allocate(size_bytes);
  }
  absl::Status Truncate(int64_t size_bytes) override {
    LOGBOOM_RETURN_IF_ERROR(owner_.Enter(Call::kTruncate));
    return file_->Truncate(size_bytes);
  }
  absl::StatusOr<int64_t> Size() override { return file_->Size(); }
  absl::Status Lock() override { return file_->Lock(); }

 private:
  FaultyFileSystem& owner_;
  const std::unique_ptr<File> file_;
};

}  // namespace

void FaultyFileSystem::Fail(Call call, absl::Status status, int times) {
  MutexLock lock(&mu_);
  orders_[call] = {std::move(status), times};
}

void FaultyFileSystem::Heal(Call call) {
  MutexLock lock(&mu_);
  orders_.erase(call);
}

void FaultyFileSystem::SetHook(std::function<void(Call)> hook) {
  MutexLock lock(&mu_);
  hook_ = std::make_shared<std::function<void(Call)>>(std::move(hook));
}

int FaultyFileSystem::calls(Call call) const {
  MutexLock lock(&mu_);
  const auto found = calls_.find(call);
  return found == calls_.end() ? 0 : found->second;
}

absl::Status FaultyFileSystem::Enter(Call call) {
  std::shared_ptr<std::function<void(Call)>> hook;
  {
    MutexLock lock(&mu_);
    ++calls_[call];
    hook = hook_;
  }
  if (hook) (*hook)(call);
  MutexLock lock(&mu_);
  const auto order = orders_.find(call);
  if (order == orders_.end() || order->second.times == 0) {
    return absl::OkStatus();
  }
  --order->second.times;
  return order->second.status;
}

absl::StatusOr<std::unique_ptr<File>> FaultyFileSystem::Open(
    absl::string_view path, Mode mode) {
  LOGBOOM_RETURN_IF_ERROR(
      Enter(mode == Mode::kCreate ? Call::kCreate : Call::kOpen));
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                           system_.Open(path, mode));
  return std::make_unique<FaultyFile>(this, std::move(file));
}

absl::StatusOr<std::vector<std::string>> FaultyFileSystem::List(
    absl::string_view folder) {
  return system_.List(folder);
}

absl::Status FaultyFileSystem::CreateFolder(absl::string_view folder) {
  return system_.CreateFolder(folder);
}

absl::Status FaultyFileSystem::SyncFolder(absl::string_view folder) {
  return system_.SyncFolder(folder);
}

absl::Status FaultyFileSystem::Remove(absl::string_view path) {
  LOGBOOM_RETURN_IF_ERROR(Enter(Call::kRemove));
  return system_.Remove(path);
}

absl::Status FaultyFileSystem::Rename(absl::string_view from,
                                      absl::string_view to) {
  LOGBOOM_RETURN_IF_ERROR(Enter(Call::kRename));
  return system_.Rename(from, to);
}

std::string FaultyFileSystem::BootId() {
  MutexLock lock(&mu_);
  return absl::StrCat("boot-", boots_);
}

void FaultyFileSystem::ChangeBootId() {
  MutexLock lock(&mu_);
  ++boots_;
}

}  // namespace logboom
