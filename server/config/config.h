#ifndef LOGBOOM_SERVER_CONFIG_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "server/ingest/ingest_options.h"
#include "server/journal/journal_options.h"
#include "server/logging/logging_options.h"

namespace logboom {

struct HostPort {
  std::string host;
  uint16_t port = 0;  // 0: a free one
};

struct ListenOptions {
  // Publish, health and reflection. Absent: off.
  std::optional<HostPort> grpc = HostPort{"127.0.0.1", 4317};
  // Raw frames. Absent: off.
  std::optional<HostPort> tcp = HostPort{"127.0.0.1", 9020};
  // Raw frames on a unix socket; empty: off.
  std::string unix_path;
};

// Everything a configuration file can say, with its defaults: a server without
// a file runs with Config{} and a console handler on the root (DefaultConfig).
struct Config {
  ListenOptions listen;
  IngestOptions ingest;
  JournalOptions journal;
  LoggingOptions logging;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_CONFIG_H_
