// A disk that fails for a while under a running journal: what can be sent again
// is refused, what cannot waits, and when the disk is well again the service
// goes on by itself, with nothing lost and nothing twice.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "base/mutex.h"
#include "server/journal/journal.h"
#include "tests/testing/power_cut_file_system.h"
#include "tests/testing/survival.h"

namespace logboom {
namespace {

using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Call = PowerCutFileSystem::Call;

// How a disk fails: these calls, with this error.
struct Sickness {
  std::string name;
  int error = 0;
  std::set<Call> calls;

  friend void PrintTo(const Sickness& sickness, std::ostream* out) {
    *out << sickness.name;
  }
};

const std::set<Call> kAllCalls = {
    Call::kCreate,   Call::kRemove,   Call::kSyncFolder, Call::kWrite,
    Call::kAllocate, Call::kTruncate, Call::kSync};

std::vector<Sickness> Sicknesses() {
  return {{"NoSpaceForSegments", ENOSPC, {Call::kAllocate}},
          {"NoSpaceAtAll", ENOSPC, {Call::kAllocate, Call::kWrite}},
          {"WriteErrors", EIO, {Call::kWrite}},
          {"SyncErrors", EIO, {Call::kSync}},
          {"FolderSyncErrors", EIO, {Call::kSyncFolder}},
          {"ReadOnly", EROFS, kAllCalls}};
}

class FailingDiskTest : public ::testing::TestWithParam<Sickness> {
 protected:
  void SetUp() override {
    testing::internal::CaptureStderr();
    Open();
  }
  void TearDown() override {
    journal_.reset();
    testing::internal::GetCapturedStderr();
  }

  void Open() {
    journal_.reset();
    {
      MutexLock lock(&mu_);
      answers_.clear();
    }
    // Room for one of Append()'s entries.
    auto journal =
        Journal::Open(disk_.get(), {.path = "journal", .segment_bytes = 4096});
    ASSERT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
  }
  void FallSick(const Sickness& how) {
    disk_->SetFault([how](Call call, absl::string_view path) {
      return how.calls.contains(call) ? absl::ErrnoToStatus(how.error, path)
                                      : absl::OkStatus();
    });
  }
  void Recover() { disk_->SetFault(nullptr); }

  // Appends one record; each takes a segment of its own.
  void Append(const std::string& name, AckDepth depth = AckDepth::kSynced,
              bool keep_on_failure = false) {
    PendingEntry entry;
    entry.anonymous = true;
    entry.record_count = 1;
    entry.payload = absl::Cord(name + std::string(3000, ' '));
    entry.keep_on_failure = keep_on_failure;
    journal_->Append(std::move(entry), depth,
                     [this, name](absl::StatusOr<Offset> answer) {
                       MutexLock lock(&mu_);
                       answers_[name].push_back(std::move(answer));
                       answered_.NotifyAll();
                     });
  }
  void AppendKept(const std::string& name) {
    Append(name, AckDepth::kSynced, /*keep_on_failure=*/true);
  }
  // Its first answer, awaited.
  absl::StatusOr<Offset> AnswerTo(const std::string& name) {
    MutexLock lock(&mu_);
    while (answers_[name].empty()) answered_.Wait(&mu_);
    return answers_[name].front();
  }
  size_t AnswersTo(const std::string& name) {
    MutexLock lock(&mu_);
    return answers_[name].size();
  }
  // Sends it as a producer does that is told UNAVAILABLE.
  Offset AppendUntilStored(const std::string& name) {
    while (true) {
      Append(name);
      const auto answer = AnswerTo(name);
      if (answer.ok()) return *answer;
      EXPECT_TRUE(absl::IsUnavailable(answer.status())) << answer.status();
      MutexLock lock(&mu_);
      answers_.erase(name);
    }
  }

  // The names in the journal, by offset from 0 on.
  std::vector<std::string> Contents() {
    std::vector<std::string> names;
    const auto reader = journal_->NewReader(0);
    while (true) {
      const auto entry = reader->Next();
      if (!entry.ok()) break;
      EXPECT_EQ(entry->header.first_offset, names.size());
      names.emplace_back(entry->payload.substr(0, entry->payload.find(' ')));
    }
    EXPECT_EQ(reader->missing_records(), 0);
    EXPECT_EQ(journal_->synced_head(), names.size());
    return names;
  }
  // The same, for the running server, the next one, and one that is started
  // when only what is durable is left.
  template <typename Matcher>
  void ExpectContents(const Matcher& matcher) {
    EXPECT_THAT(Contents(), matcher);
    Open();
    EXPECT_THAT(Contents(), matcher) << "after a restart";
    NothingSurvives nothing;
    auto after_cut = disk_->PowerCut(&nothing);
    journal_.reset();
    disk_ = std::move(after_cut);
    Open();
    EXPECT_THAT(Contents(), matcher) << "after a power cut";
  }
  static std::string Said() {
    std::string text = testing::internal::GetCapturedStderr();
    testing::internal::CaptureStderr();
    return text;
  }

  std::unique_ptr<PowerCutFileSystem> disk_ =
      std::make_unique<PowerCutFileSystem>();
  std::unique_ptr<Journal> journal_;
  Mutex mu_;
  CondVar answered_;
  std::map<std::string, std::vector<absl::StatusOr<Offset>>> answers_
      ABSL_GUARDED_BY(mu_);
};

INSTANTIATE_TEST_SUITE_P(Every, FailingDiskTest,
                         ::testing::ValuesIn(Sicknesses()),
                         [](const auto& info) { return info.param.name; });

TEST_P(FailingDiskTest, RefusesWhatCanBeSentAgain) {
  EXPECT_EQ(AppendUntilStored("before"), 0u);
  FallSick(GetParam());
  Append("refused");
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("refused").status()));
  Append("later");
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("later").status()));
  EXPECT_EQ(journal_->synced_head(), 1u);
  Recover();
  EXPECT_EQ(AppendUntilStored("after"), 1u);
  ExpectContents(ElementsAre("before", "after"));
}

TEST_P(FailingDiskTest, StoresWhatWaitedWhenItIsWellAgain) {
  EXPECT_EQ(AppendUntilStored("before"), 0u);
  FallSick(GetParam());
  AppendKept("first");
  Append("refused");
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("refused").status()));
  AppendKept("second");
  AppendKept("third");
  EXPECT_EQ(AnswersTo("first"), 0u) << "it waits";
  Recover();
  // No append pushes it.
  EXPECT_EQ(AnswerTo("first").value(), 1u);
  EXPECT_EQ(AnswerTo("second").value(), 2u);
  EXPECT_EQ(AnswerTo("third").value(), 3u);
  EXPECT_EQ(AppendUntilStored("after"), 4u);
  EXPECT_EQ(AnswersTo("first"), 1u);
  ExpectContents(ElementsAre("before", "first", "second", "third", "after"));
}

TEST_P(FailingDiskTest, KeepsWhatItAnsweredAsWritten) {
  EXPECT_EQ(AppendUntilStored("before"), 0u);
  FallSick(GetParam());
  Append("written", AckDepth::kWritten);
  const auto answer = AnswerTo("written");
  Recover();
  if (!answer.ok()) {
    EXPECT_TRUE(absl::IsUnavailable(answer.status())) << answer.status();
    EXPECT_EQ(AppendUntilStored("after"), 1u);
    ExpectContents(ElementsAre("before", "after"));
    return;
  }
  EXPECT_EQ(*answer, 1u);
  EXPECT_EQ(AppendUntilStored("after"), 2u);
  ExpectContents(ElementsAre("before", "written", "after"));
}

TEST_P(FailingDiskTest, AnswersWhatWaitsWhenTheServerStops) {
  EXPECT_EQ(AppendUntilStored("before"), 0u);
  FallSick(GetParam());
  AppendKept("lost");
  journal_->Stop();
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("lost").status()));
  EXPECT_THAT(Said(), HasSubstr("could not be made durable and are lost"));
  Recover();
  ExpectContents(ElementsAre("before"));
}

TEST_P(FailingDiskTest, SaysWhatFailsAndWhy) {
  FallSick(GetParam());
  Append("refused");
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("refused").status()));
  journal_->Stop();  // the line may come behind the answer
  EXPECT_THAT(Said(), AllOf(HasSubstr("journal: journal"),
                            HasSubstr(std::strerror(GetParam().error))));
}

// The server is killed before it can do anything about a failure, and then the
// power cut too: half an entry is never taken for one.
TEST_P(FailingDiskTest, WhatItRefusedIsThereAsAWholeOrNotAtAll) {
  EXPECT_EQ(AppendUntilStored("before"), 0u);
  FallSick(GetParam());
  Append("refused");
  EXPECT_TRUE(absl::IsUnavailable(AnswerTo("refused").status()));
  disk_->StopAfter(0);
  journal_.reset();
  const auto killed = disk_->Kill(0);
  NothingSurvives nothing;
  EverythingSurvives everything;
  for (Survival* survival : {static_cast<Survival*>(&nothing),
                             static_cast<Survival*>(&everything)}) {
    disk_ = killed->PowerCut(survival);
    Open();
    AppendUntilStored("after");
    EXPECT_THAT(Contents(), AnyOf(ElementsAre("before", "after"),
                                  ElementsAre("before", "refused", "after")));
    journal_.reset();
  }
}

}  // namespace
}  // namespace logboom
