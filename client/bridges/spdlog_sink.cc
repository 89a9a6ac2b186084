#include "logboom/spdlog_sink.h"

#include <array>
#include <utility>

namespace logboom {
namespace {

// By spdlog::level::level_enum; trace is what OpenTelemetry calls so.
Level LevelOf(spdlog::level::level_enum level) {
  constexpr std::array kLevels = {
      Level{5},      Level::kDebug,    Level::kInfo,  Level::kWarning,
      Level::kError, Level::kCritical, Level::kNotSet};
  return kLevels[static_cast<size_t>(level) % kLevels.size()];
}

std::string_view View(spdlog::string_view_t text) {
  return {text.data(), text.size()};
}

std::string_view View(const char* text) {
  return text == nullptr ? std::string_view() : std::string_view(text);
}

}  // namespace

SpdlogSink::SpdlogSink(Client* client, std::string default_name)
    : client_(*client), default_name_(std::move(default_name)) {}

void SpdlogSink::log(const spdlog::details::log_msg& message) {
  const std::string_view name = View(message.logger_name);
  const Logger logger = client_.GetLogger(name.empty() ? default_name_ : name);
  Record record;
  record.level = LevelOf(message.level);
  record.level_name = View(spdlog::level::to_string_view(message.level));
  record.time = message.time;
  record.message = View(message.payload);
  record.file = View(message.source.filename);
  record.line = static_cast<uint32_t>(message.source.line);
  record.function = View(message.source.funcname);
  record.thread_id = message.thread_id;
  logger.Log(record);
}

}  // namespace logboom
