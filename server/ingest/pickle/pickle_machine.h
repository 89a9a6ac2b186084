#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_MACHINE_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_MACHINE_H_

#include "absl/strings/string_view.h"
#include "server/ingest/pickle/pickle_stack.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// The machine that a pickle is a program for: names and calls on top of
// PickleStack. What CPython's would call is kept as data instead.
class PickleMachine : public PickleStack {
 public:
  using PickleStack::PickleStack;

  bool PushGlobal(absl::string_view module, absl::string_view name);
  bool StackGlobal();
  bool Reduce();
  bool New(bool with_kwargs);             // NEWOBJ, NEWOBJ_EX
  bool CallMarked(bool class_is_marked);  // OBJ, INST
  bool Build();

  // STOP: the result.
  bool Finish(PythonValue* result) { return Pop(result); }

 private:
  bool PushName(absl::string_view module, absl::string_view name);
  bool PushCall(PythonValue callable, PythonContainer* args,
                PythonValue kwargs = PythonValue());
  // Calls of Python's own reconstructors, whose meaning is known: then the
  // result is pushed and `*done` set. Arguments that Python does not give them
  // leave it unset.
  bool ReduceKnown(absl::string_view name, const PythonContainer& args,
                   bool* done);
  bool Reconstruct(const PythonContainer& args, bool* done);
  bool EncodeText(const PythonContainer& args, bool* done);
  bool GetAttribute(const PythonContainer& args, bool* done);
  bool NewFromArgs(const PythonContainer& args, bool* done);
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_MACHINE_H_
