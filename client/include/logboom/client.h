#ifndef LOGBOOM_CLIENT_H_
#define LOGBOOM_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "logboom/logger.h"
#include "logboom/options.h"

namespace logboom {

// What became of every record that was logged (calls below a logger's level are
// none):
//
//   logged = acknowledged + rejected + lost() + pending
struct ClientStats {
  int64_t logged = 0;
  int64_t acknowledged = 0;  // by the server, at the depth asked for
  int64_t rejected = 0;      // refused by the server for good
  int64_t pending = 0;       // in memory or in the spool, or under way

  int64_t lost_buffer_full = 0;
  int64_t lost_spool_full = 0;     // or the spool's disk failed
  int64_t lost_encode_failed = 0;  // too large, or out of memory
  int64_t lost_shut_down = 0;  // logged after the end, or not acknowledged by
                               // then and not in a spool
  int64_t lost_forked = 0;     // logged in a forked child (see Client)
  int64_t lost() const {
    return lost_buffer_full + lost_spool_full + lost_encode_failed +
           lost_shut_down + lost_forked;
  }

  // Of `pending`, what is in the spool; and what earlier runs of the program
  // left there, which is in none of the other numbers.
  int64_t spooled = 0;
  int64_t left_by_earlier_runs = 0;
  int64_t buffered_bytes = 0;  // of Options::buffer_bytes
  bool connected = false;
  int64_t connections = 0;  // sessions opened since the start
  std::string last_error;   // of the last attempt to connect that failed
};

// A program's connection with logboomd: hands out loggers, and sends what they
// log, in order for each thread, each record once.
//
//   auto client = logboom::Client::Create({.service_name = "cart"});
//   logboom::Logger log = client->GetLogger("shop.cart.payment");
//
// Create starts nothing and touches neither network nor disk. The first logging
// call (or Connect, Flush) starts one thread, beside gRPC's own; a program runs
// as well without a server: the client tries again and again.
//
// fork: a child may use a client that was not started before the fork; in a
// child of a started one logging calls only count their records (lost_forked),
// because the connection is the parent's. exec is fine.
//
// Thread-safe.
class Client {
 public:
  // Options that make no sense are replaced by the nearest that do, with a line
  // to Options::diagnose. Never null.
  static std::unique_ptr<Client> Create(Options options);

  // Shuts down. Loggers stay usable: see Logger.
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // The logger of that name, made if there is none yet. '' and "root" are the
  // root logger.
  Logger GetLogger(std::string_view name = "");

  // Takes a record that is encoded already, a LogRecord of
  // proto/logboom/v1/record.proto, whatever its level; otherwise as a logging
  // call. For programs that carry other people's records.
  // Errors: INVALID_ARGUMENT, not a LogRecord; RESOURCE_EXHAUSTED, there was no
  // room; FAILED_PRECONDITION, shut down. The record is counted as lost.
  absl::Status WriteEncoded(std::string_view log_record);

  // Opens the session now rather than at the first record, for programs that
  // want to know whether there is a server. The client goes on trying if not.
  // Errors: UNAVAILABLE, the first attempt failed, with why;
  // DEADLINE_EXCEEDED.
  absl::Status Connect(absl::Time deadline);

  // Waits until everything logged before this call is acknowledged.
  // Errors: DEADLINE_EXCEEDED, it is not, with how much and why not;
  // DATA_LOSS, some of what was logged since the last Flush was lost or
  // rejected; FAILED_PRECONDITION, shut down.
  absl::Status Flush(absl::Time deadline);

  // Ends the client: sends what it has, waits for the acknowledgements as
  // Options::shutdown_timeout says, puts the rest in the spool or counts it as
  // lost, and says so (Options::diagnose). Once; later calls do nothing.
  void Shutdown();

  ClientStats stats() const;

 private:
  explicit Client(std::shared_ptr<ClientCore> core);

  const std::shared_ptr<ClientCore> core_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_H_
