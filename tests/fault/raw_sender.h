#ifndef LOGBOOM_TESTS_FAULT_RAW_SENDER_H_
#define LOGBOOM_TESTS_FAULT_RAW_SENDER_H_

#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "base/stop_signal.h"
#include "base/unique_fd.h"
#include "tests/fault/findings.h"
#include "tests/fault/known_record.h"
#include "tests/fault/server_board.h"

namespace logboom {

// A program that sends frames to the raw TCP port, protobuf or pickles, and
// hears of nothing: when its connection breaks it makes another one and goes on
// with new records. Now and then it sends a frame that is no record, closes a
// connection, or closes it inside a frame. It is paced, so that the server's
// buffer for raw TCP never fills: what is stored of a connection is then a
// prefix of what was sent on it.
class RawSender {
 public:
  enum class Format { kProtobuf, kPickle };
  struct Options {
    int number = 0;
    Format format = Format::kProtobuf;
    uint64_t seed = 0;
  };
  // What was sent on one connection.
  struct Connection {
    RecordSource source;
    int run = 0;  // of the server
    uint64_t records = 0;
    uint64_t undecodable = 0;
    bool cut = false;     // closed inside a frame, on purpose
    bool broken = false;  // the server went away
  };

  // Both must outlive it.
  RawSender(const Options& options, const ServerBoard* board,
            Findings* findings);
  ~RawSender();
  void Start();

  // Closes the connection behind a whole frame, and ends.
  void Finish();

  // All connections it has had; call it after Finish.
  const std::vector<Connection>& connections() const { return connections_; }

 private:
  void Run();
  void SendOn(int fd, Connection* connection);
  // The next few frames; counts them for `connection`.
  std::string MakeChunk(Connection* connection);
  // Sends it all, or finds the connection broken.
  bool SendAll(int fd, absl::string_view bytes);
  bool Stopped(absl::Duration wait) const;
  bool OneIn(int count) { return Draw(1, count) == 1; }
  uint64_t Draw(uint64_t least, uint64_t most) {
    return std::uniform_int_distribution<uint64_t>(least, most)(random_);
  }

  const Options options_;
  const ServerBoard& board_;
  Findings& findings_;
  StopSignal stop_;
  std::thread thread_;
  // The thread's, while it runs.
  std::mt19937_64 random_;
  std::vector<Connection> connections_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_RAW_SENDER_H_
