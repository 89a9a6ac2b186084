#include "server/ingest/pickle/unpickler.h"

#include <array>
#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "server/ingest/pickle/pickle_scalar.h"
#include "server/ingest/pickle/pickle_text.h"

namespace logboom {
namespace {

using Kind = PythonValue::Kind;
using Machine = PickleMachine;

// The action of an opcode that is no scalar; null where it is refused.
using Action = bool (*)(Machine& machine, std::string& scratch);
using ActionTable = std::array<Action, 256>;

// Strings.

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
  return protocol <= kMaxPickleProtocol || machine.Fail("an unknown protocol");
}

// As CPython's C reader: a frame must be there in full, and that is all.
bool CheckFrame(Machine& machine, std::string&) {
  uint64_t size = 0;
  if (!machine.ReadNumber<8>(&size)) return false;
  return size <= machine.in().bytes_left() || machine.Fail("a frame cut off");
}

bool PushNamedGlobal(Machine& machine, std::string&) {
  absl::string_view module, name;
  return machine.ReadLine(&module) && machine.ReadLine(&name) &&
         machine.PushGlobal(module, name);
}

constexpr void AddStrings(ActionTable& table) {
  table['S'] = [](Machine& m, std::string& scratch) {
    return PushLine(m, scratch, ParsePickleString);
  };
  table['V'] = [](Machine& m, std::string& scratch) {
    return PushLine(m, scratch, ParsePickleUnicode);
  };
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
  AddStrings(table);
  AddContainers(table);
  AddStackAndMemo(table);
  AddObjects(table);
  return table;
}

constexpr ActionTable kActions = MakeTable();
constexpr unsigned char kStop = '.';

// One opcode.
bool Run(uint64_t opcode, Machine& machine, std::string& scratch) {
  PythonValue value;
  switch (ReadScalar(opcode, machine.in(), &value)) {
    case ScalarOutcome::kRead:
      return machine.Push(value);
    case ScalarOutcome::kCutOff:
      return machine.FailCutOff();
    case ScalarOutcome::kMalformed:
      return machine.Fail("a malformed number");
    case ScalarOutcome::kNoScalar:
      break;
  }
  const Action action = kActions[opcode];
  if (action != nullptr) return action(machine, scratch);
  return machine.Fail(absl::StrFormat("opcode 0x%02X is refused", opcode));
}

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
    if (!Run(opcode, machine_, scratch_)) return machine_.status();
  }
  PythonValue value;
  if (!machine_.Finish(&value)) return machine_.status();
  return value;
}

}  // namespace logboom
