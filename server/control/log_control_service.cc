#include "server/control/log_control_service.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/grpc_status.h"
#include "base/proto_time.h"
#include "base/status_macros.h"
#include "server/control/logger_census.h"
#include "server/control/logger_name.h"

namespace logboom {
namespace {

// Longer ones are as good as for good, and their end must be a time that can
// be stored.
constexpr absl::Duration kLongestExpiry = absl::Hours(24 * 365 * 100);

absl::StatusOr<std::pair<std::string, std::string>> CheckNames(
    const std::string& logger, const std::string& service) {
  LOGBOOM_ASSIGN_OR_RETURN(std::string name, CheckLoggerName(logger));
  LOGBOOM_RETURN_IF_ERROR(CheckServiceName(service));
  return std::make_pair(std::move(name), service);
}

grpc::ServerUnaryReactor* Finish(grpc::ServerUnaryReactor* reactor,
                                 const absl::Status& status) {
  reactor->Finish(ToGrpcStatus(status));
  return reactor;
}

LevelControl::Done FinishWhenDone(grpc::ServerUnaryReactor* reactor) {
  return [reactor](const absl::Status& status) { Finish(reactor, status); };
}

}  // namespace

absl::StatusOr<LevelRule> RuleFromRequest(const v1::SetLevelRequest& request,
                                          absl::Time now) {
  LOGBOOM_ASSIGN_OR_RETURN(auto names,
                           CheckNames(request.logger(), request.service()));
  LevelRule rule;
  std::tie(rule.logger, rule.service) = std::move(names);
  rule.levelno = request.levelno();
  if (rule.levelno < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "levelno is ", rule.levelno, "; accepted: 0 and more (10 is DEBUG)"));
  }
  if (!request.has_expires_in()) return rule;
  const absl::Duration expires_in = FromProtoDuration(request.expires_in());
  if (expires_in <= absl::ZeroDuration() || expires_in > kLongestExpiry) {
    return absl::InvalidArgumentError(
        absl::StrCat("expires_in is ", absl::FormatDuration(expires_in),
                     "; accepted: more than 0 and at most 100 years, or "
                     "nothing, for good"));
  }
  rule.expires = now + expires_in;
  return rule;
}

void LogControlService::Stop() {
  stop_.store(true, std::memory_order_relaxed);
  reading_.Stop();
}

grpc::ServerUnaryReactor* LogControlService::SetLevel(
    grpc::CallbackServerContext* context, const v1::SetLevelRequest* request,
    v1::SetLevelResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  absl::StatusOr<LevelRule> rule =
      RuleFromRequest(*request, parts_.levels->now());
  if (!rule.ok()) return Finish(reactor, rule.status());
  parts_.levels->Set(*std::move(rule), FinishWhenDone(reactor));
  return reactor;
}

grpc::ServerUnaryReactor* LogControlService::ResetLevel(
    grpc::CallbackServerContext* context, const v1::ResetLevelRequest* request,
    v1::ResetLevelResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  auto names = CheckNames(request->logger(), request->service());
  if (!names.ok()) return Finish(reactor, names.status());
  parts_.levels->Reset(std::move(names->first), std::move(names->second),
                       FinishWhenDone(reactor));
  return reactor;
}

grpc::ServerUnaryReactor* LogControlService::ListLevels(
    grpc::CallbackServerContext* context, const v1::ListLevelsRequest* request,
    v1::ListLevelsResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  const absl::Status status = CheckServiceName(request->service());
  if (!status.ok()) return Finish(reactor, status);
  *response = parts_.levels->List(request->service());
  response->set_raw_connections(
      static_cast<uint32_t>(parts_.raw_connections()));
  return Finish(reactor, absl::OkStatus());
}

grpc::ServerUnaryReactor* LogControlService::ListLoggers(
    grpc::CallbackServerContext* context, const v1::ListLoggersRequest* request,
    v1::ListLoggersResponse* response) {
  grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
  if (const absl::Status status = CheckServiceName(request->service());
      !status.ok()) {
    return Finish(reactor, status);
  }
  LoggerCensusOptions options = {.service = request->service()};
  if (request->has_last()) {
    options.since = absl::Now() - FromProtoDuration(request->last());
  }
  const absl::Status queued =
      reading_.Add([this, reactor, response, options = std::move(options)] {
        auto report = TakeLoggerCensus(parts_.journal, options, &stop_);
        if (report.ok()) *response = *std::move(report);
        Finish(reactor, report.status());
      });
  if (!queued.ok()) return Finish(reactor, queued);
  return reactor;
}

}  // namespace logboom
