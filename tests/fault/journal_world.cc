#include "tests/fault/journal_world.h"

#include <gtest/gtest.h>

#include <utility>

namespace logboom {
namespace {

constexpr int64_t kSegmentBytes = 4096;  // a burst in three begins one

JournalOptions JournalOptionsOf(const JournalWorld::Options& options) {
  JournalOptions journal{.path = "journal", .segment_bytes = kSegmentBytes};
  if (options.deletes_old) {
    journal.retain_bytes = 2 * kSegmentBytes;
    journal.max_bytes = 1000 * kSegmentBytes;
  }
  return journal;
}

}  // namespace

void JournalWorld::Live(int64_t stop_start_after, int bursts,
                        int64_t stop_after) {
  JournalLife life(files_.get(), &story_);
  files_->StopAfter(stop_start_after);
  const absl::Status opened = life.Open(JournalOptionsOf(options_));
  files_->StopAfter(kNever);  // first: the journal's thread runs already
  if (files_->stopped()) return;
  ASSERT_TRUE(opened.ok()) << "a server always starts: " << opened;

  life.ExpectStoryHolds(producers_.sessions());
  const std::unique_ptr<Cursor> cursor =
      cursor_story_.ExpectKept(&life.journal());
  if (::testing::Test::HasFailure()) return;
  producers_.RestartSome();
  producers_.Resume(life.Find(producers_.sessions()), story_);
  files_->StopAfter(stop_after);
  Serve(&life, cursor.get(), bursts);
}

void JournalWorld::Serve(JournalLife* life, Cursor* cursor, int bursts) {
  const auto& stored = cursor->stored();
  cursor_story_.Store(
      cursor, stored ? stored->offset : life->journal().NewReader(0)->offset());
  if (options_.disk_fails) life->FailSomeCalls(options_.seed);
  for (int burst = 0; burst < bursts && !stopped(); ++burst) {
    if (!life->Append(producers_.SendSome(&story_), /*lost=*/1)) {
      const LastSequences last = life->Find(producers_.sessions());
      if (!last.empty()) producers_.Resume(last, story_);
    }
    const Offset head = life->journal().synced_head();
    if (burst % 3 == 0) cursor_story_.Store(cursor, head);
    if (burst % 3 == 1) cursor_story_.Mark(cursor, head);
  }
}

JournalWorld JournalWorld::PowerCut(Survival* survival) const {
  JournalWorld next =
      After(files_->PowerCut(survival), JournalStory::End::kPowerCut);
  next.cursor_story_.PowerWasCut();
  return next;
}

JournalWorld JournalWorld::Kill(size_t in_flight_bytes) const {
  return After(files_->Kill(in_flight_bytes), JournalStory::End::kKilled);
}

JournalWorld JournalWorld::After(std::unique_ptr<PowerCutFileSystem> files,
                                 JournalStory::End end) const {
  JournalWorld next(options_);
  next.files_ = std::move(files);
  next.producers_ = producers_;
  next.story_ = story_;
  next.cursor_story_ = cursor_story_;
  next.story_.LifeEnded(stopped() ? end : JournalStory::End::kStopped);
  return next;
}

}  // namespace logboom
