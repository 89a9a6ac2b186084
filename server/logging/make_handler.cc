#include "server/logging/make_handler.h"

#include "proto/wire/level.h"
#include "server/logging/file_handler.h"
#include "server/logging/stream_handler.h"

namespace logboom {

std::unique_ptr<Handler> MakeHandler(const HandlerOptions& options) {
  switch (options.kind) {
    case HandlerOptions::Kind::kStream:
      return std::make_unique<StreamHandler>(
          &StandardStream::Get(options.stream));
    case HandlerOptions::Kind::kFile:
      return std::make_unique<FileHandler>(options.filename, options.truncate);
    case HandlerOptions::Kind::kNull:
      return nullptr;
  }
  return nullptr;
}

HandlerOptions LastResortOptions() {
  return {.name = "logging.lastResort",
          .stream = HandlerOptions::Stream::kStderr,
          .level = kLevelWarning};
}

}  // namespace logboom
