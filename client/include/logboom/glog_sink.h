#ifndef LOGBOOM_GLOG_SINK_H_
#define LOGBOOM_GLOG_SINK_H_

#include <glog/logging.h>

#include <cstddef>

#include "absl/time/time.h"
#include "logboom/client.h"

namespace logboom {

// Sends what a program logs with glog: level, time, source location and thread
// id come along; glog has no loggers, so all of it is one logger's.
//
//   logboom::GlogSink sink(client.get(), client->GetLogger("shop"));
//
// Before LOG(FATAL) ends the program it waits for the acknowledgement, for at
// most `fatal_timeout`.
//
// Thread-safe, between construction, which adds it to glog, and destruction,
// which removes it.
class GlogSink final : public google::LogSink {
 public:
  // `client` must outlive the sink.
  GlogSink(Client* client, Logger logger,
           absl::Duration fatal_timeout = absl::Seconds(2));
  ~GlogSink() override;

  void send(google::LogSeverity severity, const char* full_filename,
            const char* base_filename, int line,
            const google::LogMessageTime& time, const char* message,
            size_t message_size) override;
  void WaitTillSent() override;

 private:
  Client& client_;
  const Logger logger_;
  const absl::Duration fatal_timeout_;
};

}  // namespace logboom

#endif  // LOGBOOM_GLOG_SINK_H_
