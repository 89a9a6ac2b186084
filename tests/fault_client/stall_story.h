#ifndef LOGBOOM_TESTS_FAULT_CLIENT_STALL_STORY_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_STALL_STORY_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "logboom/client.h"
#include "tests/fault/findings.h"
#include "tests/fault_client/call_latencies.h"
#include "tests/fault_client/logging_threads.h"
#include "tests/fault_client/trouble.h"

namespace logboom {

// A program logs as fast as it can while its server is in trouble: no call may
// hang, memory stays within its bounds, and when the server is well again every
// call has arrived or is a loss that the server was told of. Then, in trouble
// again, the program ends. One thread.
class StallStory {
 public:
  struct Options {
    ServerSite::Options site;
    Trouble trouble = Trouble::kStopped;
    WhenFull when_full = WhenFull::kBlock;
    absl::Duration time = absl::Seconds(1);
  };

  explicit StallStory(const Options& options);

  // Errors: it could not be carried out.
  absl::Status Run(Findings* findings);

  const CallLatencies& latencies() const { return latencies_; }
  // What became of the records, for people.
  const std::string& report() const { return report_; }

 private:
  std::unique_ptr<Client> MakeClient() const;
  absl::Status LogInTrouble(Findings* findings);
  absl::Status Recover(Findings* findings);
  absl::Status ConnectAgain();
  absl::Status ShutDownInTrouble(Findings* findings);
  absl::Status CheckTheEnd(Findings* findings);
  void CheckCalls(const LoggingThreads& threads, Findings* findings);

  const Options options_;
  const std::string place_;  // "frozen, block"
  TroubledServer server_;
  std::unique_ptr<Client> client_;
  CallLatencies latencies_;
  int64_t calls_ = 0;
  std::string report_;
};

absl::string_view WhenFullName(WhenFull when_full);  // "drop_newest"

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_STALL_STORY_H_
