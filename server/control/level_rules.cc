#include "server/control/level_rules.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/proto_time.h"

namespace logboom {
namespace {

std::string NameOf(const std::string& service) {
  return service.empty() ? "all services"
                         : absl::StrCat("the service ", service);
}

}  // namespace

absl::Status LevelRules::Set(LevelRule rule) {
  Key key(rule.logger, rule.service);
  if (rules_.size() >= kMaxRules && rules_.count(key) == 0) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "there are ", kMaxRules, " rules, as many as are kept: reset some"));
  }
  rules_[std::move(key)] = std::move(rule);
  return absl::OkStatus();
}

absl::Status LevelRules::Reset(const std::string& logger,
                               const std::string& service) {
  if (rules_.erase(Key(logger, service)) > 0) return absl::OkStatus();
  std::vector<std::string> others;
  for (auto at = rules_.lower_bound(Key(logger, ""));
       at != rules_.end() && at->first.first == logger; ++at) {
    others.push_back(NameOf(at->first.second));
  }
  std::string text = absl::StrCat("no level is set for logger ", logger, " in ",
                                  NameOf(service));
  if (!others.empty()) {
    absl::StrAppend(&text, ", only in ", absl::StrJoin(others, ", "));
  }
  return absl::NotFoundError(text);
}

bool LevelRules::Expire(absl::Time now) {
  return std::erase_if(rules_, [now](const auto& item) {
           return item.second.expires <= now;
         }) > 0;
}

absl::Time LevelRules::next_expiry() const {
  absl::Time next = absl::InfiniteFuture();
  for (const auto& [_, rule] : rules_) next = std::min(next, rule.expires);
  return next;
}

// By key, the rule of a logger for all services comes before the others.
std::vector<RuledLevel> LevelRules::LevelsFor(absl::string_view service) const {
  std::vector<RuledLevel> levels;
  for (const auto& [_, rule] : rules_) {
    if (!rule.service.empty() && rule.service != service) continue;
    if (!levels.empty() && levels.back().logger == rule.logger) {
      levels.pop_back();
    }
    levels.push_back({rule.logger, rule.levelno, rule.expires});
  }
  return levels;
}

v1::LevelUpdate MakeLevelUpdate(const std::vector<RuledLevel>& levels,
                                uint64_t version, absl::Time now) {
  v1::LevelUpdate update;
  update.set_version(version);
  for (const RuledLevel& level : levels) {
    v1::LoggerLevel& logger = *update.add_levels();
    logger.set_logger(level.logger);
    logger.set_levelno(level.levelno);
    if (level.expires == absl::InfiniteFuture()) continue;
    SetProtoDuration(std::max(level.expires - now, absl::Milliseconds(1)),
                     logger.mutable_expires_in());
  }
  return update;
}

}  // namespace logboom
