#ifndef LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_

#include <string>

#include "base/unique_fd.h"
#include "server/logging/handler.h"

namespace logboom {

// logging.FileHandler: appends to a file, created when it is missing (mode
// 0644 less the umask). The file may be a FIFO: without a reader it is a
// destination that fails for now.
class FileHandler : public Handler {
 public:
  // With `truncate` the first Open empties the file (mode 'w').
  FileHandler(std::string filename, bool truncate)
      : filename_(std::move(filename)), truncate_(truncate) {}

  absl::Status Open() override;
  absl::Status Write(const TextBlock& block, size_t* begin,
                     const StopSignal& stop) override;

 private:
  const std::string filename_;
  bool truncate_;
  UniqueFd fd_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FILE_HANDLER_H_
