#include "server/ingest/publish/response_queue.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/proto_time.h"

namespace logboom {
void ResponseQueue::Opened(uint64_t last_sequence, int64_t max_batch_bytes) {
  acked_ = std::max(acked_, last_sequence);
  opened_.emplace();
  opened_->set_last_sequence(last_sequence);
  opened_->set_max_batch_bytes(max_batch_bytes);
}

void ResponseQueue::Reject(uint64_t sequence, const absl::Status& why) {
  v1::Rejected rejected;
  rejected.set_sequence(sequence);
  rejected.set_code(static_cast<int32_t>(why.code()));
  rejected.set_message(std::string(why.message()));
  rejections_.push_back(std::move(rejected));
}

void ResponseQueue::Ack(uint64_t sequence) {
  if (sequence <= acked_) return;
  acked_ = sequence;
  ack_due_ = true;
}

void ResponseQueue::Levels(const v1::LevelUpdate& update) {
  if (update.version() <= levels_version_) return;
  levels_version_ = update.version();
  levels_ = update;
}

bool ResponseQueue::empty() const {
  return !opened_.has_value() && !levels_.has_value() && rejections_.empty() &&
         !ack_due_ && !drain_.has_value();
}

v1::PublishResponse ResponseQueue::Next() {
  v1::PublishResponse response;
  if (opened_.has_value()) {
    *response.mutable_opened() = *std::exchange(opened_, std::nullopt);
  } else if (levels_.has_value()) {
    *response.mutable_level_update() = *std::exchange(levels_, std::nullopt);
  } else if (!rejections_.empty()) {
    *response.mutable_rejected() = std::move(rejections_.front());
    rejections_.pop_front();
  } else if (ack_due_) {
    response.mutable_ack()->set_sequence(acked_);
    ack_due_ = false;
  } else if (drain_.has_value()) {
    SetProtoDuration(*std::exchange(drain_, std::nullopt),
                     response.mutable_drain()->mutable_retry_after());
  }
  return response;
}

}  // namespace logboom
