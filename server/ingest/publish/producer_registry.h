#ifndef LOGBOOM_SERVER_INGEST_PUBLISH_PRODUCER_REGISTRY_H_
#define LOGBOOM_SERVER_INGEST_PUBLISH_PRODUCER_REGISTRY_H_

#include <cstddef>
#include <memory>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "base/mutex.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// Which stream speaks for each producer id: the one that opened its session
// last. A newer one fences the older, and has its turn only when nothing that
// an older one appends can still be on its way to the journal, however many
// take over in a row.
//
// Thread-safe; calls nobody under its lock.
class ProducerRegistry {
 public:
  class Speaker {
   public:
    virtual ~Speaker() = default;

    // A newer one took over: begin no more appends. Calls `settled` once, when
    // none is under way: during this call, or on the thread that ends it.
    virtual void Fence(absl::AnyInvocable<void()> settled) = 0;
  };

  // Makes `speaker` the one for `id` and fences the one before. `my_turn` is
  // called once, during this call or later on another thread. When a newer one
  // has taken over, or `speaker` has left, it may be dropped instead.
  void TakeOver(const ProducerId& id, std::shared_ptr<Speaker> speaker,
                absl::AnyInvocable<void()> my_turn) ABSL_LOCKS_EXCLUDED(mu_);

  // `speaker` took over `id` once and has no append under way; it is let go.
  void Leave(const ProducerId& id, const Speaker* speaker)
      ABSL_LOCKS_EXCLUDED(mu_);

  // Producers that someone speaks for, or did and has not settled.
  size_t size() const ABSL_LOCKS_EXCLUDED(mu_);

 private:
  struct Seat {
    std::shared_ptr<Speaker> speaker;  // null: it left before its turn
    // An older one has not settled yet. None in between has had its turn, so
    // that only the last one's need be kept.
    bool settling = false;
    absl::AnyInvocable<void()> my_turn;  // of `speaker`, while settling
  };

  void OnSettled(const ProducerId& id) ABSL_LOCKS_EXCLUDED(mu_);

  mutable Mutex mu_;
  absl::flat_hash_map<ProducerId, Seat> seats_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PUBLISH_PRODUCER_REGISTRY_H_
