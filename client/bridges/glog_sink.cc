#include "logboom/glog_sink.h"

#include <chrono>
#include <utility>

#include "absl/time/clock.h"

namespace logboom {
namespace {

// What this thread logged last: glog calls WaitTillSent behind send.
thread_local bool fatal_was_sent = false;

Level LevelOf(google::LogSeverity severity) {
  switch (severity) {
    case google::GLOG_INFO:
      return Level::kInfo;
    case google::GLOG_WARNING:
      return Level::kWarning;
    case google::GLOG_ERROR:
      return Level::kError;
    default:
      return Level::kCritical;
  }
}

}  // namespace

GlogSink::GlogSink(Client* client, Logger logger, absl::Duration fatal_timeout)
    : client_(*client),
      logger_(std::move(logger)),
      fatal_timeout_(fatal_timeout) {
  google::AddLogSink(this);
}

GlogSink::~GlogSink() { google::RemoveLogSink(this); }

// On the thread that logs.
void GlogSink::send(google::LogSeverity severity, const char* full_filename,
                    const char* base_filename, int line,
                    const google::LogMessageTime& time, const char* message,
                    size_t message_size) {
  Record record;
  record.level = LevelOf(severity);
  record.level_name = google::GetLogSeverityName(severity);
  record.time = std::chrono::system_clock::from_time_t(time.timestamp()) +
                std::chrono::microseconds(time.usec());
  record.message = {message, message_size};
  record.file = full_filename;
  record.line = static_cast<uint32_t>(line);
  logger_.Log(record);
  fatal_was_sent = severity == google::GLOG_FATAL;
}

void GlogSink::WaitTillSent() {
  if (!fatal_was_sent) return;
  fatal_was_sent = false;
  // What is not acknowledged by then has no better place to go.
  client_.Flush(absl::Now() + fatal_timeout_).IgnoreError();
}

}  // namespace logboom
