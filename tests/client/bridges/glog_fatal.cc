// A program that glog ends: glog_fatal SERVER
#include "absl/time/time.h"
#include "logboom/client.h"
#include "logboom/glog_sink.h"

int main(int argc, char** argv) {
  google::InitGoogleLogging(argv[0]);
  FLAGS_logtostderr = true;
  const auto client = logboom::Client::Create({.server = argv[1]});
  const logboom::GlogSink sink(client.get(), client->GetLogger("shop"),
                               absl::Minutes(1));
  LOG(FATAL) << "cannot go on";
}
