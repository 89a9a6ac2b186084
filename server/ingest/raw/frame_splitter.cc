#include "server/ingest/raw/frame_splitter.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace logboom {
namespace {

// The first buffer of a cut frame: holds most log records without growing.
constexpr size_t kFirstBufferBytes = 1024;

// What a buffer of this size costs.
int64_t Charge(size_t room_bytes) {
  return room_bytes <= FrameSplitter::kFreeBytes
             ? 0
             : static_cast<int64_t>(room_bytes);
}

}  // namespace

FrameSplitter::FrameSplitter(int64_t max_frame_bytes, ByteBudget* budget)
    : max_frame_bytes_(max_frame_bytes), budget_(*budget) {}

FrameSplitter::~FrameSplitter() { FreeGathered(); }

void FrameSplitter::Feed(absl::string_view bytes, FrameSink* sink) {
  while (!bytes.empty()) {
    switch (state_) {
      case State::kLength:
        TakeLength(&bytes, sink);
        break;
      case State::kPayload:
        TakePayload(&bytes, sink);
        break;
      case State::kSkip:
        TakeSkipped(&bytes);
        break;
    }
  }
}

bool FrameSplitter::inside_frame() const {
  return state_ == State::kPayload || length_size_ > 0;
}

void FrameSplitter::TakeLength(absl::string_view* bytes, FrameSink* sink) {
  const size_t take = std::min(length_.size() - length_size_, bytes->size());
  std::memcpy(length_.data() + length_size_, bytes->data(), take);
  length_size_ += take;
  bytes->remove_prefix(take);
  if (length_size_ < length_.size()) return;
  length_size_ = 0;
  frame_bytes_ = 0;
  for (const char byte : length_) {
    frame_bytes_ = frame_bytes_ << 8 | static_cast<unsigned char>(byte);
  }
  BeginPayload(sink);
}

void FrameSplitter::BeginPayload(FrameSink* sink) {
  if (frame_bytes_ == 0) {
    sink->OnFrame("");
  } else if (frame_bytes_ > max_frame_bytes_) {
    state_ = State::kSkip;
    skip_left_bytes_ = frame_bytes_;
    sink->OnTooLarge(frame_bytes_);
  } else {
    state_ = State::kPayload;
  }
}

void FrameSplitter::TakePayload(absl::string_view* bytes, FrameSink* sink) {
  if (gathered_.empty() && bytes->size() >= frame_bytes_) {
    state_ = State::kLength;
    sink->OnFrame(bytes->substr(0, frame_bytes_));
    bytes->remove_prefix(frame_bytes_);
    return;
  }
  const size_t missing = frame_bytes_ - gathered_.size();
  const size_t take = std::min(missing, bytes->size());
  if (!Grow(gathered_.size() + take)) {
    state_ = State::kSkip;
    skip_left_bytes_ = static_cast<uint32_t>(missing);
    FreeGathered();
    sink->OnNoRoom(frame_bytes_);
    return;
  }
  gathered_.append(bytes->data(), take);
  bytes->remove_prefix(take);
  if (gathered_.size() == frame_bytes_) HandOnGathered(sink);
}

void FrameSplitter::TakeSkipped(absl::string_view* bytes) {
  const size_t take = std::min<size_t>(skip_left_bytes_, bytes->size());
  bytes->remove_prefix(take);
  skip_left_bytes_ -= static_cast<uint32_t>(take);
  if (skip_left_bytes_ == 0) state_ = State::kLength;
}

// Doubles, so that a large frame is moved a few times only, but never beyond
// the frame. reserve() on the old string would round up by itself.
bool FrameSplitter::Grow(size_t needed_bytes) {
  if (needed_bytes <= room_bytes_) return true;
  const size_t wanted = std::min<size_t>(
      frame_bytes_,
      std::max({needed_bytes, kFirstBufferBytes, room_bytes_ * 2}));
  if (!budget_.TryCharge(Charge(wanted) - Charge(room_bytes_))) return false;
  room_bytes_ = wanted;
  std::string larger;
  larger.reserve(wanted);
  larger.append(gathered_);
  gathered_ = std::move(larger);
  return true;
}

// The charge goes first: from here on the frame is its taker's to count.
void FrameSplitter::HandOnGathered(FrameSink* sink) {
  state_ = State::kLength;
  const std::string payload = std::move(gathered_);
  FreeGathered();
  sink->OnFrame(payload);
}

void FrameSplitter::FreeGathered() {
  budget_.Release(Charge(room_bytes_));
  room_bytes_ = 0;
  gathered_ = std::string();
}

}  // namespace logboom
