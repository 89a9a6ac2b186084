#ifndef LOGBOOM_TESTS_CLIENT_SHOWN_VALUES_H_
#define LOGBOOM_TESTS_CLIENT_SHOWN_VALUES_H_

#include <deque>
#include <random>
#include <string>
#include <vector>

#include "logboom/v1/record.pb.h"
#include "logboom/value.h"
#include "proto/wire/record_view.h"

namespace logboom {

// The same text for the same value, whether a program's own, an encoded one or
// protobuf's; doubles by their bits. A program's number beyond int64 is shown
// as the map that stands for it on the wire.
std::string Show(const Value& value);
std::string Show(const AnyValueView& value);
std::string Show(const v1::AnyValue& value);

// "key: VALUE"
std::string ShowPair(absl::string_view key, const std::string& value);
std::vector<std::string> ShowPairs(MapView pairs);

// Random values of all kinds, which live as long as it does.
class RandomValues {
 public:
  explicit RandomValues(uint32_t seed) : random_(seed) {}

  // At most `depth` values in one another, a number beyond int64 left out where
  // its map would be one more.
  Value Any(int depth);
  // Valid UTF-8, as protobuf's parser wants it; often empty.
  std::string_view Text();

 private:
  Value AnyArray(int depth);
  Value AnyMap(int depth);
  int64_t AnyInt();

  std::mt19937_64 random_;
  std::deque<std::string> texts_;
  std::deque<std::vector<Value>> arrays_;
  std::deque<std::vector<Attribute>> maps_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLIENT_SHOWN_VALUES_H_
