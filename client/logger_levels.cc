#include "client/logger_levels.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr absl::string_view kRoot = "root";

absl::string_view Canonical(absl::string_view name) {
  return name.empty() ? kRoot : name;
}

std::optional<int32_t> Find(absl::string_view name, const LevelsByName& own,
                            const LevelsByName& pushed) {
  for (const LevelsByName* levels : {&pushed, &own}) {
    const auto found = levels->find(name);
    if (found != levels->end()) return found->second;
  }
  return std::nullopt;
}

// The longest prefix of `name` that is a logger; else root. To the letter as
// CPython's Manager._fixupParents looks for it, which passes over a name before
// two dots ("a" of "a..b").
absl::string_view ParentOf(absl::string_view name, const LevelsByName& own,
                           const LevelsByName& pushed) {
  size_t dot = name.rfind('.');
  while (dot != name.npos && dot > 0) {
    const absl::string_view prefix = name.substr(0, dot);
    if (Find(prefix, own, pushed).has_value()) return prefix;
    dot = name.substr(0, dot - 1).rfind('.');
  }
  return kRoot;
}

}  // namespace

int32_t EffectiveLevel(absl::string_view name, const LevelsByName& own,
                       const LevelsByName& pushed) {
  while (true) {
    const int32_t level = Find(name, own, pushed).value_or(0);
    if (level != 0 || name == kRoot) return level;
    name = ParentOf(name, own, pushed);
  }
}

LoggerLevels::LoggerLevels(int32_t root_level) {
  SetLevel(*GetLogger(kRoot), root_level);
}

LoggerNode* LoggerLevels::GetLogger(absl::string_view name) {
  name = Canonical(name);
  MutexLock lock(&mu_);
  const auto found = by_name_.find(name);
  if (found != by_name_.end()) return found->second;
  LoggerNode& node = nodes_.emplace_back();
  node.name = std::string(name);
  if (name != kRoot) RecordWriter(&node.encoded_name).Logger(name);
  by_name_.emplace(node.name, &node);
  own_.emplace(node.name, 0);
  // A new logger may come between others and their parent, but it has no level
  // that they would take from it.
  if (active_) PublishLocked(node);
  return &node;
}

LoggerNode* LoggerLevels::GetChild(const LoggerNode& node,
                                   absl::string_view suffix) {
  if (node.name == kRoot) return GetLogger(suffix);
  return GetLogger(absl::StrCat(node.name, ".", suffix));
}

void LoggerLevels::SetLevel(const LoggerNode& node, int32_t level) {
  MutexLock lock(&mu_);
  own_[node.name] = level;
  PublishLocked();
}

int32_t LoggerLevels::level(const LoggerNode& node) const {
  MutexLock lock(&mu_);
  return own_.find(node.name)->second;
}

int32_t LoggerLevels::effective_level(const LoggerNode& node) const {
  MutexLock lock(&mu_);
  return EffectiveLevel(node.name, own_, pushed_);
}

void LoggerLevels::SetPushed(const std::vector<PushedLevel>& levels,
                             absl::Time now) {
  MutexLock lock(&mu_);
  pushed_.clear();
  pushed_until_.clear();
  for (const PushedLevel& level : levels) {
    const std::string name(Canonical(level.logger));
    pushed_[name] = level.levelno;
    pushed_until_[name] = now + level.expires_in;
  }
  PublishLocked();
}

absl::Time LoggerLevels::Expire(absl::Time now) {
  MutexLock lock(&mu_);
  absl::Time next = absl::InfiniteFuture();
  bool changed = false;
  for (auto it = pushed_until_.begin(); it != pushed_until_.end();) {
    if (it->second > now) {
      next = std::min(next, it->second);
      ++it;
      continue;
    }
    pushed_.erase(it->first);
    it = pushed_until_.erase(it);
    changed = true;
  }
  if (changed) PublishLocked();
  return next;
}

void LoggerLevels::Activate() {
  MutexLock lock(&mu_);
  active_ = true;
  PublishLocked();
}

void LoggerLevels::PublishLocked() {
  if (!active_) return;
  for (LoggerNode& node : nodes_) PublishLocked(node);
}

// A record at NOTSET or below is never enabled: Logger.isEnabledFor asks
// Manager.disable first, which is 0.
void LoggerLevels::PublishLocked(LoggerNode& node) {
  const int32_t level = EffectiveLevel(node.name, own_, pushed_);
  node.enabled_from.store(std::max(level, 1), std::memory_order_relaxed);
}

}  // namespace logboom
