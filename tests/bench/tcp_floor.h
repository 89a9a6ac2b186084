#ifndef LOGBOOM_TESTS_BENCH_TCP_FLOOR_H_
#define LOGBOOM_TESTS_BENCH_TCP_FLOOR_H_

#include <sys/uio.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/unique_fd.h"
#include "tests/bench/written_once.h"

namespace logboom {

// What frames cost by themselves: one thread that waits for all connections by
// epoll, reads each as logboomd's raw port does, finds the frames by their
// 4-byte lengths and writes what is between those to a file, once for each
// read.
class TcpFloor final {
 public:
  // `file` must outlive it. Fails by ending the program.
  explicit TcpFloor(const WrittenOnce* file);

  std::string address() const;

  // Serves for ever.
  [[noreturn]] void Run();

 private:
  // A connection, and where it is between two reads.
  struct Peer {
    UniqueFd fd;
    std::string length;       // the bytes of it that have come
    size_t payload_left = 0;  // of the frame that is coming in
  };

  void Watch(int fd);
  void Accept();
  void Read(int fd);
  void Split(absl::string_view bytes, Peer* peer);

  const WrittenOnce& file_;
  const UniqueFd epoll_;
  const UniqueFd listener_;
  std::map<int, Peer> peers_;
  std::vector<char> buffer_;
  std::vector<iovec> pieces_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_TCP_FLOOR_H_
