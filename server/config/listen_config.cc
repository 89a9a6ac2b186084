#include "server/config/listen_config.h"

#include <arpa/inet.h>
#include <sys/un.h>

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace logboom {
namespace {

constexpr char kAccepted[] =
    "; accepted: HOST:PORT, [IPv6]:PORT, PORT (on 127.0.0.1), off";

absl::Status Bad(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat(Quote(text), " ", why, kAccepted));
}

bool IsHostName(absl::string_view host) {
  return !host.empty() && host.size() <= 253 &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return absl::ascii_isalnum(c) || c == '-' || c == '.' || c == '_';
         });
}

// Digits and dots are meant as an IPv4 address, and then must be one.
bool IsBrokenIpv4(const std::string& host) {
  in_addr ignored;
  return host.find_first_not_of("0123456789.") == std::string::npos &&
         inet_pton(AF_INET, host.c_str(), &ignored) != 1;
}

absl::Status CheckHost(absl::string_view text, const std::string& host,
                       bool in_brackets) {
  in6_addr ignored;
  const bool is_ipv6 = inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
  if (in_brackets) {
    if (is_ipv6) return absl::OkStatus();
    return Bad(text, "has no IPv6 address in its brackets");
  }
  if (host.empty() || host == "*") {
    return Bad(text,
               "names no host (0.0.0.0 is every IPv4 interface, [::] every "
               "interface)");
  }
  if (is_ipv6) {
    return Bad(text, "has an IPv6 address without brackets");
  }
  if (!IsHostName(host) || IsBrokenIpv4(host)) {
    return Bad(text, "names no valid host");
  }
  return absl::OkStatus();
}

bool IsOff(const YamlNode& node) {
  return node.kind == YamlNode::Kind::kNull ||
         (node.kind == YamlNode::Kind::kBool && !node.boolean) ||
         (node.kind == YamlNode::Kind::kString && node.text == "off");
}

void LoadAddress(const ConfigValue* value, std::optional<HostPort>* address) {
  if (value == nullptr) return;
  address->reset();
  const YamlNode& node = value->node();
  if (IsOff(node)) return;
  if (node.kind != YamlNode::Kind::kString &&
      node.kind != YamlNode::Kind::kInt) {
    value->WrongType(absl::StripPrefix(kAccepted, "; accepted: "));
    return;
  }
  const absl::StatusOr<HostPort> parsed = ParseHostPort(node.text);
  if (parsed.ok()) {
    *address = *parsed;
  } else {
    value->Error(parsed.status().message());
  }
}

void LoadUnixPath(const ConfigValue* value, std::string* path) {
  if (value == nullptr || IsOff(value->node())) return;
  const std::optional<std::string> text = value->String();
  if (!text.has_value()) return;
  constexpr size_t kMost = sizeof(sockaddr_un::sun_path) - 1;
  if (text->empty() || text->size() > kMost ||
      text->find('\0') != std::string::npos) {
    value->Error(absl::StrCat("a path of ", text->size(),
                              " bytes cannot be a socket's; accepted: a path "
                              "of 1 to ",
                              kMost, " bytes, off"));
    return;
  }
  *path = *text;
}

}  // namespace

absl::StatusOr<HostPort> ParseHostPort(absl::string_view text) {
  const size_t colon = text.rfind(':');
  absl::string_view host = "127.0.0.1";
  absl::string_view port = text;
  if (colon != absl::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon + 1);
  }
  const bool in_brackets =
      host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (in_brackets) host = host.substr(1, host.size() - 2);
  const bool digits = !port.empty() && port.find_first_not_of("0123456789") ==
                                           absl::string_view::npos;
  uint32_t number = 0;
  if (!digits) return Bad(text, "has no port number");
  if (!absl::SimpleAtoi(port, &number) || number > 65535) {
    return Bad(text, "has a port above 65535");
  }
  HostPort address{std::string(host), static_cast<uint16_t>(number)};
  const absl::Status status = CheckHost(text, address.host, in_brackets);
  if (!status.ok()) return status;
  return address;
}

void LoadListen(const ConfigValue& value, ListenOptions* listen) {
  const ConfigMap map(value, {"grpc", "tcp", "unix"});
  LoadAddress(map.Get("grpc"), &listen->grpc);
  LoadAddress(map.Get("tcp"), &listen->tcp);
  LoadUnixPath(map.Get("unix"), &listen->unix_path);
  const auto& grpc = listen->grpc;
  const auto& tcp = listen->tcp;
  if (!grpc.has_value() || !tcp.has_value()) return;
  if (grpc->port == 0 || grpc->port != tcp->port || grpc->host != tcp->host) {
    return;
  }
  // At the second of the two, or the one that the file gives.
  const ConfigValue* at = map.Get("grpc");
  const ConfigValue* other = map.Get("tcp");
  if (at == nullptr ||
      (other != nullptr && IsBefore(at->node().at, other->node().at))) {
    at = other;
  }
  at->Error(absl::StrCat("listen.grpc and listen.tcp are both ", grpc->host,
                         ":", grpc->port, "; accepted: two addresses"));
}

}  // namespace logboom
