#include "server/ingest/pickle/unpickler.h"

#include <array>
#include <bit>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "server/ingest/pickle/pickle_text.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;
using Machine = PickleMachine;

constexpr uint64_t kMaxProtocol = 5;

// One opcode's action; null where it is refused.
using Action = bool (*)(Machine& machine, std::string& scratch);
using ActionTable = std::array<Action, 256>;

// Binary numbers.

template <size_t kWidth>
bool PushUnsigned(Machine& machine, std::string&) {
  uint64_t number = 0;
  return machine.ReadNumber<kWidth>(&number) &&
         machine.Push(PythonValue::Int(static_cast<int64_t>(number)));
}

bool PushBinInt(Machine& machine, std::string&) {
  uint64_t number = 0;
  return machine.ReadNumber<4>(&number) &&
         machine.Push(PythonValue::Int(
             static_cast<int32_t>(static_cast<uint32_t>(number))));
}

bool PushBinFloat(Machine& machine, std::string&) {
  uint64_t bits = 0;
  if (!machine.ReadNumber<8>(&bits)) return false;
  return machine.Push(
      PythonValue::Double(std::bit_cast<double>(__builtin_bswap64(bits))));
}

// Whether the last of two's complement bytes says nothing that the sign of the
// one before does not.
bool EndsInSignOnly(absl::string_view bytes) {
  const char sign = (bytes[bytes.size() - 2] & 0x80) != 0 ? '\xFF' : '\0';
  return bytes.back() == sign;
}

// Two's complement, little-endian; no bytes at all are 0.
template <size_t kWidth>
bool PushBinLong(Machine& machine, std::string&) {
  absl::string_view bytes;
  if (!machine.ReadCounted<kWidth>(&bytes)) return false;
  while (bytes.size() > sizeof(int64_t) && EndsInSignOnly(bytes)) {
    bytes.remove_suffix(1);
  }
  if (bytes.size() > sizeof(int64_t)) {
    return machine.PushText(Kind::kBinaryInt, bytes);
  }
  const bool negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
  uint64_t number = negative ? ~uint64_t{0} : 0;
  for (size_t i = bytes.size(); i-- > 0;) {
    number = number << 8 | static_cast<unsigned char>(bytes[i]);
  }
  return machine.Push(PythonValue::Int(static_cast<int64_t>(number)));
}

// Strings.

template <Kind kKind, size_t kWidth>
bool PushCounted(Machine& machine, std::string&) {
  absl::string_view bytes;
  return machine.ReadCounted<kWidth>(&bytes) && machine.PushText(kKind, bytes);
}

// Pushes what a text opcode's argument stands for: a copy when it had to be
// rewritten into `scratch`.
bool PushLine(Machine& machine, std::string& scratch,
              bool (*parse)(absl::string_view, std::string*,
                            absl::string_view*)) {
  absl::string_view line, text;
  if (!machine.ReadLine(&line)) return false;
  if (!parse(line, &scratch, &text)) return machine.Fail("a malformed string");
  return text.data() == scratch.data()
             ? machine.PushCopiedText(Kind::kString, text)
             : machine.PushText(Kind::kString, text);
}

bool PushTextNumber(Machine& machine,
                    bool (*parse)(absl::string_view, PythonValue*)) {
  absl::string_view line;
  PythonValue value;
  if (!machine.ReadLine(&line)) return false;
  if (!parse(line, &value)) return machine.Fail("a malformed number");
  return machine.Push(value);
}

// Memo.

template <bool (PickleStack::*kUse)(uint64_t), size_t kWidth>
bool UseMemo(Machine& machine, std::string&) {
  PickleStack& stack = machine;
  uint64_t index = 0;
  return machine.ReadNumber<kWidth>(&index) && (stack.*kUse)(index);
}

template <bool (PickleStack::*kUse)(uint64_t)>
bool UseMemoText(Machine& machine, std::string&) {
  PickleStack& stack = machine;
  absl::string_view line;
  uint64_t index = 0;
  if (!machine.ReadLine(&line)) return false;
  if (!absl::SimpleAtoi(line, &index)) {
    return machine.Fail("a malformed memo number");
  }
  return (stack.*kUse)(index);
}

// The rest.

bool CheckProtocol(Machine& machine, std::string&) {
  uint64_t protocol = 0;
  if (!machine.ReadNumber<1>(&protocol)) return false;
  return protocol <= kMaxProtocol || machine.Fail("an unknown protocol");
}

// As CPython's C reader: a frame must be there in full, and that is all.
bool CheckFrame(Machine& machine, std::string&) {
  uint64_t size = 0;
  if (!machine.ReadNumber<8>(&size)) return false;
  return size <= machine.bytes_left() || machine.Fail("a frame cut off");
}

bool PushNamedGlobal(Machine& machine, std::string&) {
  absl::string_view module, name;
  return machine.ReadLine(&module) && machine.ReadLine(&name) &&
         machine.PushGlobal(module, name);
}

constexpr void AddNumbers(ActionTable& table) {
  table['N'] = [](Machine& m, std::string&) {
    return m.Push(PythonValue::None());
  };
  table[0x88] = [](Machine& m, std::string&) {
    return m.Push(PythonValue::Bool(true));
  };
  table[0x89] = [](Machine& m, std::string&) {
    return m.Push(PythonValue::Bool(false));
  };
  table['I'] = [](Machine& m, std::string&) {
    return PushTextNumber(m, ParsePickleInt);
  };
  table['L'] = [](Machine& m, std::string&) {
    return PushTextNumber(m, ParsePickleLong);
  };
  table['F'] = [](Machine& m, std::string&) {
    return PushTextNumber(m, ParsePickleFloat);
  };
  table['J'] = PushBinInt;
  table['K'] = PushUnsigned<1>;
  table['M'] = PushUnsigned<2>;
  table['G'] = PushBinFloat;
  table[0x8A] = PushBinLong<1>;
  table[0x8B] = PushBinLong<4>;
}

// Python 2's str is text here (STRING, BINSTRING, SHORT_BINSTRING).
constexpr void AddStrings(ActionTable& table) {
  table['S'] = [](Machine& m, std::string& scratch) {
    return PushLine(m, scratch, ParsePickleString);
  };
  table['V'] = [](Machine& m, std::string& scratch) {
    return PushLine(m, scratch, ParsePickleUnicode);
  };
  table['T'] = PushCounted<Kind::kString, 4>;
  table['U'] = PushCounted<Kind::kString, 1>;
  table['X'] = PushCounted<Kind::kString, 4>;
  table[0x8C] = PushCounted<Kind::kString, 1>;
  table[0x8D] = PushCounted<Kind::kString, 8>;
  table['B'] = PushCounted<Kind::kBytes, 4>;
  table['C'] = PushCounted<Kind::kBytes, 1>;
  table[0x8E] = PushCounted<Kind::kBytes, 8>;
  table[0x96] = PushCounted<Kind::kByteArray, 8>;
}

template <Kind kKind>
bool PushEmpty(Machine& machine, std::string&) {
  return machine.PushContainer(kKind);
}
template <Kind kKind>
bool Collect(Machine& machine, std::string&) {
  return machine.CollectMarked(kKind);
}
template <size_t kCount>
bool CollectTuple(Machine& machine, std::string&) {
  return machine.CollectTop(Kind::kTuple, kCount);
}

constexpr void AddContainers(ActionTable& table) {
  table[']'] = PushEmpty<Kind::kList>;
  table['}'] = PushEmpty<Kind::kDict>;
  table[')'] = PushEmpty<Kind::kTuple>;
  table[0x8F] = PushEmpty<Kind::kSet>;
  table['l'] = Collect<Kind::kList>;
  table['d'] = Collect<Kind::kDict>;
  table['t'] = Collect<Kind::kTuple>;
  table[0x91] = Collect<Kind::kFrozenSet>;
  table[0x85] = CollectTuple<1>;
  table[0x86] = CollectTuple<2>;
  table[0x87] = CollectTuple<3>;
  table['a'] = [](Machine& m, std::string&) { return m.AppendTop(false); };
  table['s'] = [](Machine& m, std::string&) { return m.AppendTop(true); };
  table['e'] = [](Machine& m, std::string&) { return m.AppendMarked(false); };
  table[0x90] = table['e'];
  table['u'] = [](Machine& m, std::string&) { return m.AppendMarked(true); };
}

constexpr void AddStackAndMemo(ActionTable& table) {
  table['('] = [](Machine& m, std::string&) { return m.Mark(); };
  table['0'] = [](Machine& m, std::string&) { return m.PopOne(); };
  table['1'] = [](Machine& m, std::string&) { return m.PopMark(); };
  table['2'] = [](Machine& m, std::string&) { return m.Duplicate(); };
  table['p'] = UseMemoText<&Machine::Put>;
  table['q'] = UseMemo<&Machine::Put, 1>;
  table['r'] = UseMemo<&Machine::Put, 4>;
  table['g'] = UseMemoText<&Machine::Get>;
  table['h'] = UseMemo<&Machine::Get, 1>;
  table['j'] = UseMemo<&Machine::Get, 4>;
  table[0x94] = [](Machine& m, std::string&) { return m.PutNext(); };
  table[0x80] = CheckProtocol;
  table[0x95] = CheckFrame;
}

constexpr void AddObjects(ActionTable& table) {
  table['c'] = PushNamedGlobal;
  table[0x93] = [](Machine& m, std::string&) { return m.StackGlobal(); };
  table['R'] = [](Machine& m, std::string&) { return m.Reduce(); };
  table['b'] = [](Machine& m, std::string&) { return m.Build(); };
  table['i'] = [](Machine& m, std::string& scratch) {
    return PushNamedGlobal(m, scratch) && m.CallMarked(false);
  };
  table['o'] = [](Machine& m, std::string&) { return m.CallMarked(true); };
  table[0x81] = [](Machine& m, std::string&) { return m.New(false); };
  table[0x92] = [](Machine& m, std::string&) { return m.New(true); };
}

constexpr ActionTable MakeTable() {
  ActionTable table{};
  AddNumbers(table);
  AddStrings(table);
  AddContainers(table);
  AddStackAndMemo(table);
  AddObjects(table);
  return table;
}

constexpr ActionTable kActions = MakeTable();
constexpr unsigned char kStop = '.';

// Scratch beyond this is given back before the next pickle.
constexpr size_t kKeptScratchBytes = size_t{64} << 10;

}  // namespace

absl::StatusOr<PythonValue> Unpickler::Decode(absl::string_view pickle) {
  machine_.Start(pickle);
  if (scratch_.capacity() > kKeptScratchBytes) scratch_ = std::string();
  while (true) {
    uint64_t opcode = 0;
    if (!machine_.ReadNumber<1>(&opcode)) return machine_.status();
    if (opcode == kStop) break;
    const Action action = kActions[opcode];
    if (action == nullptr) {
      machine_.Fail(absl::StrFormat("opcode 0x%02X is refused", opcode));
      return machine_.status();
    }
    if (!action(machine_, scratch_)) return machine_.status();
  }
  PythonValue value;
  if (!machine_.Finish(&value)) return machine_.status();
  return value;
}

}  // namespace logboom
