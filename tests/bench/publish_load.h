#ifndef LOGBOOM_TESTS_BENCH_PUBLISH_LOAD_H_
#define LOGBOOM_TESTS_BENCH_PUBLISH_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/ack_latencies.h"
#include "tests/bench/batch_stream.h"
#include "tests/bench/load.h"

namespace logboom {

// Batches over Publish streams, each on a connection of its own.
class PublishLoad final : public Load {
 public:
  // `batches`, sent in turns, are LogBatches without sequence. `synced` is the
  // depth of the acks.
  PublishLoad(const LoadOptions& options, bool synced,
              const std::vector<std::string>& batches);

  absl::Status Open(absl::Time deadline) override;
  absl::Status Send(OutputProgress* written, absl::Time deadline) override;
  std::vector<absl::Duration> latencies() const override;

 private:
  const uint64_t messages_each_;
  std::vector<std::unique_ptr<AckLatencies>> latencies_;
  std::vector<std::unique_ptr<BatchStream>> streams_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_PUBLISH_LOAD_H_
