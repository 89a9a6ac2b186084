#ifndef LOGBOOM_TESTS_TESTING_FAKE_CURSOR_H_
#define LOGBOOM_TESTS_TESTING_FAKE_CURSOR_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "server/journal/cursor.h"

namespace logboom {

// What a cursor has on disk and what it does, as a test looks at it and makes
// it fail. A test that takes a copy of `stored` and `mark` has what a process
// killed at that moment leaves; without the mark, what a stopped machine does.
// For one thread at a time.
struct FakeCursorDisk {
  std::optional<CursorPosition> stored;
  std::optional<CursorMark> mark;
  // Called before each, and after each that succeeded; `what` is "store" or
  // "mark". The call fails with what `before` returns.
  std::function<absl::Status(const char* what)> before;
  std::function<void(const char* what)> after;
};

// A cursor in memory.
class FakeCursor final : public Cursor {
 public:
  FakeCursor(std::string name, FakeCursorDisk* disk)
      : name_(std::move(name)),
        disk_(*disk),
        stored_(disk->stored),
        mark_(disk->mark) {}

  const std::string& name() const override { return name_; }
  const std::optional<CursorPosition>& stored() const override {
    return stored_;
  }
  const std::optional<CursorMark>& mark() const override { return mark_; }

  absl::Status Store(const CursorPosition& position) override {
    return Do("store", [&] {
      disk_.stored = position;
      disk_.mark = std::nullopt;
      may_mark_ = true;
    });
  }

  // Both can be made to fail, and seen, like the two calls they stand for.
  absl::Status StoreMarked(const CursorPosition& before,
                           const CursorPosition& after, absl::string_view text,
                           int64_t written) override {
    const absl::Status marked = Do("mark", [&] {
      disk_.mark = {before, after,
                    PiecesOf(text, before.output.size_bytes, written)};
    });
    if (!marked.ok()) return marked;
    return Do("store", [&] {
      disk_.stored = before;
      may_mark_ = true;
    });
  }

  absl::Status Mark(const CursorPosition& before, const CursorPosition& after,
                    absl::string_view text, int64_t written) override {
    if (!may_mark_) return absl::InternalError("a mark before the first store");
    return Do("mark", [&] {
      disk_.mark = {before, after,
                    PiecesOf(text, before.output.size_bytes, written)};
    });
  }

 private:
  absl::Status Do(const char* what, const std::function<void()>& act) {
    if (disk_.before) {
      if (absl::Status status = disk_.before(what); !status.ok()) return status;
    }
    act();
    if (disk_.after) disk_.after(what);
    return absl::OkStatus();
  }

  const std::string name_;
  FakeCursorDisk& disk_;
  const std::optional<CursorPosition> stored_;
  const std::optional<CursorMark> mark_;
  bool may_mark_ = false;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_TESTING_FAKE_CURSOR_H_
