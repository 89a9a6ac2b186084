#ifndef LOGBOOM_TESTS_BENCH_RELP_LOAD_H_
#define LOGBOOM_TESTS_BENCH_RELP_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/bench/load.h"

namespace logboom {

// One syslog message over and over by RELP (librelp's doc/relp.html): each is
// answered, and no more than `in_flight` (at most 128, as librelp has it) wait
// for their answers on a connection. A thread for each connection.
class RelpLoad final : public Load {
 public:
  RelpLoad(LoadOptions options, absl::string_view message);
  ~RelpLoad() override;

  absl::Status Open(absl::Time deadline) override;
  absl::Status Send(OutputProgress* written, absl::Time deadline) override;
  std::vector<absl::Duration> latencies() const override;

 private:
  class Connection;

  const LoadOptions options_;
  const std::string message_;
  std::vector<std::unique_ptr<Connection>> connections_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_RELP_LOAD_H_
