#ifndef LOGBOOM_CLIENT_SPOOL_FRONT_H_
#define LOGBOOM_CLIENT_SPOOL_FRONT_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/batch.h"
#include "client/spool_disk.h"
#include "client/spool_folder.h"
#include "client/spool_lives.h"
#include "client/spool_reader.h"
#include "client/spool_segment.h"

namespace logboom {

// How far the front life of a spool is read and settled. Reads its files;
// changes none. Not thread-safe.
class SpoolFront {
 public:
  // All must outlive it.
  SpoolFront(SpoolDisk* disk, const SpoolFolder* folder, SpoolLives* lives);

  // Another life is the front: nothing of it is read or settled.
  void Begin();

  // As Spool has them; nothing is deleted.
  absl::StatusOr<std::optional<Batch>> Next();
  void Rewind(uint64_t sequence);
  void Settle(uint64_t sequence);
  bool has_next() const;
  bool has_unsettled() const;

  // All up to it is settled.
  uint64_t settled() const { return settled_; }
  // Whether the file has a batch that was returned and is not settled.
  bool IsHeld(const SpoolSegment& segment) const;
  // The file is going to be removed.
  void Close(uint64_t number);

  // Records in what Next passed over, as far as they are known; taken.
  int64_t TakeDamagedRecords();

 private:
  using Item = SpoolReader::Item;

  // A reader, and the number of the file it is in; 0: in none.
  struct Place {
    SpoolReader reader;
    uint64_t number = 0;
    Offset offset = 0;  // behind the last record passed
  };

  // Goes to the first entry of the file, unless the place is in it.
  absl::Status GoTo(const SpoolSegment& segment, Place* place);
  absl::Status PassMissingFile(SpoolSegment* segment,
                               const absl::Status& status);
  // What Next does with one item. OK and no batch: go on.
  absl::StatusOr<std::optional<Batch>> Take(SpoolSegment* segment,
                                            const Item& item);
  absl::StatusOr<std::optional<Batch>> TakeEntry(SpoolSegment* segment,
                                                 const Item& item);
  // Damage, behind which the next sequence is above `last_sequence`. OK when it
  // is nothing new.
  absl::Status Pass(SpoolSegment* segment, SpoolSegment::Damage damage,
                    uint64_t last_sequence);
  // Damage that nothing follows is as good as settled when all that was
  // returned is: nobody will acknowledge it.
  void SettlePassed();
  void RaiseSettled(uint64_t sequence);
  // Takes what is settled of a file that is not wholly settled off its records.
  void CountSettled(SpoolSegment* segment);

  SpoolDisk* const disk_;
  const SpoolFolder* const folder_;
  SpoolLives* const lives_;
  Place read_;
  uint64_t read_sequence_ = 0;  // all up to it was returned or passed over
  uint64_t last_returned_ = 0;
  uint64_t settled_ = 0;
  // Behind what is settled and taken off the records, which is up to counted_.
  Place counting_;
  std::optional<Item> count_next_;
  uint64_t counted_ = 0;
  int64_t damaged_records_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_CLIENT_SPOOL_FRONT_H_
