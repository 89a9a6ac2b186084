#include "tests/fault_client/stall_story.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/fault_client/arrivals.h"
#include "tests/fault_client/memory_watch.h"
#include "tests/fault_client/stats_balance.h"

namespace logboom {
namespace {

constexpr int64_t kBufferBytes = int64_t{1} << 20;
constexpr int64_t kSpoolBytes = int64_t{16} << 20;
// What a process may grow by beside the buffer: gRPC's buffers and threads,
// arenas of the threads that log.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LOGBOOM_KEEPS_FREED_MEMORY
#endif
#endif
#ifdef LOGBOOM_KEEPS_FREED_MEMORY
// AddressSanitizer keeps as much of what was freed (its quarantine).
constexpr int64_t kOtherBytes = int64_t{64 + 256} << 20;
#else
constexpr int64_t kOtherBytes = int64_t{64} << 20;
#endif
constexpr absl::Duration kBlockTimeout = absl::Milliseconds(50);
constexpr absl::Duration kShutdownTimeout = absl::Seconds(1);
// Beyond a promised time, something hangs rather than waits for a processor.
constexpr absl::Duration kSlack = absl::Seconds(5);
constexpr absl::Duration kFlushPatience = absl::Seconds(60);
constexpr absl::Duration kHandlerPatience = absl::Minutes(2);

}  // namespace

absl::string_view WhenFullName(WhenFull when_full) {
  switch (when_full) {
    case WhenFull::kBlock:
      return "block";
    case WhenFull::kDropNewest:
      return "drop_newest";
    case WhenFull::kSpill:
      return "spill";
  }
  return "";
}

StallStory::StallStory(const Options& options)
    : options_(options),
      place_(absl::StrCat(TroubleName(options.trouble), ", ",
                          WhenFullName(options.when_full))),
      server_(options.trouble, options.site) {}

absl::Status StallStory::Run(Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(server_.Start());
  client_ = MakeClient();
  LOGBOOM_RETURN_IF_ERROR(client_->Connect(absl::Now() + kFlushPatience));
  LOGBOOM_RETURN_IF_ERROR(LogInTrouble(findings));
  LOGBOOM_RETURN_IF_ERROR(Recover(findings));
  LOGBOOM_RETURN_IF_ERROR(ShutDownInTrouble(findings));
  return CheckTheEnd(findings);
}

std::unique_ptr<Client> StallStory::MakeClient() const {
  logboom::Options options = {.server = server_.address(),
                              .service_name = "stall-story",
                              .buffer_bytes = kBufferBytes,
                              .when_full = options_.when_full,
                              .block_timeout = kBlockTimeout,
                              .connect_timeout = absl::Seconds(1),
                              .backoff_max = absl::Milliseconds(500),
                              .shutdown_timeout = kShutdownTimeout,
                              .spool_bytes = kSpoolBytes,
                              .diagnose = [](std::string_view) {}};
  if (options_.when_full == WhenFull::kSpill) {
    options.spool_dir = absl::StrCat(options_.site.folder, "/spool");
  }
  return Client::Create(options);
}

absl::Status StallStory::LogInTrouble(Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(server_.Begin());
  MemoryWatch memory(client_.get());
  LoggingThreads threads({.life = 1}, client_.get());
  absl::SleepFor(options_.time);
  threads.Stop();
  memory.Stop();
  latencies_ = threads.latencies();
  CheckCalls(threads, findings);
  report_ = absl::StrCat(
      "buffered at most ", memory.most_buffered_bytes() / 1024,
      " KiB, grown by at most ", memory.most_growth_bytes() / 1024, " KiB");
  if (memory.most_buffered_bytes() > kBufferBytes) {
    findings->Add("more is buffered than buffer_bytes",
                  absl::StrCat(place_, ": ", memory.most_buffered_bytes()));
  }
  if (memory.most_growth_bytes() > kBufferBytes + kOtherBytes) {
    findings->Add("the process grew by more than it may",
                  absl::StrCat(place_, ": ", memory.most_growth_bytes()));
  }
  return absl::OkStatus();
}

void StallStory::CheckCalls(const LoggingThreads& threads, Findings* findings) {
  calls_ += threads.all_calls();
  const absl::Duration longest = threads.latencies().max();
  const absl::Duration promised = options_.when_full == WhenFull::kDropNewest
                                      ? absl::ZeroDuration()
                                      : kBlockTimeout;
  if (longest > promised + kSlack) {
    findings->Add("a call hung",
                  absl::StrCat(place_, ": ", absl::FormatDuration(longest)));
  }
}

absl::Status StallStory::Recover(Findings* findings) {
  LOGBOOM_RETURN_IF_ERROR(server_.End());
  const absl::Status flushed = client_->Flush(absl::Now() + kFlushPatience);
  // Losses are expected; that something is still pending is not.
  if (!flushed.ok() && !absl::IsDataLoss(flushed)) {
    findings->Add("Flush failed",
                  absl::StrCat(place_, ": ", flushed.ToString()));
  }
  const ClientStats stats = client_->stats();
  absl::StrAppend(&report_, "; ", ClientStatsText(stats));
  CheckBalance(stats, calls_, place_, findings);
  if (stats.pending != 0) {
    findings->Add("something is pending after Flush",
                  absl::StrCat(place_, ": ", ClientStatsText(stats)));
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const JournalLedger ledger,
      server_.site().Drain(absl::Now() + kHandlerPatience));
  ledger.ExpectLossesOf(stats, /*at_most=*/false, place_, findings);
  Arrivals arrivals(findings);
  arrivals.ReadFile(server_.site().output_file());
  if (arrivals.lines() != ledger.stored ||
      arrivals.lines() + stats.lost() != calls_) {
    findings->Add("what arrived and what was lost are not all calls",
                  absl::StrCat(place_, ": ", arrivals.lines(), " arrived of ",
                               ledger.stored, " stored; ", calls_, " calls; ",
                               ClientStatsText(stats)));
  }
  return server_.site().Start();
}

absl::Status StallStory::ConnectAgain() {
  const absl::Time deadline = absl::Now() + kFlushPatience;
  absl::Status status;
  while (absl::Now() < deadline) {
    // An attempt of the time when the server was away may still be failing.
    status = client_->Connect(deadline);
    if (status.ok()) return status;
    absl::SleepFor(absl::Milliseconds(50));
  }
  return status;
}

absl::Status StallStory::ShutDownInTrouble(Findings* findings) {
  // Connected again, so that the trouble finds a session.
  LOGBOOM_RETURN_IF_ERROR(ConnectAgain());
  LOGBOOM_RETURN_IF_ERROR(server_.Begin());
  LoggingThreads threads({.life = 2}, client_.get());
  absl::SleepFor(options_.time / 4);
  threads.Stop();
  CheckCalls(threads, findings);
  const absl::Time begin = absl::Now();
  client_->Shutdown();
  const absl::Duration took = absl::Now() - begin;
  absl::StrAppend(
      &report_, "; shut down in ",
      absl::FormatDuration(absl::Floor(took, absl::Milliseconds(1))));
  if (took > kShutdownTimeout + kSlack) {
    findings->Add("Shutdown hung",
                  absl::StrCat(place_, ": ", absl::FormatDuration(took)));
  }
  return server_.End();
}

// A batch whose acknowledgement did not come in time is counted as lost, or is
// still in the spool, and may have been stored: those may overlap with what
// arrived, other losses may not.
absl::Status StallStory::CheckTheEnd(Findings* findings) {
  const ClientStats stats = client_->stats();
  absl::StrAppend(&report_, "; ", ClientStatsText(stats));
  CheckBalance(stats, calls_, place_, findings);
  if (stats.pending != stats.spooled) {
    findings->Add("something is pending after Shutdown, not in the spool",
                  absl::StrCat(place_, ": ", ClientStatsText(stats)));
  }
  LOGBOOM_ASSIGN_OR_RETURN(
      const JournalLedger ledger,
      server_.site().Drain(absl::Now() + kHandlerPatience));
  ledger.ExpectLossesOf(stats, /*at_most=*/true, place_, findings);
  Arrivals arrivals(findings);
  arrivals.ReadFile(server_.site().output_file());
  const int64_t overlap = stats.lost_shut_down + stats.pending;
  if (arrivals.lines() < stats.acknowledged ||
      arrivals.lines() > stats.acknowledged + overlap) {
    findings->Add("what arrived is not what the client says at its end",
                  absl::StrCat(place_, ": ", arrivals.lines(), " arrived; ",
                               ClientStatsText(stats)));
  }
  return absl::OkStatus();
}

}  // namespace logboom
