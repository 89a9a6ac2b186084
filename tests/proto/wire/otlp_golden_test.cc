#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "proto/wire/otlp_view.h"
#include "proto/wire/structure_check.h"
#include "tests/proto/wire/exact_copy.h"

namespace logboom {
namespace {

using nlohmann::json;
using Kind = AnyValueView::Kind;
using testing::ExactCopy;

std::string ReadGolden(const std::string& name) {
  std::ifstream file(
      absl::StrCat(LOGBOOM_SOURCE_DIR "/tests/golden/otlp/", name),
      std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

// Values as tests/golden/otlp/README.md writes them.
json ValueJson(const AnyValueView& value);

json MapJson(MapView map) {
  json pairs = json::array();
  while (map.Next()) {
    pairs.push_back({std::string(map.key()), ValueJson(map.value())});
  }
  return pairs;
}

json ArrayJson(ArrayView array) {
  json values = json::array();
  while (array.Next()) values.push_back(ValueJson(array.value()));
  return values;
}

std::string DoubleHex(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof(bits));
  return absl::StrFormat("%016x", bits);
}

json ValueJson(const AnyValueView& value) {
  switch (value.kind()) {
    case Kind::kNone:
      return nullptr;
    case Kind::kString:
      return json::array({"s", std::string(value.string_value())});
    case Kind::kBool:
      return json::array({"b", value.bool_value()});
    case Kind::kInt:
      return json::array({"i", absl::StrCat(value.int_value())});
    case Kind::kDouble:
      return json::array({"d", DoubleHex(value.double_value())});
    case Kind::kBytes:
      return json::array({"y", absl::BytesToHexString(value.bytes_value())});
    case Kind::kArray:
      return json::array({"a", ArrayJson(value.array())});
    case Kind::kMap:
      return json::array({"m", MapJson(value.map())});
  }
  return "no kind";
}

json RecordJson(const OtlpLogsView& logs) {
  const auto record = RecordView::ParseOtlp(logs.record(), logs.scope_name());
  if (!record.ok()) return record.status().ToString();
  return {
      {"resource", MapJson(logs.resource())},
      {"scope_name", std::string(record->logger)},
      {"scope_version", std::string(logs.scope_version())},
      {"scope", MapJson(logs.scope())},
      {"time_unix_nano", absl::StrCat(record->time_unix_nano)},
      {"observed_time_unix_nano",
       absl::StrCat(record->observed_time_unix_nano)},
      {"severity_number", record->severity_number},
      {"severity_text", std::string(record->severity_text)},
      {"has_body", record->body.has_value()},
      {"body", record->body ? ValueJson(*record->body) : json()},
      {"attributes", MapJson(record->attributes())},
      {"dropped_attributes_count", record->dropped_attributes_count},
      {"flags", record->flags},
      {"trace_id", absl::BytesToHexString(record->trace_id)},
      {"span_id", absl::BytesToHexString(record->span_id)},
      {"event_name", std::string(record->event_name)},
  };
}

// One SDK's Export.
class OtlpGoldenTest : public ::testing::TestWithParam<const char*> {
 protected:
  const std::string request_ = ReadGolden(absl::StrCat(GetParam(), ".bin"));
  const json expected_ =
      json::parse(ReadGolden(absl::StrCat(GetParam(), ".json")));
};

TEST_P(OtlpGoldenTest, ReadsAsTheSdksOwnDeclarationsSay) {
  const ExactCopy copy(request_);
  size_t count = 0;
  for (OtlpLogsView logs(copy.view()); logs.Next(); ++count) {
    SCOPED_TRACE(absl::StrCat("record ", count));
    ASSERT_LT(count, expected_.size());
    EXPECT_EQ(RecordJson(logs), expected_[count]);
  }
  EXPECT_EQ(count, expected_.size());
}

TEST_P(OtlpGoldenTest, IsAcceptedWhole) {
  MalformedRecords malformed;
  const absl::StatusOr<BatchSummary> summary =
      CheckExport(request_, &malformed);
  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(summary->record_count, expected_.size());
  EXPECT_EQ(malformed.count, 0u);
}

INSTANTIATE_TEST_SUITE_P(EverySdk, OtlpGoldenTest,
                         ::testing::Values("python", "js"),
                         [](const auto& info) {
                           return std::string(info.param);
                         });

}  // namespace
}  // namespace logboom
