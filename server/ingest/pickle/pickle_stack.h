#ifndef LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_STACK_H_
#define LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_STACK_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "server/ingest/pickle/pickle_arena.h"
#include "server/ingest/pickle/pickle_cursor.h"
#include "server/ingest/pickle/python_value.h"

namespace logboom {

// PROTO's argument is at most this.
inline constexpr uint64_t kMaxPickleProtocol = 5;

// What a pickle may make the reader hold.
struct UnpicklerLimits {
  int32_t max_items = 100'000;  // values pushed; memo slots; open marks
  int64_t max_text_bytes = int64_t{16} << 20;  // of strings rewritten
};

// The lower half of the machine that a pickle is a program for: its bytes, the
// stack, marks, memo and containers, with CPython's operations
// (Modules/_pickle.c). An operation is false after a failure, which status()
// then tells; the rest is of no more use until Start().
class PickleStack {
 public:
  using Kind = PythonValue::Kind;

  explicit PickleStack(const UnpicklerLimits& limits) : limits_(limits) {}

  // Forgets everything and reads `pickle` from its start.
  void Start(absl::string_view pickle);

  // Arguments of the current opcode.
  bool ReadLine(absl::string_view* line) {
    return in_.Line(line) || FailCutOff();
  }
  template <size_t kWidth>
  bool ReadNumber(uint64_t* number) {
    return in_.Number<kWidth>(number) || FailCutOff();
  }
  // The rest of the pickle, for what takes an argument by itself.
  PickleCursor& in() { return in_; }

  bool Push(PythonValue value) {
    if (++items_ > limits_.max_items) return FailItems();
    stack_.emplace_back() = value;
    return true;
  }
  bool PushText(Kind kind, absl::string_view text);
  // A copy of `text`, which is gone when the opcode is done.
  bool PushCopiedText(Kind kind, absl::string_view text);
  bool PushContainer(Kind kind);
  // A container of the topmost `count` values, which it replaces.
  bool CollectTop(Kind kind, size_t count);
  // The same with all above the last mark.
  bool CollectMarked(Kind kind);

  bool Mark();
  bool PopMark();
  bool PopOne();  // a value, or the mark when it is on top
  bool Duplicate();
  bool Put(uint64_t index);
  bool PutNext() { return Put(memo_count_); }
  bool Get(uint64_t index);

  // Onto the list, set, dict or object below. `pairs`: keys and values.
  bool AppendTop(bool pairs);
  bool AppendMarked(bool pairs);

  bool Fail(absl::string_view what);
  bool FailCutOff() { return Fail("cut off"); }
  // INVALID_ARGUMENT, malformed or refused; RESOURCE_EXHAUSTED, a limit; naming
  // the byte.
  absl::Status status() const { return status_; }

 protected:
  size_t fence() const { return marks_.empty() ? 0 : marks_.back(); }
  bool Pop(PythonValue* value);
  bool PopText(Kind kind, absl::string_view* text);
  // Counts bytes that were rewritten.
  bool ChargeText(size_t size);
  // Appends the values from `first` to the stack's end to `container`.
  void MoveToContainer(size_t first, PythonContainer* container);

  std::vector<PythonValue> stack_;
  std::vector<size_t> marks_;  // stack sizes
  PickleArena arena_;

 private:
  bool FailLimit(absl::string_view what);
  bool FailItems();
  size_t position() const { return pickle_.size() - in_.bytes_left(); }
  // Moves the values from `first` to the stack's end onto the one below them.
  bool AppendFrom(size_t first, bool pairs);

  const UnpicklerLimits limits_;
  absl::string_view pickle_;
  PickleCursor in_;
  int64_t items_ = 0;
  int64_t text_bytes_ = 0;
  std::vector<PythonValue> memo_;
  size_t memo_count_ = 0;  // slots filled, as CPython's MEMOIZE counts them
  absl::Status status_;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_INGEST_PICKLE_PICKLE_STACK_H_
