#include "server/ingest/publish/publish_session.h"

#include <string>
#include <utility>

#include "base/status_macros.h"
#include "server/ingest/publish/publish_message.h"

namespace logboom {

absl::Status PublishSession::Open(absl::string_view body) {
  if (phase_ != Phase::kNew) {
    return absl::FailedPreconditionError(
        "OpenSession must be the first message of a stream, and come once");
  }
  LOGBOOM_ASSIGN_OR_RETURN(const OpenMessage open, ReadOpenMessage(body));
  phase_ = Phase::kSession;
  ingest_.anonymous = false;
  ingest_.producer_id = open.producer_id;
  ingest_.epoch = open.epoch;
  // Copied, unlike a batch: it must not keep a whole message alive for as long
  // as the session lasts.
  ingest_.resource = absl::Cord(open.resource);
  ingest_.depth = open.depth;
  return absl::OkStatus();
}

void PublishSession::Announce(std::shared_ptr<SessionLink> link) const {
  if (observer_ == nullptr) return;
  observer_->OnSessionOpened(std::move(link), ingest_.producer_id,
                             std::string(ingest_.resource));
}

absl::StatusOr<BatchNumbers::Number> PublishSession::Number(uint64_t sequence) {
  if (phase_ == Phase::kNew) {
    phase_ = Phase::kAnonymous;
    if (observer_ != nullptr) observer_->OnAnonymousBegun();
  }
  return numbers_.Take(sequence);
}

absl::Status PublishSession::TakeLevelsApplied(const SessionLink* link,
                                               absl::string_view body) const {
  LOGBOOM_ASSIGN_OR_RETURN(const uint64_t version, ReadLevelsApplied(body));
  if (observer_ != nullptr && has_producer()) {
    observer_->OnLevelsApplied(link, version);
  }
  return absl::OkStatus();
}

void PublishSession::Ended(const SessionLink* link) const {
  if (observer_ != nullptr) observer_->OnSessionEnded(link);
}

void PublishSession::StreamOver(const SessionLink* link) const {
  if (observer_ == nullptr) return;
  if (phase_ == Phase::kAnonymous) observer_->OnAnonymousEnded();
  if (phase_ == Phase::kSession) observer_->OnSessionEnded(link);
}

}  // namespace logboom
