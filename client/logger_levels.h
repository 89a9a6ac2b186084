#ifndef LOGBOOM_CLIENT_LOGGER_LEVELS_H_
#define LOGBOOM_CLIENT_LOGGER_LEVELS_H_

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/session.h"

namespace logboom {

// One logger of a program. Never moves, and lives as long as its tree.
struct LoggerNode {
  std::string name;          // "root" for the root logger
  std::string encoded_name;  // LogRecord's `logger`; empty for the root logger
  // The least level that is enabled; lowest until LoggerLevels::Activate.
  std::atomic<int32_t> enabled_from{INT32_MIN};
};

// Levels by logger name; the root logger's under "root". 0 (NOTSET): as its
// parent.
using LevelsByName = std::map<std::string, int32_t, std::less<>>;

// What counts for a logger: its own level, or that of the nearest one above it
// that has one (CPython's Logger.getEffectiveLevel). `own` has the loggers that
// exist; a level in `pushed` stands in place of the own one of that name, and
// counts for what is below it even if there is no logger of that name.
int32_t EffectiveLevel(absl::string_view name, const LevelsByName& own,
                       const LevelsByName& pushed);

// The loggers of a program: CPython's names, parents and effective levels
// (logging/__init__.py), and on top of the program's own levels those that the
// server has pushed.
//
// Thread-safe.
class LoggerLevels {
 public:
  explicit LoggerLevels(int32_t root_level);

  // The logger of that name, made if there is none yet. '' and "root" are the
  // root logger.
  LoggerNode* GetLogger(absl::string_view name) ABSL_LOCKS_EXCLUDED(mu_);
  LoggerNode* GetChild(const LoggerNode& node, absl::string_view suffix)
      ABSL_LOCKS_EXCLUDED(mu_);

  // The program's own level for a logger.
  void SetLevel(const LoggerNode& node, int32_t level) ABSL_LOCKS_EXCLUDED(mu_);
  int32_t level(const LoggerNode& node) const ABSL_LOCKS_EXCLUDED(mu_);
  int32_t effective_level(const LoggerNode& node) const
      ABSL_LOCKS_EXCLUDED(mu_);

  // Replaces all pushed levels; each lasts for its expires_in from `now`.
  void SetPushed(const std::vector<PushedLevel>& levels, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mu_);
  // Ends the pushed levels whose time is over; returns when the next one's is,
  // InfiniteFuture if none's.
  absl::Time Expire(absl::Time now) ABSL_LOCKS_EXCLUDED(mu_);

  // From now on enabled_from says what counts.
  void Activate() ABSL_LOCKS_EXCLUDED(mu_);

 private:
  void PublishLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);
  void PublishLocked(LoggerNode& node) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_);

  mutable Mutex mu_;
  bool active_ ABSL_GUARDED_BY(mu_) = false;
  std::deque<LoggerNode> nodes_ ABSL_GUARDED_BY(mu_);
  absl::flat_hash_map<absl::string_view, LoggerNode*> by_name_
      ABSL_GUARDED_BY(mu_);
  LevelsByName own_ ABSL_GUARDED_BY(mu_);  // of every node
  LevelsByName pushed_ ABSL_GUARDED_BY(mu_);
  std::map<std::string, absl::Time> pushed_until_ ABSL_GUARDED_BY(mu_);
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_LOGGER_LEVELS_H_
