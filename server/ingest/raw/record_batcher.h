#ifndef LOGBOOM_SERVER_INGEST_RAW_RECORD_BATCHER_H_
#define LOGBOOM_SERVER_INGEST_RAW_RECORD_BATCHER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/string_view.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/ingest.h"
#include "server/ingest/raw/byte_budget.h"
#include "server/ingest/raw/frame_decoder.h"
#include "server/ingest/raw/spare_buffers.h"

namespace logboom {

// Gathers the records of many frames into one LogBatch, so that an entry of the
// journal is worth its header, and appends it for the raw port. What it holds
// is charged to the budget from AddRecords until it is durable, so it is the
// budget that bounds what waits while the disk fails.
//
// One thread. Appends may complete after this object is gone, never after
// `ingest`.
class RecordBatcher : public RecordSink {
 public:
  // `ingest` must outlive this object.
  RecordBatcher(Ingest* ingest, std::shared_ptr<ByteBudget> budget);

  // Adds to the batch; appends what stands there first when both together would
  // pass target_bytes(). Whether there is room the caller has asked the budget.
  void AddRecords(absl::string_view records,
                  const BatchSummary& summary) override;

  // Appends the batch, if there is one.
  void Flush();

  // About 1 MiB, and at most limits.batch_bytes.
  size_t target_bytes() const { return target_bytes_; }

 private:
  void AddToSummary(const BatchSummary& summary);
  // The batch's bytes, which it is then without.
  absl::Cord TakeRecords();

  Ingest& ingest_;
  const std::shared_ptr<ByteBudget> budget_;
  const size_t target_bytes_;
  const IngestSession session_;  // anonymous; kept while the disk fails
  const std::shared_ptr<SpareBuffers> spares_;  // appends outlive this
  std::string records_;
  BatchSummary summary_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_RAW_RECORD_BATCHER_H_
