#include "tests/bench/machine_description.h"

#include <grpcpp/grpcpp.h>
#include <sys/utsname.h>

#include <cstdio>
#include <fstream>
#include <thread>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace logboom {
namespace {

std::string ProcessorModel() {
  std::ifstream info("/proc/cpuinfo");
  std::string line;
  while (std::getline(info, line)) {
    if (!absl::StartsWith(line, "model name")) continue;
    return std::string(absl::StripAsciiWhitespace(
        absl::string_view(line).substr(line.find(':') + 1)));
  }
  return "unknown";
}

// The first words of what a command says; empty when it is not there.
std::string FirstWords(const char* command) {
  FILE* const pipe = popen(command, "re");
  if (pipe == nullptr) return "";
  char text[64] = {};
  const size_t size = fread(text, 1, sizeof text, pipe);
  pclose(pipe);
  const absl::string_view said(text, size);
  return std::string(said.substr(0, said.find_first_of("(\n")));
}

}  // namespace

std::map<std::string, std::string> DescribeMachine() {
  utsname system;
  uname(&system);
  std::map<std::string, std::string> machine = {
      {"processor", ProcessorModel()},
      {"processors", absl::StrCat(std::thread::hardware_concurrency())},
      {"kernel", absl::StrCat(system.sysname, " ", system.release)},
      {"compiler", __VERSION__},
      {"grpc", grpc::Version()},
      {"python", FirstWords("python3 --version 2>/dev/null")},
      {"rsyslog", FirstWords("/usr/sbin/rsyslogd -v 2>/dev/null")}};
  return machine;
}

}  // namespace logboom
