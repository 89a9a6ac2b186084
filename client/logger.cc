#include "logboom/logger.h"

#include <limits>
#include <utility>

#include "client/client_core.h"
#include "client/string_views.h"

namespace logboom {
namespace {

// Of a logger that logs nothing.
constinit std::atomic<int32_t> never_enabled{
    std::numeric_limits<int32_t>::max()};

// A logging call must not fail: what it cannot do it counts.
template <typename Call>
void Guarded(ClientCore& core, const Call& call) noexcept {
  try {
    call();
  } catch (...) {
    core.Drop(ProducerLoss::kEncodeFailed);
  }
}

}  // namespace

Logger::Logger() : enabled_from_(&never_enabled) {}

Logger::Logger(std::shared_ptr<ClientCore> core, LoggerNode* node)
    : core_(std::move(core)), node_(node), enabled_from_(&node->enabled_from) {}

void Logger::Write(Level level, const std::exception* exception,
                   std::string_view message,
                   std::span<const Attribute> attributes,
                   const Where& where) const noexcept {
  if (core_ == nullptr) return;
  Guarded(*core_, [&] {
    Record record;
    record.level = level;
    record.message = message;
    record.attributes = attributes;
    record.exception = exception;
    core_->Write(*node_, record, &where);
  });
}

void Logger::Write(const Record& record) const noexcept {
  if (core_ == nullptr) return;
  Guarded(*core_, [&] { core_->Write(*node_, record, nullptr); });
}

void Logger::SetLevel(Level level) const noexcept {
  if (core_ == nullptr || core_->forked()) return;
  core_->levels().SetLevel(*node_, static_cast<int32_t>(level));
}

Level Logger::level() const noexcept {
  if (core_ == nullptr || core_->forked()) return Level::kNotSet;
  return Level{core_->levels().level(*node_)};
}

Level Logger::GetEffectiveLevel() const noexcept {
  if (core_ == nullptr || core_->forked()) return Level::kNotSet;
  return Level{core_->levels().effective_level(*node_)};
}

const std::string& Logger::name() const noexcept {
  static const auto& none = *new std::string;
  return node_ == nullptr ? none : node_->name;
}

Logger Logger::GetChild(std::string_view suffix) const {
  if (core_ == nullptr || core_->forked()) return *this;
  return Logger(core_, core_->levels().GetChild(*node_, ToAbsl(suffix)));
}

}  // namespace logboom
