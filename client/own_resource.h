#ifndef LOGBOOM_CLIENT_OWN_RESOURCE_H_
#define LOGBOOM_CLIENT_OWN_RESOURCE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"

namespace logboom {

using ResourceAttributes = std::vector<std::pair<std::string, std::string>>;

// Who this program is, as an encoded Resource: service.name (empty: the
// program's name), service.instance.id (drawn at random at each call),
// host.name, process.pid, and `more`, which replaces what has the same name.
std::string EncodeOwnResource(absl::string_view service_name,
                              const ResourceAttributes& more = {});

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_OWN_RESOURCE_H_
