#include "client/own_resource.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/random_bytes.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

// A UUID of version 4 (RFC 9562, 5.4).
std::string RandomUuid() {
  std::array<char, 16> bytes;
  FillRandom(bytes.data(), bytes.size());
  bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);
  const std::string hex =
      absl::BytesToHexString(absl::string_view(bytes.data(), bytes.size()));
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-",
                      hex.substr(12, 4), "-", hex.substr(16, 4), "-",
                      hex.substr(20));
}

std::string HostName() {
  char host[256] = "";
  gethostname(host, sizeof(host) - 1);
  return host;
}

// A Resource's attributes have the field number of a map's pairs.
class ResourceWriter {
 public:
  explicit ResourceWriter(std::string* out)
      : message_(out), value_(&message_) {}

  void Text(absl::string_view key, absl::string_view text) {
    const ValueWriter::OpenPair pair = value_.BeginPair(key);
    value_.String(text);
    value_.EndPair(pair);
  }
  void Int(absl::string_view key, int64_t number) {
    const ValueWriter::OpenPair pair = value_.BeginPair(key);
    value_.Int(number);
    value_.EndPair(pair);
  }

 private:
  MessageWriter message_;
  ValueWriter value_;
};

}  // namespace

std::string EncodeOwnResource(absl::string_view service_name,
                              const ResourceAttributes& more) {
  const auto given = [&more](absl::string_view key) {
    return std::any_of(more.begin(), more.end(),
                       [key](const auto& pair) { return pair.first == key; });
  };
  std::string encoded;
  ResourceWriter resource(&encoded);
  if (!given("service.name")) {
    resource.Text("service.name", service_name.empty()
                                      ? program_invocation_short_name
                                      : service_name);
  }
  if (!given("service.instance.id")) {
    resource.Text("service.instance.id", RandomUuid());
  }
  if (!given("host.name")) resource.Text("host.name", HostName());
  if (!given("process.pid")) resource.Int("process.pid", getpid());
  for (const auto& [key, value] : more) resource.Text(key, value);
  return encoded;
}

}  // namespace logboom
