// The floors that service_bench compares with: receives what logboomd would and
// writes it to a file once, as it came.
//
//   floor_server grpc|tcp FILE
//
// Prints "listening ADDRESS" and serves until it is killed.

#include <unistd.h>

#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/bench/grpc_floor.h"
#include "tests/bench/tcp_floor.h"
#include "tests/bench/written_once.h"

namespace logboom {
namespace {

void SayListening(const std::string& address) {
  std::printf("listening %s\n", address.c_str());
  std::fflush(stdout);
}

int Main(absl::string_view transport, const std::string& path) {
  const WrittenOnce file(path);
  if (transport == "grpc") {
    const GrpcFloor floor(&file);
    SayListening(floor.address());
    while (true) pause();
  }
  if (transport == "tcp") {
    TcpFloor floor(&file);
    SayListening(floor.address());
    floor.Run();
  }
  return 2;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: floor_server grpc|tcp FILE\n");
    return 2;
  }
  return logboom::Main(argv[1], argv[2]);
}
