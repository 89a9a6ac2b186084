#ifndef LOGBOOM_SERVER_INGEST_RAW_FRAME_SPLITTER_H_
#define LOGBOOM_SERVER_INGEST_RAW_FRAME_SPLITTER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "server/ingest/raw/byte_budget.h"

namespace logboom {

// What comes out of a connection's bytes.
class FrameSink {
 public:
  virtual ~FrameSink() = default;

  // One whole payload, empty for a frame of length 0. Valid during the call.
  virtual void OnFrame(absl::string_view payload) = 0;
  // A frame over the size limit begins; it is skipped.
  virtual void OnTooLarge(uint32_t length_bytes) = 0;
  // The budget has no room for what has come of a frame; it is dropped.
  virtual void OnNoRoom(uint32_t length_bytes) = 0;
};

// Cuts one connection's bytes into frames: a 4-byte big-endian length, then as
// many bytes (proto/FORMAT.md section 5). What stands whole in the bytes fed
// is handed on in place; only a frame that is cut between two reads is
// gathered in a buffer, which grows with what has come and not with what the
// length promises, and is freed with its frame. Beyond kFreeBytes it is charged
// to the budget; below it is not, so that peers who begin large frames and
// never end them cannot cost the others their ordinary ones.
//
// One thread.
class FrameSplitter {
 public:
  static constexpr size_t kFreeBytes = 4096;

  // `budget` must outlive this object.
  FrameSplitter(int64_t max_frame_bytes, ByteBudget* budget);
  ~FrameSplitter();
  FrameSplitter(const FrameSplitter&) = delete;
  FrameSplitter& operator=(const FrameSplitter&) = delete;

  // Takes the connection's next bytes. `sink` must not call back.
  void Feed(absl::string_view bytes, FrameSink* sink);

  // Whether a frame has begun that has been neither handed on nor skipped: at
  // the connection's end it is cut.
  bool inside_frame() const;

 private:
  enum class State { kLength, kPayload, kSkip };

  // Each takes bytes off the front of `bytes`.
  void TakeLength(absl::string_view* bytes, FrameSink* sink);
  void TakePayload(absl::string_view* bytes, FrameSink* sink);
  void TakeSkipped(absl::string_view* bytes);

  void BeginPayload(FrameSink* sink);
  bool Grow(size_t needed_bytes);
  void HandOnGathered(FrameSink* sink);
  void FreeGathered();

  const int64_t max_frame_bytes_;
  ByteBudget& budget_;
  State state_ = State::kLength;
  std::array<char, 4> length_{};
  size_t length_size_ = 0;  // bytes of length_ that have come
  uint32_t frame_bytes_ = 0;
  uint32_t skip_left_bytes_ = 0;
  std::string gathered_;
  size_t room_bytes_ = 0;  // of gathered_
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_FRAME_SPLITTER_H_
