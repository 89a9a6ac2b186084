#ifndef LOGBOOM_CLIENT_FOLDER_SPOOL_H_
#define LOGBOOM_CLIENT_FOLDER_SPOOL_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/batch.h"
#include "client/spool.h"
#include "client/spool_disk.h"
#include "client/spool_folder.h"
#include "client/spool_front.h"
#include "client/spool_lives.h"
#include "client/spool_recovery.h"
#include "client/spool_segment.h"
#include "client/spool_writer.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// The spool in a folder that was taken and read. Not thread-safe.
class FolderSpool final : public Spool {
 public:
  // `disk` must outlive it; the folder is `recovered`'s.
  FolderSpool(SpoolOptions options, SpoolDisk* disk, SpoolFolder folder,
              RecoveredSpool recovered, SpoolLife own);

  const std::string& producer_id() const override { return producer_id_; }
  absl::Status DrawNewProducerId() override;
  const SpoolLife& front_life() const override { return lives_.front().life; }
  bool at_own_life() const override { return lives_.at_own(); }
  Dropped Append(const Batch& batch) override;
  absl::StatusOr<std::optional<Batch>> Next() override;
  void Rewind(uint64_t sequence) override { front_.Rewind(sequence); }
  absl::Status Settle(uint64_t sequence) override;
  bool has_next() const override { return front_.has_next(); }
  bool has_unsettled() const override { return front_.has_unsettled(); }
  int64_t own_records() const override { return lives_.own().records; }
  int64_t earlier_records() const override { return lives_.earlier_records(); }
  int64_t bytes() const override { return bytes_; }
  std::string TakeProblems() override { return std::exchange(problems_, {}); }
  int64_t TakeDamagedRecords() override {
    return std::exchange(damaged_records_, 0) + front_.TakeDamagedRecords();
  }

 private:
  absl::Status StoreIdentity();

  EntryHeader HeaderOf(const Batch& batch, absl::string_view ledger) const;
  // Whether the batch can be stored at all.
  absl::Status Check(const Batch& batch, const EntryHeader& header) const;
  bool NeedsNewFile(int64_t entry_bytes) const;
  absl::Status Write(const Batch& batch, const EntryHeader& header,
                     absl::string_view ledger);
  absl::Status BeginFile();
  // Adds an entry that is in the writer's file to what is known.
  void Note(const EntryHeader& header);
  void GiveUpFile();

  // Removes files until `needed` more bytes fit, or none when they never will.
  absl::Status MakeRoom(int64_t needed, Dropped* dropped);
  // The oldest files that make so much room; fewer: there are no more.
  std::vector<SpoolSegment> Oldest(int64_t needed) const;
  absl::Status Drop(const SpoolSegment& segment, Dropped* dropped);
  LossCounts::Unreported LossesIn(const SpoolSegment& segment) const;
  absl::Status Delete(const SpoolSegment& segment);

  const SpoolOptions options_;
  SpoolDisk* const disk_;
  const SpoolFolder folder_;
  SpoolIdentity identity_;
  bool identity_stored_;
  std::string producer_id_;
  SpoolLives lives_;
  SpoolFront front_;
  SpoolWriter writer_;
  SegmentName writing_;  // the writer's file
  uint64_t next_number_;
  Offset next_offset_;
  int64_t bytes_;
  int64_t damaged_records_;
  std::string problems_;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_FOLDER_SPOOL_H_
