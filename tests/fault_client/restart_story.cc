#include "tests/fault_client/restart_story.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "logboom/client.h"
#include "tests/fault_client/stats_balance.h"

namespace logboom {
namespace {

// Bounds for what takes a fraction of them; beyond, something hangs.
constexpr absl::Duration kFlushPatience = absl::Seconds(120);
constexpr absl::Duration kDrainPatience = absl::Minutes(5);

}  // namespace

RestartStory::RestartStory(const Options& options)
    : options_(options), random_(options.seed), site_(options.site) {}

absl::Status RestartStory::Run(Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(site_.Start());
  const auto client = Client::Create({.server = site_.address(),
                                      .service_name = "restart-story",
                                      .when_full = WhenFull::kBlock,
                                      .block_timeout = absl::Minutes(1),
                                      .backoff_max = absl::Seconds(1)});
  const absl::Time begin = absl::Now();
  LoggingThreads threads({.records_per_second = options_.records_per_second},
                         client.get());
  const absl::Time end = begin + options_.time;
  while (absl::Now() < end) {
    const absl::Duration wait = DrawTime(absl::Seconds(1), absl::Seconds(4));
    absl::SleepFor(std::min(wait, end - absl::Now()));
    LOGBOOM_RETURN_IF_ERROR(KillAndRestart());
  }
  threads.Stop();
  const absl::Duration took = absl::Now() - begin;
  const absl::Status flushed = client->Flush(absl::Now() + kFlushPatience);
  if (!flushed.ok()) findings->Add("Flush failed", flushed.ToString());
  const ClientStats stats = client->stats();
  client->Shutdown();
  report_ = absl::StrCat(
      kills_, " kills and ", stops_, " stops in ",
      absl::FormatDuration(absl::Floor(took, absl::Milliseconds(1))), "; ",
      threads.all_calls(), " records, ",
      static_cast<int64_t>(static_cast<double>(threads.all_calls()) /
                           absl::ToDoubleSeconds(took)),
      "/s\n", ClientStatsText(stats), "\nlongest call ",
      absl::FormatDuration(threads.latencies().max()), "\n");
  return Check(threads, stats, findings);
}

absl::Status RestartStory::KillAndRestart() {
  if (std::bernoulli_distribution(0.2)(random_)) {
    ++stops_;
    LOGBOOM_RETURN_IF_ERROR(site_.Stop());
  } else {
    ++kills_;
    LOGBOOM_RETURN_IF_ERROR(site_.Kill());
  }
  absl::SleepFor(DrawTime(absl::ZeroDuration(), absl::Milliseconds(500)));
  return site_.Start();
}

absl::Status RestartStory::Check(const LoggingThreads& threads,
                                 const ClientStats& stats, Findings* findings) {
  CheckBalance(stats, threads.all_calls(), "restart", findings);
  if (stats.acknowledged != threads.all_calls()) {
    findings->Add("stats: not all is acknowledged after Flush",
                  ClientStatsText(stats));
  }
  LOGBOOM_ASSIGN_OR_RETURN(const JournalLedger ledger,
                           site_.Drain(absl::Now() + kDrainPatience));
  ledger.ExpectNoLosses(findings);
  Arrivals arrivals(findings);
  arrivals.ReadFile(site_.output_file());
  threads.ExpectAll(&arrivals);
  return absl::OkStatus();
}

absl::Duration RestartStory::DrawTime(absl::Duration least,
                                      absl::Duration most) {
  return least +
         std::uniform_real_distribution<double>(0, 1)(random_) * (most - least);
}

}  // namespace logboom
