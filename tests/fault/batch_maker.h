#ifndef LOGBOOM_TESTS_FAULT_BATCH_MAKER_H_
#define LOGBOOM_TESTS_FAULT_BATCH_MAKER_H_

#include <cstdint>
#include <random>
#include <string>

#include "absl/strings/cord.h"
#include "tests/fault/known_record.h"

namespace logboom {

// One batch as a producer keeps it until it is acknowledged.
struct SentBatch {
  uint64_t sequence = 0;
  absl::Cord payload;        // encoded, as Session::Send takes it
  bool malformed = false;    // the server must reject it
  uint64_t last_record = 0;  // number of the producer's last record up to here
};

// What a producer has made so far, as the server's ledger must have it in the
// end.
struct MadeCounts {
  uint64_t records = 0;
  uint64_t batches = 0;  // malformed ones included
  uint64_t malformed = 0;
  uint64_t lost_records = 0;
  uint64_t skipped_sequences = 0;

  void Add(const MadeCounts& other);
};

// Makes a producer's batches: of known records, one to a thousand of them. Now
// and then one is malformed, says that records were lost, or leaves out
// sequences. Not thread-safe.
class BatchMaker {
 public:
  BatchMaker(const RecordSource& source, uint64_t seed)
      : source_(source), random_(seed) {}

  SentBatch Make();
  const MadeCounts& made() const { return made_; }
  uint64_t last_sequence() const { return last_sequence_; }

 private:
  bool OneIn(int count) { return Draw(1, count) == 1; }
  uint64_t Draw(uint64_t least, uint64_t most) {
    return std::uniform_int_distribution<uint64_t>(least, most)(random_);
  }
  uint64_t DrawSize();
  void AddRecord(std::string* out);
  void AddLost(std::string* out);

  const RecordSource source_;
  std::mt19937_64 random_;
  MadeCounts made_;
  uint64_t last_sequence_ = 0;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_BATCH_MAKER_H_
