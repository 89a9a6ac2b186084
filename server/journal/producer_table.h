#ifndef LOGBOOM_SERVER_JOURNAL_PRODUCER_TABLE_H_
#define LOGBOOM_SERVER_JOURNAL_PRODUCER_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/wire/journal_entry.h"

namespace logboom {

// How far each producer's batches are stored: what makes a batch that is sent
// again a duplicate, after a crash of either side. About 64 bytes a producer.
//
// Not thread-safe: the journal's thread owns it.
class ProducerTable {
 public:
  // The last sequence stored of this producer in this epoch; 0: none.
  uint64_t LastSequence(const ProducerId& id, uint64_t epoch) const;

  // Takes note of a stored entry; of an anonymous one there is nothing to note.
  void Stored(const EntryHeader& header);

  // Adds what a later table says.
  void Add(const ProducerTable& later);

  // Drops the producers not heard of since `time`.
  void ForgetBefore(absl::Time time);

  size_t size() const { return producers_.size(); }

  // The table as encoded ProducerSnapshots of about 1 MiB each; one at least,
  // and only the last one is marked complete.
  std::vector<std::string> Encode() const;

  // Adds what one of them says, and says which it was.
  // Errors: DATA_LOSS, not a ProducerSnapshot.
  struct Part {
    uint32_t number = 0;  // from 0
    bool last = false;
  };
  absl::StatusOr<Part> Load(absl::string_view snapshot);

 private:
  struct Producer {
    uint64_t epoch = 0;
    uint64_t last_sequence = 0;
    uint64_t last_heard_unix_nano = 0;
  };

  absl::flat_hash_map<ProducerId, Producer> producers_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_JOURNAL_PRODUCER_TABLE_H_
