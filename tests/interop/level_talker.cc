// A program whose loggers say something all the time, most of it disabled:
//
//   level_talker SERVER SECONDS
//
// Logs a DEBUG record to myapp.area1.db and one to myapp.area2 every
// millisecond, with the time in it. Ends with what its client counted.
#include <chrono>
#include <cstdlib>
#include <iostream>

#include "absl/time/clock.h"
#include "logboom/client.h"

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const auto client =
      logboom::Client::Create({.server = argv[1], .service_name = "talker"});
  const logboom::Logger db = client->GetLogger("myapp.area1.db");
  const logboom::Logger other = client->GetLogger("myapp.area2");
  const absl::Time end = absl::Now() + absl::Seconds(std::atof(argv[2]));
  if (!client->Connect(end).ok()) return 1;
  std::cout << "connected" << std::endl;
  for (absl::Time now = absl::Now(); now < end; now = absl::Now()) {
    db.Debug("tick");
    other.Debug("tick");
    absl::SleepFor(absl::Milliseconds(1));
  }
  const absl::Status flushed = client->Flush(absl::Now() + absl::Seconds(10));
  std::cout << client->stats().acknowledged << " acknowledged" << std::endl;
  return flushed.ok() ? 0 : 1;
}
