#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/pickle/python_record.h"
#include "server/ingest/pickle/unpickler.h"
#include "tests/server/ingest/pickle/record_json.h"

namespace logboom {
namespace {

using nlohmann::json;

std::string ReadGolden(const std::string& name) {
  std::ifstream file(
      absl::StrCat(LOGBOOM_SOURCE_DIR "/tests/golden/pickles/", name),
      std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::vector<std::string> SplitFrames(absl::string_view bytes) {
  std::vector<std::string> frames;
  while (bytes.size() >= 4) {
    size_t size = 0;
    for (int i = 0; i < 4; ++i) {
      size = size << 8 | static_cast<unsigned char>(bytes[i]);
    }
    frames.emplace_back(bytes.substr(4, size));
    bytes.remove_prefix(4 + size);
  }
  return frames;
}

// One Python's frames: SocketHandler's own, then one a protocol.
class GoldenPickles : public testing::TestWithParam<const char*> {
 protected:
  std::vector<std::string> Frames() const {
    return SplitFrames(ReadGolden(absl::StrCat(GetParam(), ".frames")));
  }
  json Expected() const {
    return json::parse(ReadGolden(absl::StrCat(GetParam(), ".json")));
  }

  std::string Decode(const std::string& frame) {
    std::string record;
    const absl::Status status = decoder_.Decode(frame, &record);
    EXPECT_TRUE(status.ok()) << status;
    EXPECT_TRUE(CheckRecord(record).ok());
    return record;
  }

  PythonRecordDecoder decoder_{PythonRecordOptions{}};
};

// Says where two records differ: whole ones fill the screen.
void ExpectSameRecord(const json& got, const json& expected) {
  for (const auto& [key, value] : expected.items()) {
    if (key == "attributes") continue;
    EXPECT_EQ(got.value(key, json("absent")), value) << key;
  }
  for (const auto& [key, value] : expected["attributes"].items()) {
    const json got_value = got["attributes"].value(key, json("absent"));
    if (got_value == value) continue;
    if (!value.is_array() || !got_value.is_array() || value[0] != "a") {
      ADD_FAILURE() << key << ": " << got_value << " is not " << value;
      continue;
    }
    ASSERT_EQ(got_value[1].size(), value[1].size()) << key;
    for (size_t i = 0; i < value[1].size(); ++i) {
      EXPECT_EQ(got_value[1][i], value[1][i]) << key << "[" << i << "]";
    }
  }
  EXPECT_EQ(got["attributes"].size(), expected["attributes"].size());
}

TEST_P(GoldenPickles, BecomeTheRecordsThatPythonSaysTheyAre) {
  const std::vector<std::string> frames = Frames();
  const json expected = Expected();
  ASSERT_EQ(frames.size(), expected.size());
  ASSERT_GE(frames.size(), 10u);
  for (size_t i = 0; i < frames.size(); ++i) {
    SCOPED_TRACE(absl::StrCat("frame ", i));
    const std::string record = Decode(frames[i]);
    const auto view = RecordView::Parse(record);
    ASSERT_TRUE(view.ok());
    ExpectSameRecord(RecordJson(*view), expected[i]);
  }
}

// Goal: nothing of the dict is lost. Method: rebuild it from the record, and
// compare with the pickle's own pairs.
TEST_P(GoldenPickles, CanBeRebuiltFromTheirRecords) {
  Unpickler unpickler;
  for (const std::string& frame : Frames()) {
    const auto value = unpickler.Decode(frame);
    ASSERT_TRUE(value.ok()) << value.status();
    std::map<std::string, json> expected;
    const PythonContainer& dict = value->container();
    for (auto it = dict.begin(); it != dict.end(); ++it) {
      const std::string key(it->text());
      expected[key] = ValueJson(*++it);
    }
    const std::string record = Decode(frame);
    EXPECT_EQ(RebuildDict(*RecordView::Parse(record)), expected);
  }
}

// Goal: the short cut changes nothing. Method: decode with and without it.
TEST_P(GoldenPickles, AreTheSameRecordsWithoutTheShortCut) {
  for (const std::string& frame : Frames()) {
    std::string any;
    ASSERT_TRUE(decoder_.DecodeAny(frame, &any).ok());
    EXPECT_EQ(Decode(frame), any);
  }
}

// A frame cut anywhere costs itself, and what is read is inside it: the copy
// ends where the frame was cut, for AddressSanitizer to see.
TEST_P(GoldenPickles, AreRefusedWhenCutAtAnyByte) {
  std::vector<std::string> frames = Frames();
  frames.resize(1);
  for (size_t size = 0; size < frames[0].size(); ++size) {
    const std::vector<char> cut(frames[0].begin(),
                                frames[0].begin() + static_cast<long>(size));
    std::string record = "before";
    const absl::Status status =
        decoder_.Decode(absl::string_view(cut.data(), cut.size()), &record);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << size;
    EXPECT_EQ(record, "before");
  }
}

INSTANTIATE_TEST_SUITE_P(EveryPython, GoldenPickles,
                         testing::Values("python2.7", "python3.6", "python3.7",
                                         "python3.8", "python3.9", "python3.10",
                                         "python3.11", "python3.12",
                                         "python3.13"),
                         [](const auto& info) {
                           std::string name = info.param;
                           name[name.find('.')] = '_';
                           return name;
                         });

}  // namespace
}  // namespace logboom
