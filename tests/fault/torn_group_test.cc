// One group of three entries from two producers that the power cut tore, in
// every way a disk can tear it.

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/journal/segment_writer.h"
#include "tests/fault/journal_life.h"
#include "tests/fault/journal_story.h"
#include "tests/testing/power_cut_file_system.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

constexpr int kEntries = 3;

// Leaves these parts of the one write to the segment that was not synced.
class PartsOfGroup final : public Survival {
 public:
  explicit PartsOfGroup(std::vector<SurvivingPart> parts)
      : parts_(std::move(parts)) {}
  std::vector<SurvivingPart> OfFile(
      absl::string_view path,
      const std::vector<DiskOperation>& unsynced) override {
    if (!absl::EndsWith(path, ".segment")) return {};
    EXPECT_EQ(unsynced.size(), 1u) << "a group is one write";
    return parts_;
  }
  size_t OfName(absl::string_view path, size_t changes) override {
    ADD_FAILURE() << path << " was there before the group";
    return 0;
  }

 private:
  const std::vector<SurvivingPart> parts_;
};

class TornGroupTest : public ::testing::Test {
 protected:
  TornGroupTest() {
    for (uint8_t number : {1, 2}) {
      ProducerLife producer;
      producer.id.fill(number);
      producers_.push_back(producer);
    }
  }
  void SetUp() override {
    testing::internal::CaptureStderr();
    JournalLife life(&files_, &story_);
    ASSERT_TRUE(life.Open(Options()).ok());
    life.Append({Send(&story_, 0, 1)}, 0);
    life.Append({Send(&story_, 1, 1)}, 0);
    // The group's write is the third call from here on, its sync the fourth.
    files_.StopAfter(3);
    std::vector<size_t> indexes = {Send(&story_, 1, 2)};
    for (const auto& [producer, sequence] :
         {std::pair{0, 2}, std::pair{1, 3}, std::pair{0, 3}}) {
      indexes.push_back(Send(&story_, producer, sequence));
      const int64_t begin = ends_.empty() ? 0 : ends_.back();
      ends_.push_back(begin +
                      SegmentWriter::BytesOf(story_.Pending(indexes.back())));
    }
    life.Append(indexes, 0);
    life.Close();
    ASSERT_TRUE(files_.stopped());
    story_.LifeEnded(JournalStory::End::kPowerCut);
  }
  void TearDown() override { testing::internal::GetCapturedStderr(); }

  static JournalOptions Options() {
    return {.path = "journal", .segment_bytes = 4096};
  }

  size_t Send(JournalStory* story, size_t producer, uint64_t sequence) const {
    SentEntry entry;
    entry.producer = producers_[producer];
    entry.sequence = sequence;
    return story->Send(entry);
  }

  // The next server finds what it must, and takes what the producers send
  // again: each batch is there once, also for the one behind.
  void ExpectHoldsAfter(std::vector<SurvivingPart> parts) const {
    PartsOfGroup survival(std::move(parts));
    const auto files = files_.PowerCut(&survival);
    JournalStory story = story_;
    {
      JournalLife life(files.get(), &story);
      ASSERT_TRUE(life.Open(Options()).ok());
      life.ExpectStoryHolds(producers_);
      const LastSequences last = life.Find(producers_);
      std::vector<size_t> again;
      for (size_t i = 0; i < producers_.size(); ++i) {
        for (uint64_t next = last.at(producers_[i]) + 1; next <= 3; ++next) {
          again.push_back(Send(&story, i, next));
        }
      }
      if (!again.empty()) life.Append(again, 0);
    }
    story.LifeEnded(JournalStory::End::kStopped);
    JournalLife life(files.get(), &story);
    ASSERT_TRUE(life.Open(Options()).ok());
    life.ExpectStoryHolds(producers_);
    for (const ProducerLife& producer : producers_) {
      EXPECT_EQ(story.LastStored(producer), 3u);
    }
  }

  std::vector<ProducerLife> producers_;
  PowerCutFileSystem files_;
  JournalStory story_;
  std::vector<int64_t> ends_;  // of the group's entries, from its first byte
};

// Every byte × which of the other two entries is whole × which side of the byte
// was written.
TEST_F(TornGroupTest, HoldsWhateverIsLeftOfIt) {
  for (int cut_entry = 0; cut_entry < kEntries; ++cut_entry) {
    for (int whole = 0; whole < 1 << kEntries; ++whole) {
      if (whole & 1 << cut_entry) continue;
      std::vector<SurvivingPart> others;
      for (int i = 0; i < kEntries; ++i) {
        const int64_t begin = i == 0 ? 0 : ends_[i - 1];
        if (whole & 1 << i) {
          others.push_back(
              {0, static_cast<size_t>(begin), static_cast<size_t>(ends_[i])});
        }
      }
      const auto begin =
          static_cast<size_t>(cut_entry == 0 ? 0 : ends_[cut_entry - 1]);
      const auto end = static_cast<size_t>(ends_[cut_entry]);
      for (size_t cut = begin; cut <= end; ++cut) {
        for (const bool first_half : {true, false}) {
          SCOPED_TRACE(absl::StrCat("entry ", cut_entry, " cut at byte ", cut,
                                    ", whole ", whole, ", first half ",
                                    first_half));
          std::vector<SurvivingPart> parts = others;
          if (first_half) {
            parts.push_back({0, begin, cut});
          } else {
            parts.push_back({0, cut, end});
          }
          ExpectHoldsAfter(std::move(parts));
          if (HasFailure()) return;
        }
      }
    }
  }
}

}  // namespace
}  // namespace logboom
