#ifndef LOGBOOM_TESTS_FAULT_KILL_RUN_H_
#define LOGBOOM_TESTS_FAULT_KILL_RUN_H_

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tests/fault/findings.h"
#include "tests/fault/kill_plan.h"
#include "tests/fault/publish_producer.h"
#include "tests/fault/raw_sender.h"
#include "tests/fault/saboteur.h"
#include "tests/fault/server_board.h"
#include "tests/fault/stats_check.h"
#include "tests/fault/verdict.h"
#include "tests/testing/logboomd_process.h"

namespace logboom {

// The whole of it: a server that is killed and started again while senders
// stream into it and a saboteur is at its handlers' files; then an orderly
// stop, and the search for whatever is not as it must be.
//
// Its main thread plans, kills and checks. One thread.
class KillRun {
 public:
  struct Options {
    std::string server;  // programs
    std::string cli;
    std::string folder;  // exists, empty; not removed
    int kills = 20;
    uint64_t seed = 0;
    bool sabotage = true;  // tamper with handlers' files
  };

  explicit KillRun(const Options& options);

  // Returns when all is checked. Errors: it could not be carried out, which is
  // no finding but a failure all the same.
  absl::Status Run();

  const Findings& findings() const { return findings_; }
  // What was done and found, for people.
  std::string Report() const;

 private:
  struct KillCounts {
    int kills = 0;
    int while_starting = 0;
    int while_stopping = 0;
    int stops = 0;  // it had stopped before the kill
    int torn = 0;   // files that ended inside a record after a kill
  };

  absl::Status Prepare();
  void StartSenders();
  absl::Status RunAndKill();
  absl::Status Sabotage(const KillPlan& plan, absl::Time begin);
  absl::Status Kill(const KillPlan& plan);
  void CountTornFiles();
  absl::Status FinishAndStop();
  absl::Status DrainHandlers();
  void Check();

  absl::Status StartServer();
  // Waits for it to listen and tells the senders.
  absl::Status Announce();
  absl::Status StopServer();
  // It is a finding when the server ends by itself before `deadline`.
  absl::Status LetItRunUntil(absl::Time deadline);
  // Takes its messages over, and looks for those that must not come.
  void EndServer();
  bool HandlersAreDone() const;
  // Reads each handler's file.
  void CheckOutputs();
  Deeds CollectDeeds() const;
  std::string PathOf(absl::string_view name) const;

  const Options options_;
  std::mt19937_64 random_;
  Findings findings_;
  ServerBoard board_;
  StatsCheck stats_;
  Saboteur saboteur_;
  std::vector<std::unique_ptr<PublishProducer>> producers_;
  std::vector<std::unique_ptr<RawSender>> raw_senders_;
  std::unique_ptr<LogboomdProcess> server_;
  int announced_ = 0;
  KillCounts counts_;
  absl::Time begin_;
  absl::Time stopped_;
  JournalContents journal_;
  RawReport raw_;
  std::map<std::string, OutputReport> outputs_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_KILL_RUN_H_
