#ifndef LOGBOOM_SERVER_INGEST_GRPC_OPEN_CALLS_H_
#define LOGBOOM_SERVER_INGEST_GRPC_OPEN_CALLS_H_

#include <memory>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/mutex.h"

namespace logboom {

// The calls of one method that gRPC is not done with: what owns their reactors.
// Thread-safe.
template <typename Call>
class OpenCalls {
 public:
  // Owns `call` until Remove(). False once Drain() was called: it is to end.
  bool Add(std::shared_ptr<Call> call) ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    Call* const key = call.get();
    calls_.emplace(key, std::move(call));
    return !draining_;
  }

  // For the call's OnDone, once. May destroy it.
  void Remove(Call* call) ABSL_LOCKS_EXCLUDED(mu_) {
    std::shared_ptr<Call> owned;  // destroyed without the lock
    MutexLock lock(&mu_);
    const auto found = calls_.find(call);
    owned = std::move(found->second);
    calls_.erase(found);
  }

  // The calls there are, to be told that no further ones are taken.
  std::vector<std::shared_ptr<Call>> Drain() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    draining_ = true;
    std::vector<std::shared_ptr<Call>> calls;
    for (const auto& [_, call] : calls_) calls.push_back(call);
    return calls;
  }

 private:
  Mutex mu_;
  absl::flat_hash_map<Call*, std::shared_ptr<Call>> calls_ ABSL_GUARDED_BY(mu_);
  bool draining_ ABSL_GUARDED_BY(mu_) = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_GRPC_OPEN_CALLS_H_
