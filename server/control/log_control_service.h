#ifndef LOGBOOM_SERVER_CONTROL_LOG_CONTROL_SERVICE_H_
#define LOGBOOM_SERVER_CONTROL_LOG_CONTROL_SERVICE_H_

#include <grpcpp/support/server_callback.h>

#include <atomic>
#include <cstdint>
#include <functional>

#include "logboom/v1/control.grpc.pb.h"
#include "server/control/level_control.h"
#include "server/control/task_thread.h"
#include "server/journal/journal.h"

namespace logboom {

// The service logboom.v1.LogControl: checks what is asked and hands it on. No
// call blocks one of gRPC's threads: rules change on LevelControl's, the
// journal is read on one of this object's own.
//
// Thread-safe. The server it is registered with must have been shut down before
// it goes.
class LogControlService final : public v1::LogControl::CallbackService {
 public:
  struct Parts {
    LevelControl* levels = nullptr;
    Journal* journal = nullptr;
    // Open now on the raw port.
    std::function<int64_t()> raw_connections = [] { return int64_t{0}; };
  };

  // What `parts` points to must outlive this object.
  explicit LogControlService(Parts parts) : parts_(std::move(parts)) {}

  // Ends what reads the journal: those calls fail, and new ones, UNAVAILABLE.
  // Before the server is shut down, so that it need not wait. Idempotent.
  void Stop();

  grpc::ServerUnaryReactor* SetLevel(grpc::CallbackServerContext* context,
                                     const v1::SetLevelRequest* request,
                                     v1::SetLevelResponse* response) override;
  grpc::ServerUnaryReactor* ResetLevel(
      grpc::CallbackServerContext* context,
      const v1::ResetLevelRequest* request,
      v1::ResetLevelResponse* response) override;
  grpc::ServerUnaryReactor* ListLevels(
      grpc::CallbackServerContext* context,
      const v1::ListLevelsRequest* request,
      v1::ListLevelsResponse* response) override;
  grpc::ServerUnaryReactor* ListLoggers(
      grpc::CallbackServerContext* context,
      const v1::ListLoggersRequest* request,
      v1::ListLoggersResponse* response) override;

 private:
  const Parts parts_;
  std::atomic<bool> stop_{false};
  TaskThread reading_;  // goes first
};

// The rule that a request asks for. Errors: INVALID_ARGUMENT, naming the field
// and what is accepted. Pure.
absl::StatusOr<LevelRule> RuleFromRequest(const v1::SetLevelRequest& request,
                                          absl::Time now);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONTROL_LOG_CONTROL_SERVICE_H_
