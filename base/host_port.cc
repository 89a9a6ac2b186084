#include "base/host_port.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace logboom {

std::string HostPort::ToString() const {
  if (absl::StrContains(host, ':')) return absl::StrCat("[", host, "]:", port);
  return absl::StrCat(host, ":", port);
}

}  // namespace logboom
