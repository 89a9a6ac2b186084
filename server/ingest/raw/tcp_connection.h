#ifndef LOGBOOM_SERVER_INGEST_RAW_TCP_CONNECTION_H_
#define LOGBOOM_SERVER_INGEST_RAW_TCP_CONNECTION_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "base/unique_fd.h"
#include "server/ingest/raw/frame_intake.h"
#include "server/ingest/raw/frame_splitter.h"

namespace logboom {

// One peer of the raw port. It holds no buffer but for a frame that is cut
// between two reads. Of each kind of fault the first is reported, the others
// are only counted.
//
// One thread.
class TcpConnection : private FrameSink {
 public:
  // `fd` is a connected, non-blocking stream socket; `intake` must outlive this
  // object.
  TcpConnection(UniqueFd fd, FrameIntake* intake);
  // Counts a frame that is cut here.
  ~TcpConnection() override;

  // One turn: reads once, at most as much as `buffer` holds, and takes what
  // came. False when the connection is over.
  bool ReadOnce(absl::Span<char> buffer);

 private:
  void OnFrame(absl::string_view payload) override;
  void OnTooLarge(uint32_t length_bytes) override;
  void OnNoRoom(uint32_t length_bytes) override;

  // "tcp 127.0.0.1:40000", "unix pid 7".
  std::string PeerName() const;
  void ReportOnce(bool* reported, absl::string_view what);

  const UniqueFd fd_;
  FrameIntake& intake_;
  FrameSplitter splitter_;
  bool reported_undecodable_ = false;
  bool reported_too_large_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_TCP_CONNECTION_H_
