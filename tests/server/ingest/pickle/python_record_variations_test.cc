#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/pickle/flat_dict_reader.h"
#include "server/ingest/pickle/python_record.h"
#include "server/ingest/pickle/python_record_writer.h"

namespace logboom {
namespace {

template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

// Pickles of the dicts that senders make, and of what they might: keys in any
// order, twice, missing; values of any type and size.
class PickleMaker {
 public:
  explicit PickleMaker(uint32_t seed) : random_(seed) {}

  std::string Pickle() {
    // Protocol 1 as SocketHandler's, or 4.
    four_ = Chance(2);
    slots_ = 0;
    std::string pickle = four_ ? Bytes("\x80\x04}\x94(") : "}(";
    if (four_) ++slots_;
    // Without these, which every Python 3 sends, the short cut is not taken.
    for (const char* key : {"args", "exc_info", "exc_text", "stack_info"}) {
      if (Chance(100)) continue;
      absl::StrAppend(&pickle, Text(key), Chance(20) ? Value() : "N");
    }
    absl::StrAppend(&pickle, Text("msg"), Chance(20) ? Value() : AnyText());
    const int items = Below(30);
    for (int i = 0; i < items; ++i) absl::StrAppend(&pickle, Key(), Value());
    return absl::StrCat(pickle, "u.");
  }

 private:
  int Below(int end) { return static_cast<int>(random_() % end); }
  bool Chance(int one_in) { return Below(one_in) == 0; }

  // A little-endian number of four bytes.
  static std::string Number(size_t number) {
    std::string bytes;
    for (int i = 0; i < 4; ++i) {
      bytes.push_back(static_cast<char>(number >> (8 * i)));
    }
    return bytes;
  }

  std::string Put() {
    if (four_) {
      ++slots_;
      return "\x94";
    }
    if (Chance(4)) return "";
    if (slots_ < 256 && !Chance(50)) {
      return absl::StrCat("q", std::string(1, static_cast<char>(slots_++)));
    }
    return absl::StrCat("r", Number(static_cast<size_t>(slots_++)));
  }

  std::string Text(absl::string_view text) {
    return absl::StrCat("X", Number(text.size()), text, Put());
  }

  std::string AnyText() {
    static constexpr int kSizes[] = {0,   1,   7,     30,    119,
                                     120, 128, 1'000, 5'000, 17'000};
    const int size = kSizes[Below(Chance(10) ? 10 : 7)];
    return Text(
        std::string(static_cast<size_t>(size), Chance(5) ? '\xE9' : 'x'));
  }

  std::string Key() {
    static constexpr absl::string_view kKeys[] = {
        "name",
        "levelno",
        "levelname",
        "pathname",
        "lineno",
        "funcName",
        "created",
        "thread",
        "threadName",
        "process",
        "filename",
        "module",
        "msecs",
        "processName",
        "taskName",
        "order_id",
        "python.name",
        "python.",
        "code.file.path",
        "process.pid",
        "exception.stacktrace",
        "",
        "code.file.not",
        "a key that is longer than 32 bytes"};
    if (Chance(60)) return Value();
    return Text(kKeys[Below(24)]);
  }

  std::string Value() {
    switch (Below(12)) {
      case 0:
        return "N";
      case 1:
        return Chance(2) ? "\x88" : "I00\n";
      case 2:
        return absl::StrCat("K", std::string(1, static_cast<char>(random_())));
      case 3:
        return absl::StrCat("J", Number(random_()));
      case 4:
        return absl::StrCat("L", Chance(2) ? "-" : "", random_() >> Below(64),
                            "L\n");
      case 5:
        return absl::StrCat("F", Double(), "\n");
      case 6:
        return Chance(5) ? Odd() : "K\x14";
      case 7:
        return slots_ == 0
                   ? "N"
                   : absl::StrCat(
                         "h", std::string(1, static_cast<char>(Below(slots_))));
      default:
        return AnyText();
    }
  }

  std::string Double() {
    return absl::StrCat(Below(2'000'000'000), Chance(2) ? ".25" : ".9335291");
  }

  // What the short cut does not take.
  std::string Odd() {
    static const std::string kOdd[] = {"]",
                                       ")",
                                       "}",
                                       "(K\x01tq\xFF",
                                       Bytes("C\x02hi"),
                                       "L99999999999999999999L\n",
                                       "0"};
    return kOdd[Below(7)];
  }

  std::mt19937_64 random_;
  bool four_ = false;
  int slots_ = 0;
};

PythonRecordOptions Options(int seed) {
  PythonRecordOptions options;
  if (seed % 3 == 0) options.logger = "from.tcp";
  if (seed % 4 == 0) options.unpickler.max_items = 50;
  if (seed % 5 == 0) options.values.max_items = 45;
  if (seed % 7 == 0) options.values.max_bytes = 8'000;
  if (seed % 11 == 0) options.values.max_depth = seed % 2;
  return options;
}

bool TakesShortCut(absl::string_view pickle,
                   const PythonRecordOptions& options) {
  PythonItems items;
  std::string record;
  return FlatDictReader(options.unpickler).Read(pickle, &items) &&
         PythonRecordWriter(options.logger, options.values)
             .WritePlain(items, &record);
}

// As SocketHandler of Python 3.11 makes it.
TEST(PythonRecordVariationsTest, AUsualRecordTakesTheShortCut) {
  std::ifstream file(LOGBOOM_SOURCE_DIR "/tests/bench/sample.pickle",
                     std::ios::binary);
  const std::string pickle(std::istreambuf_iterator<char>(file), {});
  ASSERT_FALSE(pickle.empty());
  EXPECT_TRUE(TakesShortCut(pickle, {}));
  PythonRecordDecoder decoder({});
  std::string record, any;
  ASSERT_TRUE(decoder.Decode(pickle, &record).ok());
  ASSERT_TRUE(decoder.DecodeAny(pickle, &any).ok());
  EXPECT_EQ(record, any);
}

// Goal: the short cut changes no byte of a record and no error. Method: decode
// many pickles with and without it, with it by one decoder.
TEST(PythonRecordVariationsTest, AreTheSameWithoutTheShortCut) {
  int short_cuts = 0, records = 0;
  constexpr int kSeeds = 200;
  constexpr int kPicklesPerSeed = 100;
  for (int seed = 0; seed < kSeeds; ++seed) {
    PickleMaker maker(static_cast<uint32_t>(seed));
    PythonRecordDecoder decoder(Options(seed));
    for (int i = 0; i < kPicklesPerSeed; ++i) {
      SCOPED_TRACE(absl::StrCat("seed ", seed, ", pickle ", i));
      const std::string pickle = maker.Pickle();
      std::string record = "before", any = "before";
      const absl::Status status = decoder.Decode(pickle, &record);
      PythonRecordDecoder fresh(Options(seed));
      EXPECT_EQ(fresh.DecodeAny(pickle, &any), status);
      ASSERT_EQ(record, any);
      if (!status.ok()) continue;
      ++records;
      EXPECT_TRUE(CheckRecord(absl::string_view(record).substr(6)).ok());
      short_cuts += TakesShortCut(pickle, Options(seed)) ? 1 : 0;
    }
  }
  // So that the comparison means something.
  EXPECT_GT(records, kSeeds * kPicklesPerSeed / 4);
  EXPECT_GT(short_cuts, records / 4);
  EXPECT_LT(short_cuts, records);
}

}  // namespace
}  // namespace logboom
