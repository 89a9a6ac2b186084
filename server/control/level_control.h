#ifndef LOGBOOM_SERVER_CONTROL_LEVEL_CONTROL_H_
#define LOGBOOM_SERVER_CONTROL_LEVEL_CONTROL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "logboom/v1/control.pb.h"
#include "server/control/level_rules.h"
#include "server/control/level_rules_file.h"
#include "server/control/producer_description.h"
#include "server/ingest/publish/session_observer.h"

namespace logboom {

// Keeps the rules and tells the producers: those that are connected when a rule
// is set, reset or expires, and each one when its session opens. Remembers who
// has confirmed what.
//
// Rules change on a thread of its own, one change at a time: stored first, told
// then, and the caller last. It also waits for the next expiry. Producers that
// connect are told on the thread on which they do.
//
// Thread-safe.
class LevelControl final : public SessionObserver {
 public:
  using Clock = std::function<absl::Time()>;
  // Called once, holding no lock.
  using Done = absl::AnyInvocable<void(const absl::Status&)>;

  // Loads the rules from the journal's folder and starts the thread. `files`
  // must outlive it.
  LevelControl(FileSystem* files, absl::string_view folder,
               Clock clock = absl::Now);
  ~LevelControl() override;  // Stop()s

  // `done` comes when the rule is stored and every producer that is connected
  // has been sent it. Errors: RESOURCE_EXHAUSTED, too many rules, or too many
  // changes wait; NOT_FOUND, no such rule; UNAVAILABLE, it could not be stored
  // or this is stopping: then nothing has changed.
  void Set(LevelRule rule, Done done) ABSL_LOCKS_EXCLUDED(mu_);
  void Reset(std::string logger, std::string service, Done done)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The rules, and the producers of a service (empty: all).
  v1::ListLevelsResponse List(absl::string_view service) const
      ABSL_LOCKS_EXCLUDED(mu_);

  absl::Time now() const { return clock_(); }
  // The clock has jumped: looks at it again. Left out, a jump is noticed within
  // a minute.
  void ClockJumped() ABSL_LOCKS_EXCLUDED(mu_);

  // Answers what waits and ends the thread; changes are refused from now on.
  // Sessions may still come and go. Idempotent.
  void Stop() ABSL_LOCKS_EXCLUDED(mu_);

  void OnSessionOpened(std::shared_ptr<SessionLink> link,
                       const ProducerId& producer,
                       absl::string_view resource) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnLevelsApplied(const SessionLink* link, uint64_t version) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnSessionEnded(const SessionLink* link) override
      ABSL_LOCKS_EXCLUDED(mu_);
  void OnAnonymousBegun() override ABSL_LOCKS_EXCLUDED(mu_);
  void OnAnonymousEnded() override ABSL_LOCKS_EXCLUDED(mu_);

  static constexpr size_t kMaxWaitingChanges = 1000;

 private:
  struct Change {
    absl::AnyInvocable<absl::Status(LevelRules*)> make;
    Done done;
  };
  struct Session {
    std::shared_ptr<SessionLink> link;
    ProducerId producer{};
    ProducerDescription description;
    std::vector<RuledLevel> levels;  // it was sent last
    uint64_t version = 0;            // of that; 0: it was sent nothing
    uint64_t confirmed = 0;
  };
  // To be sent without the lock.
  using Update = std::pair<std::shared_ptr<SessionLink>, v1::LevelUpdate>;

  void Queue(Change change) ABSL_LOCKS_EXCLUDED(mu_);
  void Run() ABSL_LOCKS_EXCLUDED(mu_);
  // Waits for a change or an expiry. False: this is stopping and none is left.
  bool WaitForWork(std::deque<Change>* changes) ABSL_LOCKS_EXCLUDED(mu_);
  absl::Status Make(Change* change) ABSL_LOCKS_EXCLUDED(mu_);
  void ExpireRules() ABSL_LOCKS_EXCLUDED(mu_);
  LevelRules rules() const ABSL_LOCKS_EXCLUDED(mu_);
  // Makes these the rules, and tells the sessions for which that is news.
  void Adopt(LevelRules rules) ABSL_LOCKS_EXCLUDED(mu_);
  // Tells the session its levels, if they differ from those it has.
  void TellLocked(Session* session, std::vector<Update>* updates)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void SendLocked(Session* session, std::vector<RuledLevel> levels,
                  std::vector<Update>* updates)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  const Clock clock_;
  LevelRulesFile file_;  // the thread's
  mutable Mutex mu_;
  CondVar wake_;                           // for the thread
  LevelRules rules_ ABSL_GUARDED_BY(mu_);  // changed by the thread only
  // A rule was set in this journal, ever: a producer that was away may have
  // levels that are no longer set, so each is told when it connects.
  bool ever_set_ ABSL_GUARDED_BY(mu_) = false;
  uint64_t last_version_ ABSL_GUARDED_BY(mu_) = 0;
  absl::flat_hash_map<const SessionLink*, Session> sessions_
      ABSL_GUARDED_BY(mu_);
  uint32_t anonymous_ ABSL_GUARDED_BY(mu_) = 0;
  std::deque<Change> changes_ ABSL_GUARDED_BY(mu_);
  bool look_again_ ABSL_GUARDED_BY(mu_) = false;
  bool stopping_ ABSL_GUARDED_BY(mu_) = false;
  Mutex stop_mu_;
  std::thread thread_ ABSL_GUARDED_BY(stop_mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LEVEL_CONTROL_H_
