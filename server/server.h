#ifndef LOGBOOM_SERVER_SERVER_H_
#define LOGBOOM_SERVER_SERVER_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/config/config.h"
#include "server/control/level_control.h"
#include "server/control/log_control_service.h"
#include "server/ingest/grpc/grpc_server.h"
#include "server/ingest/ingest.h"
#include "server/ingest/raw/tcp_listener.h"
#include "server/journal/journal.h"
#include "server/logging/handler_runner.h"
#include "server/logging/logger_tree.h"

namespace logboom {

// The whole service: owns every part. Handlers have their places in the journal
// before anything can come in; it stops the parts forwards along a record's
// path, so that nothing that was taken in is left on the way.
//
// Start and Stop are for one thread.
class Server {
 public:
  // Starts everything; records may come as soon as this returns. Prints a line
  // on stderr for each listener: "listening grpc 127.0.0.1:4317".
  // Errors: FAILED_PRECONDITION, a port or the journal's folder cannot be used,
  // naming it; then nothing is left running. A handler whose destination cannot
  // be used is reported, and tries again.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const Config& config);

  ~Server();  // Stop()s

  // Ends ingest, lets the handlers write what is in the journal for at most
  // kDrainTime, then reports what each did and left there, and what was lost.
  // Idempotent.
  void Stop();

  static constexpr absl::Duration kDrainTime = absl::Seconds(4);

 private:
  explicit Server(const Config& config);

  absl::Status OpenJournal();
  absl::Status AddHandlers(absl::Time start);
  absl::Status AddHandler(const HandlerOptions& options, int index,
                          absl::Time start);
  // Of handlers that the configuration no longer has.
  void WarnOfUnusedCursors() const;
  absl::Status Listen();
  LogControlService::Parts ControlParts() const;
  void AnnounceListeners() const;
  void StopIngest();
  void StopHandlers();
  void ReportLeft(const HandlerRunner& runner) const;

  const Config config_;
  LoggerTree tree_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Ingest> ingest_;
  std::vector<std::unique_ptr<HandlerRunner>> runners_;
  std::unique_ptr<TcpListener> tcp_;
  std::unique_ptr<LevelControl> levels_;
  std::unique_ptr<LogControlService> control_;
  std::unique_ptr<GrpcServer> grpc_;
  bool serving_ = false;  // Start succeeded: stopping is worth a report
  bool stopped_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_SERVER_H_
