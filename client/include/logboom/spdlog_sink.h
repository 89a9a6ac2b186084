#ifndef LOGBOOM_SPDLOG_SINK_H_
#define LOGBOOM_SPDLOG_SINK_H_

#include <spdlog/sinks/sink.h>

#include <memory>
#include <string>

#include "logboom/client.h"

namespace logboom {

// Sends what a program logs with spdlog: logger name, level, time, source
// location and thread id come along.
//
//   spdlog::default_logger()->sinks().push_back(
//       std::make_shared<logboom::SpdlogSink>(client.get()));
//
// spdlog's logger of the name "shop.cart" is the client's: the levels of both
// apply, so a level that the server sets can let pass only what spdlog's own
// level does. A formatter of this sink has no effect, and flush() does nothing:
// records are sent within milliseconds; Client::Flush waits for them.
//
// Thread-safe.
class SpdlogSink final : public spdlog::sinks::sink {
 public:
  // `client` must outlive the sink. A logger without a name is `default_name`.
  explicit SpdlogSink(Client* client, std::string default_name = "");

  void log(const spdlog::details::log_msg& message) override;
  void flush() override {}
  void set_pattern(const std::string&) override {}
  void set_formatter(std::unique_ptr<spdlog::formatter>) override {}

 private:
  Client& client_;
  const std::string default_name_;
};

}  // namespace logboom

#endif  // LOGBOOM_SPDLOG_SINK_H_
