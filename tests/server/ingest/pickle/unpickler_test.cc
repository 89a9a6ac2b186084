#include "server/ingest/pickle/unpickler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/server/ingest/pickle/record_json.h"

namespace logboom {
namespace {

using testing::HasSubstr;

// A literal with its NULs.
template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

// What a pickle stands for, as JSON (record_json.h), or why it is refused.
std::string Read(absl::string_view pickle,
                 const UnpicklerLimits& limits = UnpicklerLimits()) {
  // A copy of its own size: AddressSanitizer sees a read past its end.
  const std::vector<char> copy(pickle.begin(), pickle.end());
  Unpickler unpickler(limits);
  const auto value =
      unpickler.Decode(absl::string_view(copy.data(), copy.size()));
  if (!value.ok()) return std::string(value.status().message());
  return ValueJson(*value).dump();
}

absl::StatusCode CodeOf(absl::string_view pickle,
                        const UnpicklerLimits& limits = UnpicklerLimits()) {
  return Unpickler(limits).Decode(pickle).status().code();
}

std::string Repeated(absl::string_view part, int times) {
  std::string whole;
  for (int i = 0; i < times; ++i) absl::StrAppend(&whole, part);
  return whole;
}

struct OpcodeCase {
  std::string pickle;
  std::string value;
};

// Each of pickletools.opcodes but those that are refused, in their order there.
// The value is the C `json` that the golden files use.
std::vector<OpcodeCase> OpcodeCases() {
  return {
      {"I7\n.", R"(["i","7"])"},
      {"I01\n.", R"(["b",true])"},
      {"I00\n.", R"(["b",false])"},
      {Bytes("J\xFE\xFF\xFF\xFF."), R"(["i","-2"])"},
      {Bytes("K\xFF."), R"(["i","255"])"},
      {Bytes("M\x01\x02."), R"(["i","513"])"},
      {"L-8L\n.", R"(["i","-8"])"},
      {"L8\n.", R"(["i","8"])"},
      {Bytes("\x8A\x00."), R"(["i","0"])"},
      {Bytes("\x8A\x02\x00\xFF."), R"(["i","-256"])"},
      {Bytes("\x8A\x09\x01\x00\x00\x00\x00\x00\x00\x00\x00."), R"(["i","1"])"},
      {Bytes("\x8B\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01."),
       R"(["m",[["__py__",["s","int"]],["value",["s","18446744073709551616"]]]])"},
      {R"(S'a\'\x41\101\n\q')"
       "\n.",
       R"(["s","a'AA\n\\q"])"},
      {Bytes("T\x02\x00\x00\x00hi."), R"(["s","hi"])"},
      {Bytes("U\x02hi."), R"(["s","hi"])"},
      {Bytes("B\x02\x00\x00\x00hi."), R"(["y","6869"])"},
      {Bytes("C\x02hi."), R"(["y","6869"])"},
      {Bytes("\x8E\x02\x00\x00\x00\x00\x00\x00\x00hi."), R"(["y","6869"])"},
      {Bytes("\x96\x02\x00\x00\x00\x00\x00\x00\x00hi."),
       R"(["m",[["__py__",["s","bytearray"]],["value",["y","6869"]]]])"},
      {"N.", "null"},
      {"\x88.", R"(["b",true])"},
      {"\x89.", R"(["b",false])"},
      {"V\\u20ac\\U0001f600\n.", R"(["sx","e282acf09f9880"])"},
      {Bytes("X\x02\x00\x00\x00hi."), R"(["s","hi"])"},
      {Bytes("\x8C\x02hi."), R"(["s","hi"])"},
      {Bytes("\x8D\x02\x00\x00\x00\x00\x00\x00\x00hi."), R"(["s","hi"])"},
      {"F-1.5\n.", R"(["d","bff8000000000000"])"},
      {"Finf\n.", R"(["d","7ff0000000000000"])"},
      {Bytes("G\x3F\xF8\x00\x00\x00\x00\x00\x00."),
       R"(["d","3ff8000000000000"])"},
      {"].", R"(["a",[]])"},
      {"]Na.", R"(["a",[null]])"},
      {"](NNe.", R"(["a",[null,null]])"},
      {"(NNl.", R"(["a",[null,null]])"},
      {").", R"(["m",[["__py__",["s","tuple"]],["value",["a",[]]]]])"},
      {"(Nt.", R"(["m",[["__py__",["s","tuple"]],["value",["a",[null]]]]])"},
      {"N\x85.", R"(["m",[["__py__",["s","tuple"]],["value",["a",[null]]]]])"},
      {"NN\x86.",
       R"(["m",[["__py__",["s","tuple"]],["value",["a",[null,null]]]]])"},
      {"NNN\x87.",
       R"(["m",[["__py__",["s","tuple"]],["value",["a",[null,null,null]]]]])"},
      {"}.", R"(["m",[]])"},
      {"(S'k'\nNd.", R"(["m",[["k",null]]])"},
      {"}S'k'\nNs.", R"(["m",[["k",null]]])"},
      {"}(S'k'\nNu.", R"(["m",[["k",null]]])"},
      {"\x8F.", R"(["m",[["__py__",["s","set"]],["value",["a",[]]]]])"},
      {"\x8F(N\x90.",
       R"(["m",[["__py__",["s","set"]],["value",["a",[null]]]]])"},
      {"(N\x91.",
       R"(["m",[["__py__",["s","frozenset"]],["value",["a",[null]]]]])"},
      {"NI1\n0.", "null"},
      {"N(0.", "null"},
      {"N2\x86.",
       R"(["m",[["__py__",["s","tuple"]],["value",["a",[null,null]]]]])"},
      {"N(I1\n1.", "null"},
      {"I7\np3\n0g3\n.", R"(["i","7"])"},
      {Bytes("I7\nq\x03"
             "0h\x03."),
       R"(["i","7"])"},
      {Bytes("I7\nr\x03\x00\x00\x00"
             "0j\x03\x00\x00\x00."),
       R"(["i","7"])"},
      {Bytes("I7\n\x94N\x94h\x00."), R"(["i","7"])"},
      {"cm\nC\n.", R"(["m",[["__py__",["s","type"]],["value",["s","m.C"]]]])"},
      {"S'm'\nS'C.D'\n\x93.",
       R"(["m",[["__py__",["s","type"]],["value",["s","m.C.D"]]]])"},
      {"cm\nC\n(NtR.",
       R"(["m",[["__py__",["s","m.C"]],["args",["a",[null]]]]])"},
      {"cm\nC\n)RNb.",
       R"(["m",[["__py__",["s","m.C"]],["args",["a",[]]],["state",null]]])"},
      {"(Nim\nC\n.", R"(["m",[["__py__",["s","m.C"]],["args",["a",[null]]]]])"},
      {"(cm\nC\nNo.",
       R"(["m",[["__py__",["s","m.C"]],["args",["a",[null]]]]])"},
      {"cm\nC\n)\x81.", R"(["m",[["__py__",["s","m.C"]],["args",["a",[]]]]])"},
      {"cm\nC\n)}S'k'\nNs\x92.",
       R"(["m",[["__py__",["s","m.C"]],["args",["a",[]]],)"
       R"(["kwargs",["m",[["k",null]]]]]])"},
      {Bytes("\x80\x05N."), "null"},
      {Bytes("\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N."), "null"},
  };
}

TEST(UnpicklerTest, ReadsEveryOpcodeOfEveryProtocol) {
  for (const OpcodeCase& opcode : OpcodeCases()) {
    EXPECT_EQ(Read(opcode.pickle), opcode.value)
        << testing::PrintToString(opcode.pickle);
  }
}

TEST(UnpicklerTest, RefusesEveryByteThatIsNoOpcodeOfPlainData) {
  const std::string accepted =
      "(.012FGIJKLMNRSTUVX]abcdeghijloqrpstu}B)C\x80\x81\x85\x86\x87\x88\x89"
      "\x8A\x8B\x8C\x8D\x8E\x8F\x90\x91\x92\x93\x94\x95\x96";
  for (int byte = 0; byte < 256; ++byte) {
    const char opcode = static_cast<char>(byte);
    const std::string message = Read(std::string(1, opcode));
    EXPECT_EQ(absl::StrContains(message, "is refused"),
              !absl::StrContains(accepted, opcode))
        << byte << ": " << message;
  }
}

// EXT1, EXT2, EXT4, PERSID, BINPERSID, NEXT_BUFFER, READONLY_BUFFER.
TEST(UnpicklerTest, RefusesWhatOnlyTheSendersProcessKnows) {
  for (const std::string& opcode :
       {Bytes("\x82\x01"), Bytes("\x83\x01\x00"), Bytes("\x84\x01\x00\x00\x00"),
        Bytes("Pid\n"), Bytes("NQ"), Bytes("\x97"), Bytes("C\x01x\x98")}) {
    EXPECT_EQ(CodeOf(opcode + "."), absl::StatusCode::kInvalidArgument);
  }
}

TEST(UnpicklerTest, IsCutOffWithAnErrorAtEveryByte) {
  for (const OpcodeCase& opcode : OpcodeCases()) {
    const absl::string_view whole = opcode.pickle;
    for (size_t size = 0; size < whole.size(); ++size) {
      EXPECT_THAT(Read(whole.substr(0, size)), HasSubstr("pickle: "))
          << testing::PrintToString(whole.substr(0, size));
    }
  }
}

TEST(UnpicklerTest, NeverCallsWhatAPickleWantsCalled) {
  const std::string expected =
      R"(["m",[["__py__",["s","os.system"]],["args",["a",[["s","exit"]]]]]])";
  EXPECT_EQ(Read("cos\nsystem\n(S'exit'\ntR."), expected);
  EXPECT_EQ(Read("S'os'\nS'system'\n\x93S'exit'\n\x85R."), expected);
  EXPECT_EQ(Read("(S'exit'\nios\nsystem\n."), expected);
  EXPECT_EQ(Read("(cos\nsystem\nS'exit'\no."), expected);
  EXPECT_EQ(Read("cos\nsystem\nS'exit'\n\x85\x81."), expected);
  EXPECT_EQ(
      Read("c__builtin__\neval\n(S'1'\ntR."),
      R"(["m",[["__py__",["s","builtins.eval"]],["args",["a",[["s","1"]]]]]])");
  EXPECT_EQ(Read("cbuiltins\ngetattr\n(cos\n_wrap\nS'system'\ntR(S'exit'\ntR."),
            R"(["m",[["__py__",["s","os._wrap.system"]],)"
            R"(["args",["a",[["s","exit"]]]]]])");
}

TEST(UnpicklerTest, KeepsACallOfACallAsData) {
  EXPECT_EQ(Read("cm\nf\n)R)R."),
            R"(["m",[["__py__",["s","call"]],["callable",["m",[["__py__",)"
            R"(["s","m.f"]],["args",["a",[]]]]]],["args",["a",[]]]]])");
}

TEST(UnpicklerTest, GivesPythonTwosNamesPythonThrees) {
  EXPECT_EQ(Read("c__builtin__\nunicode\n."), Read("cbuiltins\nstr\n."));
  EXPECT_EQ(Read("c__builtin__\nlong\n."), Read("cbuiltins\nint\n."));
  EXPECT_EQ(Read("c__builtin__\nxrange\n."), Read("cbuiltins\nrange\n."));
  EXPECT_EQ(Read("cexceptions\nOSError\n."), Read("cbuiltins\nOSError\n."));
  EXPECT_EQ(Read("ccopy_reg\nx\n."), Read("ccopyreg\nx\n."));
}

TEST(UnpicklerTest, RefusesWhatUnderflowsTheStackOrAMark) {
  for (const char* program :
       {"",     "0",       "2",    "a",     "Na",    "e",      "(e",   "N(e",
        "s",    "NNs",     "u",    "(u",    "}(Nu",  "}NNNu",  "t",    "l",
        "d",    "(Nd",     "1",    "R",     "NR",    "b",      "Nb",   "o",
        "(o",   "im\nC\n", "\x81", "\x85",  "N\x86", "NN\x87", "\x90", "\x91",
        "\x92", "\x93",    "\x94", "q\x01", "p1\n",  "N(p1\n", "N(2",  "N(",
        "]((a", "N(\x85",  "N(R",  "N(."}) {
    EXPECT_EQ(CodeOf(absl::StrCat(program, ".")),
              absl::StatusCode::kInvalidArgument)
        << testing::PrintToString(program);
  }
}

TEST(UnpicklerTest, RefusesOperationsOnValuesOfTheWrongType) {
  for (const char* program :
       {"NNa", "N(Ne", "NNNs", "](NNu", "}Na", ")Na", "\x8FNNs", "NNb", "]Nb",
        "cm\nC\nNb", "cm\nC\nNR", "cm\nC\n]R", "cm\nC\nN\x81", "cm\nC\n)N\x92",
        "NN\x93", "S'm'\nN\x93", "cm\nC\n)RNbNb"}) {
    EXPECT_EQ(CodeOf(absl::StrCat(program, ".")),
              absl::StatusCode::kInvalidArgument)
        << testing::PrintToString(program);
  }
}

TEST(UnpicklerTest, RefusesMalformedTextArguments) {
  for (const char* program : {"I\n",
                              "Ix\n",
                              "I1 \n",
                              "I0x1\n",
                              "L\n",
                              "LL\n",
                              "L1LL\n",
                              "L--1\n",
                              "L-\n",
                              "F\n",
                              "Fx\n",
                              "S\n",
                              "S'\n",
                              "S'a\"\n",
                              "Sa\n",
                              "S'\\x4'\n",
                              "S'\\'\n",
                              "V\\u12\n",
                              "V\\U00110000\n",
                              "Np\n",
                              "Np-1\n",
                              "Npx\n",
                              "Ng99999999999999999999\n"}) {
    EXPECT_EQ(CodeOf(absl::StrCat(program, ".")),
              absl::StatusCode::kInvalidArgument)
        << testing::PrintToString(program);
  }
}

TEST(UnpicklerTest, RefusesAMemoSlotThatIsEmpty) {
  EXPECT_THAT(Read(Bytes("h\x01.")), HasSubstr("memo slot 1 is empty"));
  EXPECT_THAT(Read("Np7\ng6\n."), HasSubstr("memo slot 6 is empty"));
  EXPECT_THAT(Read(Bytes("j\xFF\xFF\xFF\xFF.")), HasSubstr("is empty"));
}

TEST(UnpicklerTest, RefusesLengthsBeyondTheEnd) {
  for (const std::string& pickle :
       {Bytes("\x8B\xFF\xFF\xFF\x7F."), Bytes("\x8B\xFF\xFF\xFF\xFF."),
        Bytes("T\xFF\xFF\xFF\xFF."), Bytes("X\xFF\xFF\xFF\xFF."),
        Bytes("B\xFF\xFF\xFF\xFF."), Bytes("\x8A\xFF."),
        Bytes("\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF."),
        Bytes("\x8E\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F."),
        Bytes("\x96\x02\x00\x00\x00\x00\x00\x00\x00."),
        Bytes("\x95\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFN."),
        Bytes("\x95\x03\x00\x00\x00\x00\x00\x00\x00N.")}) {
    EXPECT_THAT(Read(pickle), HasSubstr("cut off"))
        << testing::PrintToString(pickle);
  }
}

TEST(UnpicklerTest, RefusesProtocolsThatDoNotExistYet) {
  EXPECT_THAT(Read(Bytes("\x80\x06N.")), HasSubstr("unknown protocol"));
}

TEST(UnpicklerTest, IgnoresWhatFollowsTheEnd) {
  EXPECT_EQ(Read("N.garbage"), "null");
}

TEST(UnpicklerTest, ErrorsNameTheByte) {
  EXPECT_EQ(Read("NNNx"), "pickle: opcode 0x78 is refused at byte 4");
  EXPECT_EQ(Read("NNN"), "pickle: cut off at byte 3");
}

TEST(UnpicklerTest, RefusesMoreValuesThanTheLimit) {
  const UnpicklerLimits limits{.max_items = 10};
  EXPECT_EQ(CodeOf(Repeated("N", 10) + ".", limits), absl::StatusCode::kOk);
  EXPECT_EQ(CodeOf(Repeated("N", 11) + ".", limits),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf("N" + Repeated("2", 10) + ".", limits),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf("Np1\n" + Repeated("g1\n", 10) + ".", limits),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf("N" + Repeated("(", 11), limits),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf("Np11\n.", limits), absl::StatusCode::kResourceExhausted);
}

TEST(UnpicklerTest, CountsTheArgumentsThatNewObjectsCopy) {
  // copyreg.__newobj__ with one shared tuple of 6.
  const std::string args = "(cm\nC\nNNNNNtp1\n0";
  const std::string call = "ccopyreg\n__newobj__\ng1\nR";
  const UnpicklerLimits limits{.max_items = 20};
  EXPECT_EQ(CodeOf(args + call + ".", limits), absl::StatusCode::kOk);
  EXPECT_EQ(CodeOf(args + call + call + ".", limits),
            absl::StatusCode::kResourceExhausted);
}

TEST(UnpicklerTest, RefusesMoreRewrittenTextThanTheLimit) {
  const UnpicklerLimits limits{.max_text_bytes = 100};
  const std::string encode = "c_codecs\nencode\n(g1\nVlatin1\ntR";
  const std::string text = absl::StrCat("V", std::string(20, 'x'), "\np1\n");
  EXPECT_EQ(CodeOf(text + encode + ".", limits), absl::StatusCode::kOk);
  EXPECT_EQ(CodeOf(text + Repeated(encode, 3) + ".", limits),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(
      CodeOf(absl::StrCat("S'\\x41", std::string(100, 'x'), "'\n."), limits),
      absl::StatusCode::kResourceExhausted);
}

TEST(UnpicklerTest, HoldsNoDeepNestingOnItsOwnStack) {
  const int kDeep = 1'000'000;
  EXPECT_EQ(CodeOf(Repeated("(", kDeep) + Repeated("l", kDeep) + "."),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(CodeOf("]" + Repeated("]", kDeep) + Repeated("a", kDeep) + "."),
            absl::StatusCode::kResourceExhausted);
  const UnpicklerLimits wide{.max_items = 3 * kDeep};
  EXPECT_EQ(
      CodeOf("]" + Repeated("]", kDeep) + Repeated("a", kDeep) + ".", wide),
      absl::StatusCode::kOk);
}

// Goal: no quadratic decimal parser. The digits are only looked at; a quadratic
// one would take minutes for these.
TEST(UnpicklerTest, KeepsAMillionDigitsAsTheyCame) {
  const std::string digits(1'000'000, '7');
  const std::string expected = absl::StrCat(
      R"(["m",[["__py__",["s","int"]],["value",["s","-)", digits, R"("]]]])");
  EXPECT_EQ(Read("L-" + digits + "L\n."), expected);
  EXPECT_EQ(Read("I-" + digits + "\n."), expected);
}

TEST(UnpicklerTest, ForgetsOnePickleBeforeTheNext) {
  Unpickler unpickler;
  ASSERT_TRUE(unpickler.Decode("N(Np1\nNN.").status().ok());
  EXPECT_FALSE(unpickler.Decode("g1\n.").ok()) << "the memo";
  EXPECT_FALSE(unpickler.Decode(".").ok()) << "the stack";
  EXPECT_FALSE(unpickler.Decode("t.").ok()) << "the marks";
  EXPECT_FALSE(unpickler.Decode("x").ok());
  EXPECT_TRUE(unpickler.Decode("N.").ok()) << "the error";
}

TEST(UnpicklerTest, SurvivesRandomPrograms) {
  std::mt19937_64 random(2);
  const absl::string_view opcodes =
      "(.012FGIJKLMNRSTUVX]abcdeghijloqrpstu}B)C\x81\x85\x86\x87\x88\x89"
      "\x8A\x8C\x8F\x90\x91\x92\x93\x94";
  Unpickler unpickler(UnpicklerLimits{.max_items = 50});
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string pickle = "NNN";
    for (uint64_t n = random() % 24; n > 0; --n) {
      const bool any = random() % 8 == 0;
      pickle.push_back(any ? static_cast<char>(random() % 256)
                           : opcodes[random() % opcodes.size()]);
    }
    pickle.push_back('.');
    accepted += unpickler.Decode(pickle).ok() ? 1 : 0;
  }
  EXPECT_GT(accepted, 1000) << "the programs are worth running";
}

}  // namespace
}  // namespace logboom
