#ifndef LOGBOOM_SERVER_CONFIG_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "base/host_port.h"
#include "server/ingest/ingest_options.h"
#include "server/journal/journal_options.h"
#include "server/logging/logging_options.h"

namespace logboom {

// Where records come in. There is no authentication: who reaches a listener can
// log, so both ports are on 127.0.0.1 unless a file says otherwise. With all
// three off the server only re-emits what its journal holds.
struct ListenOptions {
  // Publish, health and reflection. Absent: off, and `logboom send`, `logboom
  // health` and C++ clients reach nothing.
  std::optional<HostPort> grpc = HostPort{"127.0.0.1", 4317};
  // Raw frames, as Python's SocketHandler sends them. Absent: off.
  std::optional<HostPort> tcp = HostPort{"127.0.0.1", 9020};
  // Raw frames on a unix socket, at most 107 bytes of path; empty: off.
  std::string unix_path;
};

// Everything a configuration file can say, with its defaults. Each part gets
// its own struct, where each field says what it does; logboomd.example.yaml
// shows them all. Loaded by config_loader.h, whose DefaultConfig() adds the
// console handler that a server without a file has: here no handler exists.
struct Config {
  ListenOptions listen;
  IngestOptions ingest;    // `limits` and `tcp`
  JournalOptions journal;  // `journal`
  LoggingOptions logging;  // `logging`, `handlers` and `apply_logger_levels`
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_CONFIG_H_
