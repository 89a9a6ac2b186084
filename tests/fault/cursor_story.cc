#include "tests/fault/cursor_story.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace logboom {
namespace {

using ::testing::Contains;

constexpr int64_t kTextBytes = 10;  // of one record

CursorPosition PositionAt(Offset offset) {
  CursorPosition position;
  position.offset = offset;
  position.output = {.device = 1,
                     .inode = 2,
                     .size_bytes = static_cast<int64_t>(offset) * kTextBytes};
  position.counts.handled = offset;
  return position;
}

}  // namespace

std::unique_ptr<Cursor> CursorStory::ExpectKept(Journal* journal) {
  auto cursor = journal->OpenCursor("audit");
  EXPECT_TRUE(cursor.ok()) << cursor.status();
  if (!cursor.ok()) return nullptr;
  const MaybePosition slot = (*cursor)->stored();
  EXPECT_THAT(slots_, Contains(slot)) << (slot ? slot->offset : 0);
  if (slot) {
    EXPECT_GE(journal->synced_head(), slot->offset);
    EXPECT_LE(journal->NewReader(0)->offset(), slot->offset)
        << "retention deletes nothing that is still to be handled";
  }

  MaybePosition mark;
  if ((*cursor)->mark()) mark = (*cursor)->mark()->after;
  if (power_was_cut_ || slot != slots_.front()) {
    EXPECT_FALSE(mark.has_value()) << "of another boot, or another slot";
  } else {
    EXPECT_THAT(marks_, Contains(mark));
  }
  // A slot that was found after a kill need not be durable.
  if (power_was_cut_) slots_.clear();
  slots_.insert(slots_.begin(), slot);
  marks_ = {mark};
  power_was_cut_ = false;
  return *std::move(cursor);
}

void CursorStory::Store(Cursor* cursor, Offset offset) {
  const CursorPosition position = PositionAt(offset);
  if (!cursor->Store(position).ok()) {
    slots_.push_back(position);
    marks_.push_back(std::nullopt);  // of the slot before
    return;
  }
  slots_ = {position};
  marks_ = {std::nullopt};
}

void CursorStory::Mark(Cursor* cursor, Offset offset) {
  if (!slots_.front() || offset <= slots_.front()->offset) return;
  const CursorPosition before = *slots_.front();
  const CursorPosition after = PositionAt(offset);
  const std::string text(
      static_cast<size_t>(after.output.size_bytes - before.output.size_bytes),
      'x');
  if (cursor->Mark(before, after, text, before.output.size_bytes).ok()) {
    marks_ = {after};
  } else {
    marks_.push_back(after);
  }
}

}  // namespace logboom
