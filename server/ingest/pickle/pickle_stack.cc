#include "server/ingest/pickle/pickle_stack.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// Scratch beyond this is given back before the next pickle.
constexpr size_t kKeptValues = 4096;

template <typename T>
void Empty(std::vector<T>* values) {
  values->clear();
  if (values->capacity() > kKeptValues) values->shrink_to_fit();
}

// Where a value takes items; null when it takes none.
PythonContainer* AppendTarget(const PythonValue& value, bool pairs) {
  using Kind = PythonValue::Kind;
  switch (value.kind()) {
    case Kind::kList:
    case Kind::kSet:
      return pairs ? nullptr : &value.container();
    case Kind::kDict:
      return pairs ? &value.container() : nullptr;
    case Kind::kObject:
      return pairs ? &value.object().pairs : &value.object().items;
    default:
      return nullptr;
  }
}

}  // namespace

void PickleStack::Start(absl::string_view pickle) {
  pickle_ = pickle;
  in_ = PickleCursor(pickle);
  items_ = 0;
  text_bytes_ = 0;
  memo_count_ = 0;
  Empty(&stack_);
  Empty(&marks_);
  Empty(&memo_);
  arena_.Reset();
  status_ = absl::OkStatus();
}

bool PickleStack::Fail(absl::string_view what) {
  if (status_.ok()) {
    status_ = absl::InvalidArgumentError(
        absl::StrCat("pickle: ", what, " at byte ", position()));
  }
  return false;
}

bool PickleStack::FailLimit(absl::string_view what) {
  status_ = absl::ResourceExhaustedError(
      absl::StrCat("pickle: more than ", what, " at byte ", position()));
  return false;
}

bool PickleStack::FailItems() {
  return FailLimit(absl::StrCat(limits_.max_items, " values"));
}

bool PickleStack::PushText(Kind kind, absl::string_view text) {
  return Push(PythonValue::Text(kind, text));
}

bool PickleStack::ChargeText(size_t size) {
  text_bytes_ += static_cast<int64_t>(size);
  return text_bytes_ <= limits_.max_text_bytes ||
         FailLimit(
             absl::StrCat(limits_.max_text_bytes, " bytes of rewritten text"));
}

bool PickleStack::PushCopiedText(Kind kind, absl::string_view text) {
  if (!ChargeText(text.size())) return false;
  char* const copy = arena_.Allocate<char>(text.size());
  std::copy(text.begin(), text.end(), copy);
  return PushText(kind, absl::string_view(copy, text.size()));
}

bool PickleStack::PushContainer(Kind kind) {
  return Push(PythonValue::Container(kind, arena_.New<PythonContainer>()));
}

void PickleStack::MoveToContainer(size_t first, PythonContainer* container) {
  const size_t count = stack_.size() - first;
  if (count == 0) return;
  PythonValue* const values = arena_.Allocate<PythonValue>(count);
  std::copy(stack_.begin() + static_cast<ptrdiff_t>(first), stack_.end(),
            values);
  container->Append(arena_.New<PythonContainer::Run>(
      {values, static_cast<uint32_t>(count), nullptr}));
  stack_.resize(first);
}

bool PickleStack::CollectTop(Kind kind, size_t count) {
  if (stack_.size() - fence() < count) return Fail("stack underflow");
  PythonContainer* const container = arena_.New<PythonContainer>();
  MoveToContainer(stack_.size() - count, container);
  return Push(PythonValue::Container(kind, container));
}

bool PickleStack::CollectMarked(Kind kind) {
  if (marks_.empty()) return Fail("no mark");
  const size_t count = stack_.size() - marks_.back();
  if (kind == Kind::kDict && count % 2 != 0) return Fail("odd number of items");
  marks_.pop_back();
  return CollectTop(kind, count);
}

bool PickleStack::Mark() {
  if (marks_.size() >= static_cast<size_t>(limits_.max_items)) {
    return FailLimit(absl::StrCat(limits_.max_items, " marks"));
  }
  marks_.push_back(stack_.size());
  return true;
}

bool PickleStack::PopMark() {
  if (marks_.empty()) return Fail("no mark");
  stack_.resize(marks_.back());
  marks_.pop_back();
  return true;
}

bool PickleStack::PopOne() {
  if (!marks_.empty() && marks_.back() == stack_.size()) return PopMark();
  PythonValue ignored;
  return Pop(&ignored);
}

bool PickleStack::Pop(PythonValue* value) {
  if (stack_.size() <= fence()) return Fail("stack underflow");
  *value = stack_.back();
  stack_.pop_back();
  return true;
}

bool PickleStack::PopText(Kind kind, absl::string_view* text) {
  PythonValue value;
  if (!Pop(&value)) return false;
  if (!value.is(kind)) return Fail("a value of the wrong type");
  *text = value.text();
  return true;
}

bool PickleStack::Duplicate() {
  if (stack_.size() <= fence()) return Fail("stack underflow");
  return Push(stack_.back());
}

// Picklers number their slots one by one, so a number beyond the number of
// values is no pickler's.
bool PickleStack::Put(uint64_t index) {
  if (stack_.size() <= fence()) return Fail("stack underflow");
  if (index > static_cast<uint64_t>(limits_.max_items)) {
    return FailLimit(absl::StrCat(limits_.max_items, " memo slots"));
  }
  if (index == memo_.size()) {
    memo_.push_back(stack_.back());
    ++memo_count_;
    return true;
  }
  if (index > memo_.size()) memo_.resize(index + 1);
  if (memo_[index].is(Kind::kAbsent)) ++memo_count_;
  memo_[index] = stack_.back();
  return true;
}

bool PickleStack::Get(uint64_t index) {
  if (index >= memo_.size() || memo_[index].is(Kind::kAbsent)) {
    return Fail(absl::StrCat("memo slot ", index, " is empty"));
  }
  return Push(memo_[index]);
}

bool PickleStack::AppendFrom(size_t first, bool pairs) {
  if (first <= fence()) return Fail("stack underflow");
  if (pairs && (stack_.size() - first) % 2 != 0) {
    return Fail("odd number of items");
  }
  PythonContainer* const target = AppendTarget(stack_[first - 1], pairs);
  if (target == nullptr) return Fail("items for a value that takes none");
  MoveToContainer(first, target);
  return true;
}

bool PickleStack::AppendTop(bool pairs) {
  const size_t count = pairs ? 2 : 1;
  if (stack_.size() - fence() <= count) return Fail("stack underflow");
  return AppendFrom(stack_.size() - count, pairs);
}

bool PickleStack::AppendMarked(bool pairs) {
  if (marks_.empty()) return Fail("no mark");
  const size_t first = marks_.back();
  marks_.pop_back();
  return AppendFrom(first, pairs);
}

}  // namespace logboom
