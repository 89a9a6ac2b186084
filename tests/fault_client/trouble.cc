#include "tests/fault_client/trouble.h"

#include "absl/strings/numbers.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

constexpr int64_t kSlowBytesPerSecond = 20'000;

}  // namespace

absl::string_view TroubleName(Trouble trouble) {
  switch (trouble) {
    case Trouble::kStopped:
      return "stopped";
    case Trouble::kFrozen:
      return "frozen";
    case Trouble::kHalfOpen:
      return "half-open";
    case Trouble::kSlow:
      return "slow";
  }
  return "";
}

std::optional<Trouble> TroubleFromName(absl::string_view name) {
  for (const Trouble trouble : kAllTroubles) {
    if (name == TroubleName(trouble)) return trouble;
  }
  return std::nullopt;
}

absl::Status TroubledServer::Start() {
  LOGBOOM_RETURN_IF_ERROR(site_.Start());
  if (trouble_ != Trouble::kHalfOpen && trouble_ != Trouble::kSlow) {
    return absl::OkStatus();
  }
  const std::string& address = site_.address();
  int port = 0;
  if (!absl::SimpleAtoi(address.substr(address.rfind(':') + 1), &port)) {
    return absl::InternalError(address);
  }
  LOGBOOM_ASSIGN_OR_RETURN(proxy_,
                           TcpProxy::Start(static_cast<uint16_t>(port)));
  return absl::OkStatus();
}

absl::Status TroubledServer::Begin() {
  switch (trouble_) {
    case Trouble::kStopped:
      return site_.Kill();
    case Trouble::kFrozen:
      site_.Freeze();
      break;
    case Trouble::kHalfOpen:
      proxy_->Hold();
      break;
    case Trouble::kSlow:
      proxy_->Throttle(kSlowBytesPerSecond);
      break;
  }
  return absl::OkStatus();
}

absl::Status TroubledServer::End() {
  if (trouble_ == Trouble::kStopped) return site_.Start();
  if (trouble_ == Trouble::kFrozen) {
    site_.Thaw();
  } else {
    proxy_->Forward();
  }
  return absl::OkStatus();
}

}  // namespace logboom
