#ifndef LOGBOOM_SERVER_INGEST_INGEST_OPTIONS_H_
#define LOGBOOM_SERVER_INGEST_INGEST_OPTIONS_H_

#include <cstdint>
#include <string>

namespace logboom {

// What a peer can make the server hold or do (configuration: `limits`, `tcp`).
struct IngestOptions {
  // A larger raw TCP frame is skipped without being buffered.
  int64_t frame_bytes = int64_t{16} << 20;
  // A larger LogBatch is Rejected.
  int64_t batch_bytes = int64_t{4} << 20;
  // Bytes being received by gRPC, and bytes appended and not yet durable, over
  // all sessions: beyond it no new read is started (admission.h).
  int64_t ingest_bytes = int64_t{64} << 20;
  // The raw TCP port's own share of them: beyond it whole frames are dropped
  // and counted, because CPython's sender cannot wait.
  int64_t tcp_buffer_bytes = int64_t{64} << 20;
  // Containers nested in one another in a pickle.
  int32_t pickle_depth = 100;
  // Values in a pickle, containers and their elements together.
  int32_t pickle_items = 100'000;
  // Re-emit everything from the raw TCP port under this logger; '' keeps each
  // record's own.
  std::string tcp_logger;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_INGEST_OPTIONS_H_
