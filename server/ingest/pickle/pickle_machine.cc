#include "server/ingest/pickle/pickle_machine.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "server/ingest/pickle/pickle_text.h"

namespace logboom {
namespace {

// Python 2's name of a module, which Python 3 writes too for protocols below 3
// (CPython's Lib/_compat_pickle.py), in Python 3's words.
absl::string_view ModernModule(absl::string_view module) {
  if (module == "__builtin__" || module == "exceptions") return "builtins";
  if (module == "copy_reg") return "copyreg";
  return module;
}

absl::string_view ModernBuiltin(absl::string_view name) {
  if (name == "unicode") return "str";
  if (name == "long") return "int";
  if (name == "xrange") return "range";
  return name;
}

bool IsLatin1(absl::string_view codec) {
  return codec == "latin1" || codec == "latin-1";
}

}  // namespace

bool PickleMachine::PushGlobal(absl::string_view module,
                               absl::string_view name) {
  module = ModernModule(module);
  if (module == "builtins") name = ModernBuiltin(name);
  return PushName(module, name);
}

bool PickleMachine::PushName(absl::string_view module, absl::string_view name) {
  return PushCopiedText(Kind::kGlobal, absl::StrCat(module, ".", name));
}

bool PickleMachine::StackGlobal() {
  absl::string_view name, module;
  return PopText(Kind::kString, &name) && PopText(Kind::kString, &module) &&
         PushGlobal(module, name);
}

bool PickleMachine::PushCall(PythonValue callable, PythonContainer* args,
                             PythonValue kwargs) {
  PythonObject* const object = arena_.New<PythonObject>();
  object->callable = callable;
  object->args = args;
  object->kwargs = kwargs;
  return Push(PythonValue::Object(object));
}

bool PickleMachine::Reduce() {
  PythonValue args, callable;
  if (!Pop(&args) || !Pop(&callable)) return false;
  if (!args.is(Kind::kTuple)) return Fail("arguments that are no tuple");
  if (callable.is(Kind::kGlobal)) {
    bool done = false;
    if (!ReduceKnown(callable.text(), args.container(), &done)) return false;
    if (done) return true;
  }
  return PushCall(callable, &args.container());
}

bool PickleMachine::New(bool with_kwargs) {
  PythonValue kwargs, args, callable;
  if (with_kwargs && !Pop(&kwargs)) return false;
  if (!Pop(&args) || !Pop(&callable)) return false;
  if (!args.is(Kind::kTuple)) return Fail("arguments that are no tuple");
  if (with_kwargs && !kwargs.is(Kind::kDict)) {
    return Fail("keyword arguments that are no dict");
  }
  return PushCall(callable, &args.container(), kwargs);
}

bool PickleMachine::CallMarked(bool class_is_marked) {
  PythonValue callable;
  if (!class_is_marked && !Pop(&callable)) return false;
  if (marks_.empty()) return Fail("no mark");
  size_t first = marks_.back();
  if (class_is_marked) {
    if (stack_.size() == first) return Fail("stack underflow");
    callable = stack_[first++];
  }
  PythonContainer* const args = arena_.New<PythonContainer>();
  MoveToContainer(first, args);
  return PopMark() && PushCall(callable, args);
}

bool PickleMachine::Build() {
  PythonValue state;
  if (!Pop(&state)) return false;
  if (stack_.size() <= fence()) return Fail("stack underflow");
  if (!stack_.back().is(Kind::kObject)) {
    return Fail("a state for a value that takes none");
  }
  PythonObject& object = stack_.back().object();
  if (!object.state.is(Kind::kAbsent)) return Fail("a second state");
  object.state = state;
  return true;
}

bool PickleMachine::ReduceKnown(absl::string_view name,
                                const PythonContainer& args, bool* done) {
  if (name == "copyreg._reconstructor") return Reconstruct(args, done);
  if (name == "copyreg.__newobj__") return NewFromArgs(args, done);
  if (name == "_codecs.encode") return EncodeText(args, done);
  if (name == "builtins.getattr") return GetAttribute(args, done);
  if (name == "builtins.bytes" && args.empty()) {
    *done = true;
    return PushText(Kind::kBytes, "");
  }
  return true;
}

// copyreg._reconstructor(cls, base, state): object.__new__(cls), or for a
// subclass of another built-in type base.__new__(cls, state).
bool PickleMachine::Reconstruct(const PythonContainer& args, bool* done) {
  if (args.size() != 3) return true;
  auto arg = args.begin();
  const PythonValue callable = *arg;
  const PythonValue base = *++arg;
  const PythonValue state = *++arg;
  PythonContainer* const call_args = arena_.New<PythonContainer>();
  if (!base.IsGlobal("builtins.object") || !state.is(Kind::kNone)) {
    PythonValue* const value = arena_.New<PythonValue>(state);
    call_args->Append(arena_.New<PythonContainer::Run>({value, 1, nullptr}));
  }
  *done = true;
  return PushCall(callable, call_args);
}

// copyreg.__newobj__(cls, *args). The copy is charged: arguments may be shared.
bool PickleMachine::NewFromArgs(const PythonContainer& args, bool* done) {
  if (args.empty()) return true;
  const size_t first = stack_.size();
  auto arg = args.begin();
  const PythonValue callable = *arg;
  while (++arg != args.end()) {
    if (!Push(*arg)) return false;
  }
  PythonContainer* const call_args = arena_.New<PythonContainer>();
  MoveToContainer(first, call_args);
  *done = true;
  return PushCall(callable, call_args);
}

// _codecs.encode(str, 'latin1'): how protocols below 3 carry bytes.
bool PickleMachine::EncodeText(const PythonContainer& args, bool* done) {
  if (args.size() != 2) return true;
  auto arg = args.begin();
  const PythonValue text = *arg;
  const PythonValue codec = *++arg;
  if (!text.is(Kind::kString) || !codec.is(Kind::kString)) return true;
  if (!IsLatin1(codec.text())) return true;
  if (!ChargeText(text.text().size())) return false;
  std::string bytes;
  if (!Utf8ToLatin1(text.text(), &bytes)) return true;
  *done = true;
  return PushCopiedText(Kind::kBytes, bytes);
}

// getattr(Class, 'name'): how protocols below 4 name what is inside a class.
bool PickleMachine::GetAttribute(const PythonContainer& args, bool* done) {
  if (args.size() != 2) return true;
  auto arg = args.begin();
  const PythonValue owner = *arg;
  const PythonValue name = *++arg;
  if (!owner.is(Kind::kGlobal) || !name.is(Kind::kString)) return true;
  *done = true;
  return PushName(owner.text(), name.text());
}

}  // namespace logboom
