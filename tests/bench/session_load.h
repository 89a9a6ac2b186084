#ifndef LOGBOOM_TESTS_BENCH_SESSION_LOAD_H_
#define LOGBOOM_TESTS_BENCH_SESSION_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "tests/bench/load.h"

namespace logboom {

// Publish sessions by the thousand: `in_flight` of them share each connection,
// and each sends its next batch when the last one is acknowledged. (Sessions of
// our client have a connection each.)
class SessionLoad final : public Load {
 public:
  // `batch` is an encoded LogBatch without its sequence.
  SessionLoad(LoadOptions options, absl::string_view batch);
  // Ends all sessions.
  ~SessionLoad() override;

  absl::Status Open(absl::Time deadline) override;
  // Sends until the deadline, however many messages there should be.
  absl::Status Send(OutputProgress* written, absl::Time deadline) override;

 private:
  class Stream;

  void OnOpened() ABSL_LOCKS_EXCLUDED(mu_);
  void OnFailed(const absl::Status& why) ABSL_LOCKS_EXCLUDED(mu_);
  void OnDone() ABSL_LOCKS_EXCLUDED(mu_);

  const LoadOptions options_;
  const std::string batch_;
  std::vector<std::unique_ptr<Stream>> streams_;
  Mutex mu_;
  CondVar changed_;  // signalled with each of these
  size_t opened_ ABSL_GUARDED_BY(mu_) = 0;
  size_t done_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status failure_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SESSION_LOAD_H_
