#include "tests/bench/process_meter.h"

#include <time.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"

namespace logboom {
namespace {

constexpr absl::Duration kSampleInterval = absl::Milliseconds(5);
constexpr absl::string_view kAnonymousLine = "RssAnon:";

}  // namespace

absl::Duration ProcessCpuTime(pid_t pid) {
  clockid_t clock;
  timespec time;
  if (clock_getcpuclockid(pid, &clock) != 0 ||
      clock_gettime(clock, &time) != 0) {
    return absl::ZeroDuration();
  }
  return absl::DurationFromTimespec(time);
}

int64_t ProcessAnonymousBytes(pid_t pid) {
  std::ifstream status(absl::StrCat("/proc/", pid, "/status"));
  std::string line;
  while (std::getline(status, line)) {
    if (!absl::StartsWith(line, kAnonymousLine)) continue;
    int64_t kib = 0;
    const absl::string_view rest =
        absl::string_view(line).substr(kAnonymousLine.size());
    if (absl::SimpleAtoi(rest.substr(0, rest.find("kB")), &kib)) {
      return kib * 1024;
    }
  }
  return 0;
}

ProcessMeter::ProcessMeter(pid_t pid)
    : pid_(pid),
      cpu_begin_(ProcessCpuTime(pid)),
      sampler_([this] { Sample(); }) {}

ProcessMeter::~ProcessMeter() {
  if (sampler_.joinable()) Stop();
}

void ProcessMeter::Stop() {
  cpu_end_ = ProcessCpuTime(pid_);
  stop_.store(true);
  sampler_.join();
}

void ProcessMeter::Sample() {
  do {
    peak_bytes_ = std::max(peak_bytes_, ProcessAnonymousBytes(pid_));
    absl::SleepFor(kSampleInterval);
  } while (!stop_.load());
}

}  // namespace logboom
