#ifndef LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_

#include <optional>
#include <string>
#include <utility>

#include "base/unique_fd.h"
#include "server/logging/appended_file.h"
#include "server/logging/handler.h"

namespace logboom {

// logging.FileHandler: appends to a file, created when it is missing (mode
// 0644 less the umask). The file may be a FIFO or a device: these have no
// output() and are not locked; a FIFO without a reader is a destination that
// fails for now.
class FileHandler : public Handler {
 public:
  // With `truncate` (mode 'w') the first Open of a new handler empties the
  // file.
  FileHandler(std::string filename, bool truncate,
              FileCalls calls = FileCalls::System())
      : filename_(std::move(filename)),
        calls_(std::move(calls)),
        truncate_(truncate) {}

  absl::StatusOr<ResumedOutput> Open(const OutputClaim& claim) override;
  absl::Status Write(const TextBlock& block, size_t* begin,
                     const StopSignal& stop) override;
  OutputFile output() const override;
  absl::Status Sync() override;
  bool IsReplaced() const override;
  void Close() override;

 private:
  absl::StatusOr<ResumedOutput> OpenRegular(UniqueFd fd,
                                            const OutputClaim& claim);
  absl::Status WriteRegular(const TextBlock& block, size_t* begin);
  absl::Status WriteStream(const TextBlock& block, size_t* begin,
                           const StopSignal& stop);
  // Adds that the file is locked, or cannot be, the first time.
  void NoteLock(std::string* note);

  const std::string filename_;
  const FileCalls calls_;
  bool truncate_;
  bool lock_noted_ = false;
  // One of the two, while it is open.
  std::optional<AppendedFile> file_;
  UniqueFd stream_;  // of what is no regular file
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_
