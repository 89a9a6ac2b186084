#ifndef LOGBOOM_SERVER_CONTROL_LEVEL_RULES_H_
#define LOGBOOM_SERVER_CONTROL_LEVEL_RULES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// "Logger NAME has level N, in all programs or in those of one service, until
// then."
struct LevelRule {
  std::string logger;   // "root": the root logger
  std::string service;  // empty: all
  int32_t levelno = 0;
  absl::Time expires = absl::InfiniteFuture();
};

// What a producer is told of one logger.
struct RuledLevel {
  std::string logger;
  int32_t levelno = 0;
  absl::Time expires = absl::InfiniteFuture();

  bool operator==(const RuledLevel& other) const {
    return logger == other.logger && levelno == other.levelno &&
           expires == other.expires;
  }
};

// The rules there are: one for each logger and service. A rule for a service
// counts there instead of the one for all. Not thread-safe.
class LevelRules {
 public:
  static constexpr size_t kMaxRules = 1000;
  // A logger and a service.
  using Key = std::pair<std::string, std::string>;

  // Adds the rule, or puts it in the place of the one with the same key.
  // Errors: RESOURCE_EXHAUSTED, there are kMaxRules others.
  absl::Status Set(LevelRule rule);
  // Errors: NOT_FOUND, there is no such rule, naming those for this logger.
  absl::Status Reset(const std::string& logger, const std::string& service);
  // Removes the rules whose time has come; whether there were any.
  bool Expire(absl::Time now);
  // Of the rule that expires first; InfiniteFuture: none does.
  absl::Time next_expiry() const;

  // The levels for a producer of this service, by logger.
  std::vector<RuledLevel> LevelsFor(absl::string_view service) const;

  const std::map<Key, LevelRule>& by_key() const { return rules_; }

 private:
  std::map<Key, LevelRule> rules_;
};

// The message that tells a producer these levels, and no others. A level that
// should have expired by `now` is gone in a millisecond.
v1::LevelUpdate MakeLevelUpdate(const std::vector<RuledLevel>& levels,
                                uint64_t version, absl::Time now);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LEVEL_RULES_H_
