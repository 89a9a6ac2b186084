#include "server/ingest/pickle/flat_dict_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/unpickler.h"
#include "tests/server/ingest/pickle/record_json.h"

namespace logboom {
namespace {

using nlohmann::json;
using testing::AnyOf;

// A literal with its NULs.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

// BINUNICODE; of less than 256 bytes.
std::string Text(absl::string_view text) {
  return absl::StrCat("X", std::string(1, static_cast<char>(text.size())),
                      Bytes("\0\0\0"), text);
}

// The dict of one item that is `key` and `value`, both pieces of pickle.
std::string Dict(absl::string_view key, absl::string_view value) {
  return absl::StrCat("}(", key, value, "u.");
}

bool Read(absl::string_view pickle, PythonItems* items,
          const UnpicklerLimits& limits = UnpicklerLimits()) {
  return FlatDictReader(limits).Read(pickle, items);
}

bool IsTaken(absl::string_view pickle,
             const UnpicklerLimits& limits = UnpicklerLimits()) {
  // A copy of its own size: AddressSanitizer sees a read past its end.
  const std::vector<char> copy(pickle.begin(), pickle.end());
  PythonItems items;
  return Read(absl::string_view(copy.data(), copy.size()), &items, limits);
}

// The value of the one item, as JSON (record_json.h).
std::string ValueOf(absl::string_view pickle) {
  PythonItems items;
  if (!Read(pickle, &items)) return "not taken";
  if (items.extras().size() != 1) return "not one item";
  return ValueJson(items.extras()[0].second).dump();
}

// What Unpickler says that it is.
std::string ValueByUnpickler(absl::string_view pickle) {
  Unpickler unpickler;
  const auto value = unpickler.Decode(pickle);
  if (!value.ok()) return std::string(value.status().message());
  return ValueJson(*++value->container().begin()).dump();
}

TEST(FlatDictReaderTest, ReadsEveryPlainValueAsUnpicklerDoes) {
  for (const std::string& value : {Bytes("N"),
                                   Bytes("\x88"),
                                   Bytes("\x89"),
                                   Bytes("I7\n"),
                                   Bytes("I01\n"),
                                   Bytes("L-8L\n"),
                                   Bytes("L99999999999999999999L\n"),
                                   Bytes("L-9223372036854775808L\n"),
                                   Bytes("F0.5\n"),
                                   Bytes("J\xFE\xFF\xFF\xFF"),
                                   Bytes("K\xFF"),
                                   Bytes("M\x01\x02"),
                                   Bytes("G\x3F\xE0\0\0\0\0\0\0"),
                                   Bytes("\x8A\x02\x00\xFF"),
                                   Bytes("\x8B\x02\0\0\0\x00\xFF"),
                                   Bytes("T\x02\0\0\0hi"),
                                   Bytes("U\x02hi"),
                                   Text("hi"),
                                   Bytes("\x8C\x02hi"),
                                   Bytes("\x8D\x02\0\0\0\0\0\0\0hi"),
                                   Bytes("B\x02\0\0\0hi"),
                                   Bytes("C\x02hi"),
                                   Bytes("\x8E\x02\0\0\0\0\0\0\0hi"),
                                   Bytes("\x96\x02\0\0\0\0\0\0\0hi")}) {
    const std::string pickle = Dict(Text("k"), value);
    EXPECT_EQ(ValueOf(pickle), ValueByUnpickler(pickle)) << value;
  }
}

TEST(FlatDictReaderTest, KnowsTheOpcodesOfEveryProtocolFromOneOn) {
  const std::string items =
      absl::StrCat(Text("k"), "q", Bytes("\x01"), "K\x07u.");
  const std::string memoized = absl::StrCat(Text("k"), "\x94K\x07u.");
  for (const std::string& pickle :
       {absl::StrCat("}(", Text("k"), "K\x07u."),
        absl::StrCat("}q", Bytes("\0"), "(", items),
        absl::StrCat("}r", Bytes("\0\0\0\0"), "(", items),
        absl::StrCat("\x80\x02}q", Bytes("\0"), "(", items),
        absl::StrCat("\x80\x04\x95", Bytes("\x0D\0\0\0\0\0\0\0"), "}\x94(",
                     memoized),
        absl::StrCat("}(", Text("k"), "K\x07u.", "what follows")}) {
    EXPECT_EQ(ValueOf(pickle), R"(["i","7"])") << pickle;
  }
}

TEST(FlatDictReaderTest, ReadsWhatTheMemoRepeats) {
  const std::string head =
      absl::StrCat("}(", Text("k"), "\x94", Text("twice"), "\x94");
  const std::string pickle = absl::StrCat(head, Text("v"), "h", Bytes("\x01"),
                                          "h", Bytes("\0"), "Nu.");
  PythonItems items;
  ASSERT_TRUE(Read(pickle, &items));
  ASSERT_EQ(items.extras().size(), 3u);
  EXPECT_EQ(items.extras()[1].second.text(), "twice");
  EXPECT_EQ(items.extras()[2].first.text(), "k");
  // Slots that nothing was put in, and the dict itself.
  EXPECT_FALSE(IsTaken(absl::StrCat(head, Text("v"), "h", "\x02", "u.")));
  EXPECT_FALSE(
      IsTaken(absl::StrCat("}\x94(", Text("v"), "h", Bytes("\0"), "u.")));
}

TEST(FlatDictReaderTest, SlotsAreNumberedOneByOneAndEnd) {
  const std::string skips =
      absl::StrCat("}(", Text("k"), "q", Bytes("\x01"), "Nu.");
  EXPECT_FALSE(IsTaken(skips));
  for (const int strings : {255, 256, 257}) {
    std::string pickle = "}(";
    for (int i = 0; i < strings; ++i) {
      absl::StrAppend(&pickle, Text("k"), "\x94N");
    }
    EXPECT_EQ(IsTaken(pickle + "u."), strings <= 256) << strings;
  }
}

TEST(FlatDictReaderTest, LeavesEverythingElseToUnpickler) {
  const std::string k = Text("k");
  for (const std::string& pickle :
       {Bytes(""),
        Bytes("N."),
        Bytes("}."),
        Bytes("](u."),
        Bytes("}N."),
        Bytes("\x80\x06}(u."),
        absl::StrCat("}(", k, "u."),
        absl::StrCat("}(", k, "Nuu."),
        absl::StrCat("}(", k, "Nu}(", k, "Nu."),
        absl::StrCat("}", k, "Ns."),
        Dict("N", "N"),
        Dict("K\x07", "N"),
        Dict(Bytes("C\x01k"), "N"),
        Dict(k, "]"),
        Dict(k, "}"),
        Dict(k, ")"),
        Dict(k, "cos\nsystem\n"),
        Dict(k, "Vhi\n"),
        Dict(k, "S'hi'\n"),
        Dict(k, "2"),
        Dict(k, "0"),
        Dict(k, "Ix\n"),
        Dict(k, "N0N"),
        Dict(k, "\x94\x94N"),
        absl::StrCat("(d(", k, "Nu."),
        absl::StrCat("\x80\x04\x95", Bytes("\xFF\0\0\0\0\0\0\0"), "}(u.")}) {
    EXPECT_FALSE(IsTaken(pickle)) << pickle;
  }
}

TEST(FlatDictReaderTest, AnEmptyDictSetInOneGoIsTaken) {
  EXPECT_TRUE(IsTaken("}(u."));
}

TEST(FlatDictReaderTest, TakesWhatTheItemLimitLetsThrough) {
  std::string pickle = "}(";
  for (int i = 0; i < 10; ++i) absl::StrAppend(&pickle, Text("k"), "N");
  pickle += "u.";
  for (int32_t max_items = 0; max_items < 30; ++max_items) {
    UnpicklerLimits limits;
    limits.max_items = max_items;
    Unpickler unpickler(limits);
    EXPECT_EQ(IsTaken(pickle, limits), unpickler.Decode(pickle).ok())
        << max_items;
  }
}

TEST(FlatDictReaderTest, APickleCutAnywhereIsNotTaken) {
  const std::string whole = absl::StrCat(
      "\x80\x02}q", Bytes("\0"), "(", Text("key"), "q", Bytes("\x01"),
      Text("value"), "r", Bytes("\x02\0\0\0"), Text("long"),
      Bytes("L140362928745344L\n"), Text("f"), Bytes("G\0\0\0\0\0\0\0\0"),
      Text("back"), "h", Bytes("\x02"), "u.");
  ASSERT_TRUE(IsTaken(whole));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(IsTaken(whole.substr(0, size))) << size;
  }
}

}  // namespace
}  // namespace logboom
