#ifndef LOGBOOM_SERVER_CONFIG_LISTEN_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_LISTEN_CONFIG_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/config/config.h"
#include "server/config/config_value.h"

namespace logboom {

// HOST:PORT, [IPv6]:PORT or a bare PORT, which is on 127.0.0.1: nothing listens
// to the network unless a configuration says where.
// Errors: INVALID_ARGUMENT, saying what is wrong and what is accepted.
absl::StatusOr<HostPort> ParseHostPort(absl::string_view text);

// Loads the `listen:` section into `listen`, which holds the defaults.
void LoadListen(const ConfigValue& value, ListenOptions* listen);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_LISTEN_CONFIG_H_
