#ifndef LOGBOOM_TESTS_PROTO_WIRE_RANDOM_RECORD_H_
#define LOGBOOM_TESTS_PROTO_WIRE_RANDOM_RECORD_H_

#include <cstdint>
#include <random>
#include <string>

#include "logboom/v1/ingest.pb.h"
#include "logboom/v1/record.pb.h"

namespace logboom::testing {

// Draws records of every shape: any field absent or present, values of all
// kinds up to four deep, numbers from the edges of their types, unknown fields
// at every level. The same seed gives the same records on every machine.
class RandomRecords {
 public:
  explicit RandomRecords(uint64_t seed) : random_(seed) {}

  v1::LogRecord Record();
  v1::LogBatch Batch();  // one to four records, a sequence, losses
  v1::AnyValue Value(int depth = 4);

  // The record as some other writer might encode it: fields in any order, and
  // now and then a second copy of one that is not a message.
  std::string Shuffled(const v1::LogRecord& record);

  // One to three bytes changed, put in, taken out or cut off at the end.
  std::string Damaged(std::string bytes);

  // A number from 0 to `bound` - 1.
  uint64_t Below(uint64_t bound) { return random_() % bound; }

 private:
  bool OneIn(uint64_t n) { return Below(n) == 0; }
  uint64_t Number();  // of all sizes, the extremes among them
  double Real();
  std::string Text();  // valid UTF-8
  std::string Bytes(size_t size);
  v1::KeyValue Pair(int depth);
  void AddUnknownFields(google::protobuf::Message* message);
  void AddNumbers(v1::LogRecord* record);
  void AddTexts(v1::LogRecord* record);

  std::mt19937_64 random_;  // its sequence is fixed by the C++ standard
};

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_PROTO_WIRE_RANDOM_RECORD_H_
