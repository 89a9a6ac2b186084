#include "tests/fault_client/spool_story.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/fault_client/spool_contents.h"

namespace logboom {
namespace {

// Bounds for what takes a fraction of them; beyond, something hangs.
constexpr absl::Duration kEndPatience = absl::Seconds(30);
constexpr int kDrainSeconds = 120;
constexpr absl::Duration kHandlerPatience = absl::Minutes(5);

// Every so many lives one ends in order, with its server away.
constexpr int kOrderlyEvery = 3;

}  // namespace

SpoolStory::SpoolStory(const Options& options)
    : options_(options), random_(options.seed), site_(options.site) {}

absl::Status SpoolStory::Run(Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(site_.Start());
  for (int life = 1; life <= options_.lives; ++life) {
    LOGBOOM_RETURN_IF_ERROR(RunLife(life, findings));
  }
  LOGBOOM_RETURN_IF_ERROR(DrainSpool(findings));
  return Check(findings);
}

absl::Status SpoolStory::RunLife(int life, Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(
      StartVictim(life, {"--rate", absl::StrCat(options_.records_per_second)}));
  LOGBOOM_RETURN_IF_ERROR(DisturbServer(
      absl::Now() + DrawTime(absl::Milliseconds(100), absl::Seconds(1.2))));
  return life % kOrderlyEvery == 0 ? EndInOrder(life, findings)
                                   : KillVictim(findings);
}

absl::Status SpoolStory::DisturbServer(absl::Time end) {
  while (absl::Now() < end) {
    const absl::Duration step =
        DrawTime(absl::Milliseconds(50), absl::Milliseconds(400));
    absl::SleepFor(std::min(step, end - absl::Now()));
    if (!site_.running()) {
      if (Chance(0.5)) LOGBOOM_RETURN_IF_ERROR(site_.Start());
    } else if (Chance(0.4)) {
      ++server_kills_;
      LOGBOOM_RETURN_IF_ERROR(site_.Kill());
    }
  }
  return absl::OkStatus();
}

absl::Status SpoolStory::StartVictim(int life,
                                     const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {
      options_.victim,    "--server",      site_.address(),
      "--spool",          PathOf("spool"), "--life",
      absl::StrCat(life), "--calls",       CallsFile(life)};
  arguments.insert(arguments.end(), more.begin(), more.end());
  LOGBOOM_ASSIGN_OR_RETURN(
      victim_, VictimProcess::Start(arguments, PathOf("victim.log")));
  return absl::OkStatus();
}

absl::Status SpoolStory::EndInOrder(int life, Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(site_.Kill());
  victim_->Signal(SIGTERM);
  LOGBOOM_ASSIGN_OR_RETURN(const int result,
                           victim_->Wait(absl::Now() + kEndPatience));
  ended_lives_.push_back(life);
  if (result != 0) {
    findings->Add("a life with a spool ended in order, but lost records",
                  absl::StrCat("life ", life, ", exit code ", result,
                               "; see victim.log"));
  }
  // What had not reached the server before it was killed.
  const std::vector<LoggedLine> seen = ReadSpool(PathOf("spool"), findings);
  spooled_.insert(seen.begin(), seen.end());
  return absl::OkStatus();
}

absl::Status SpoolStory::KillVictim(Findings* findings) {
  victim_->Signal(SIGKILL);
  LOGBOOM_ASSIGN_OR_RETURN(const int result,
                           victim_->Wait(absl::Now() + kEndPatience));
  if (result != -SIGKILL) {
    findings->Add("the program ended by itself",
                  absl::StrCat("with ", result, "; see victim.log"));
  }
  const std::vector<LoggedLine> seen = ReadSpool(PathOf("spool"), findings);
  spooled_.insert(seen.begin(), seen.end());
  return absl::OkStatus();
}

absl::Status SpoolStory::DrainSpool(Findings* findings) {
  if (!site_.running()) LOGBOOM_RETURN_IF_ERROR(site_.Start());
  const int life = options_.lives + 1;
  LOGBOOM_RETURN_IF_ERROR(StartVictim(
      life, {"--rate", "1000", "--drain", absl::StrCat(kDrainSeconds)}));
  LOGBOOM_ASSIGN_OR_RETURN(
      const int result,
      victim_->Wait(absl::Now() + absl::Seconds(kDrainSeconds) + kEndPatience));
  ended_lives_.push_back(life);
  if (result != 0) {
    findings->Add("the last life did not send all there was",
                  absl::StrCat("exit code ", result, "; see victim.log"));
  }
  const auto left = ReadSpool(PathOf("spool"), findings);
  report_ =
      absl::StrCat(options_.lives, " lives of the program, ", server_kills_,
                   " kills of the server; ", spooled_.size(),
                   " records seen in the spool after kills, ", left.size(),
                   " still in its files in the end\n");
  return absl::OkStatus();
}

absl::Status SpoolStory::Check(Findings* findings) {
  LOGBOOM_ASSIGN_OR_RETURN(const JournalLedger ledger,
                           site_.Drain(absl::Now() + kHandlerPatience));
  ledger.ExpectNoLosses(findings);
  Arrivals arrivals(findings);
  arrivals.ReadFile(site_.output_file());
  for (const LoggedLine& line : spooled_) arrivals.Expect(line);
  int64_t in_order = 0;
  for (const int life : ended_lives_) {
    std::ifstream calls(CallsFile(life));
    uint64_t count = 0;
    int thread = 0;
    for (; calls >> count; ++thread) {
      arrivals.ExpectAll({life, thread}, count);
      in_order += static_cast<int64_t>(count);
    }
    if (thread == 0) {
      findings->Add("a life that ended in order did not say what it logged",
                    absl::StrCat("life ", life));
    }
  }
  absl::StrAppend(&report_, in_order, " records of lives that ended in order; ",
                  arrivals.lines(), " arrived\n");
  if (spooled_.empty()) {
    findings->Add("nothing was spooled, so nothing was tested", report_);
  }
  return absl::OkStatus();
}

absl::Duration SpoolStory::DrawTime(absl::Duration least, absl::Duration most) {
  return least +
         std::uniform_real_distribution<double>(0, 1)(random_) * (most - least);
}

std::string SpoolStory::PathOf(absl::string_view name) const {
  return absl::StrCat(options_.site.folder, "/", name);
}

std::string SpoolStory::CallsFile(int life) const {
  return PathOf(absl::StrCat("calls-", life));
}

}  // namespace logboom
