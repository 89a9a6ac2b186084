// A program that logs while it is being taken apart: static_end SERVER
#include <memory>
#include <string_view>

#include "logboom/client.h"

namespace {

struct LogsWhenDestroyed {
  std::string_view message;
  logboom::Logger logger = {};
  ~LogsWhenDestroyed() { logger.Info(message); }
};

// Destroyed in the reverse order, after main's thread_local objects.
LogsWhenDestroyed behind_the_client{"nobody hears this"};
std::unique_ptr<logboom::Client> client;
LogsWhenDestroyed before_the_client{"from a static destructor"};
thread_local LogsWhenDestroyed with_the_thread{"from a thread's destructor"};

}  // namespace

int main(int argc, char** argv) {
  client = logboom::Client::Create(
      {.server = argv[1], .shutdown_timeout = absl::Minutes(1)});
  const logboom::Logger logger = client->GetLogger("end");
  logger.Info("from main");
  for (LogsWhenDestroyed* late :
       {&behind_the_client, &before_the_client, &with_the_thread}) {
    late->logger = logger;
  }
  return 0;
}
