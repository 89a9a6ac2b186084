// Goal: every producer has, from its first moment on, the levels that are set
// for it, and none longer than its rule is there; the list says who has heard.

#include "server/control/level_control.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Call = FaultyFileSystem::Call;

// A producer's end: "3: root=10 shop=20" for each update. Waits give up after
// a minute. Thread-safe.
class FakeLink final : public SessionLink {
 public:
  void SendLevels(const v1::LevelUpdate& update) override {
    MutexLock lock(&mu_);
    if (update.version() <= version_) return;  // as SessionLink has it
    std::string text;
    for (const v1::LoggerLevel& level : update.levels()) {
      absl::StrAppend(&text, text.empty() ? "" : " ", level.logger(), "=",
                      level.levelno());
      if (level.has_expires_in()) {
        absl::StrAppend(&text, " for ", level.expires_in().seconds(), "s");
      }
    }
    updates_.push_back(std::move(text));
    version_ = update.version();
    sent_.NotifyAll();
  }

  std::vector<std::string> updates() const {
    MutexLock lock(&mu_);
    return updates_;
  }
  uint64_t version() const {
    MutexLock lock(&mu_);
    return version_;
  }
  bool WaitForUpdates(size_t count) const {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    MutexLock lock(&mu_);
    while (updates_.size() < count && sent_.WaitUntil(&mu_, deadline)) {
    }
    return updates_.size() >= count;
  }

 private:
  mutable Mutex mu_;
  mutable CondVar sent_;
  std::vector<std::string> updates_ ABSL_GUARDED_BY(mu_);
  uint64_t version_ ABSL_GUARDED_BY(mu_) = 0;
};

// The answer to one change. Thread-safe.
class Answered {
 public:
  LevelControl::Done Expect() {
    return [this](const absl::Status& status) {
      MutexLock lock(&mu_);
      // A copy of its own: the count of those that share one is kept by a
      // library that ThreadSanitizer does not see into.
      status_ = absl::Status(status.code(), status.message());
      given_ = true;
      changed_.NotifyAll();
    };
  }
  absl::Status Wait() {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    MutexLock lock(&mu_);
    while (!given_ && changed_.WaitUntil(&mu_, deadline)) {
    }
    return given_ ? status_ : absl::DeadlineExceededError("no answer");
  }

 private:
  Mutex mu_;
  CondVar changed_;
  bool given_ ABSL_GUARDED_BY(mu_) = false;
  absl::Status status_ ABSL_GUARDED_BY(mu_);
};

class FakeClock {
 public:
  absl::Time Now() const {
    MutexLock lock(&mu_);
    return now_;
  }
  void Advance(absl::Duration by) {
    MutexLock lock(&mu_);
    now_ += by;
  }

 private:
  mutable Mutex mu_;
  absl::Time now_ ABSL_GUARDED_BY(mu_) = absl::FromUnixSeconds(1'700'000'000);
};

std::string ResourceOf(absl::string_view service) {
  v1::Resource resource;
  v1::KeyValue& attribute = *resource.add_attributes();
  attribute.set_key("service.name");
  attribute.mutable_value()->set_string_value(std::string(service));
  v1::KeyValue& pid = *resource.add_attributes();
  pid.set_key("process.pid");
  pid.mutable_value()->set_int_value(42);
  return resource.SerializeAsString();
}

class LevelControlTest : public ::testing::Test {
 protected:
  LevelControlTest() { Start(); }

  // The server begins, again if it runs.
  void Start() {
    control_.reset();
    control_ = std::make_unique<LevelControl>(&files_, folder_.path(),
                                              [this] { return clock_.Now(); });
  }
  absl::Status Set(const std::string& logger, int32_t levelno,
                   const std::string& service = "",
                   absl::Duration expires_in = absl::InfiniteDuration()) {
    Answered answer;
    control_->Set({logger, service, levelno, clock_.Now() + expires_in},
                  answer.Expect());
    return answer.Wait();
  }
  absl::Status Reset(const std::string& logger,
                     const std::string& service = "") {
    Answered answer;
    control_->Reset(logger, service, answer.Expect());
    return answer.Wait();
  }
  std::shared_ptr<FakeLink> Connect(absl::string_view service) {
    auto link = std::make_shared<FakeLink>();
    ProducerId id{};
    id[0] = static_cast<uint8_t>(++producers_);
    control_->OnSessionOpened(link, id, ResourceOf(service));
    return link;
  }
  void Confirm(const FakeLink& link) {
    control_->OnLevelsApplied(&link, link.version());
  }
  void Pass(absl::Duration time) {
    clock_.Advance(time);
    control_->ClockJumped();
  }
  // "billing 2 levels, confirmed".
  std::vector<std::string> Producers(absl::string_view service = "") const {
    std::vector<std::string> lines;
    const v1::ListLevelsResponse list = control_->List(service);
    for (const auto& producer : list.producers()) {
      lines.push_back(
          absl::StrCat(producer.service(), " ", producer.levels(), " levels, ",
                       producer.confirmed() ? "confirmed" : "not confirmed"));
    }
    return lines;
  }
  std::vector<std::string> Rules() const {
    std::vector<std::string> lines;
    const v1::ListLevelsResponse list = control_->List("");
    for (const auto& rule : list.rules()) {
      lines.push_back(absl::StrCat(rule.logger(), "/", rule.service(), "=",
                                   rule.levelno()));
    }
    return lines;
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  FakeClock clock_;
  int producers_ = 0;
  std::unique_ptr<LevelControl> control_;
};

TEST_F(LevelControlTest, AProducerHearsNothingWhereNoLevelWasEverSet) {
  const auto link = Connect("billing");
  EXPECT_THAT(link->updates(), IsEmpty());
  EXPECT_THAT(Producers(), ElementsAre("billing 0 levels, confirmed"));
}

TEST_F(LevelControlTest, TellsThoseThatAreConnectedBeforeItAnswers) {
  const auto billing = Connect("billing");
  const auto audit = Connect("audit");
  ASSERT_TRUE(Set("shop", 10, "billing").ok());
  EXPECT_THAT(billing->updates(), ElementsAre("shop=10"));
  EXPECT_THAT(audit->updates(), IsEmpty()) << "no news for it";
  ASSERT_TRUE(Set("root", 30).ok());
  EXPECT_THAT(billing->updates(), ElementsAre("shop=10", "root=30 shop=10"));
  EXPECT_THAT(audit->updates(), ElementsAre("root=30"));
  ASSERT_TRUE(Set("root", 30).ok());
  EXPECT_EQ(audit->updates().size(), 1u) << "the same again is no news";
  ASSERT_TRUE(Reset("shop", "billing").ok());
  EXPECT_EQ(billing->updates().back(), "root=30");
  ASSERT_TRUE(Reset("root").ok());
  EXPECT_EQ(billing->updates().back(), "") << "it has its own levels again";
  EXPECT_EQ(audit->updates().back(), "");
}

TEST_F(LevelControlTest, TellsAProducerThatConnectsLater) {
  ASSERT_TRUE(Set("shop", 10, "", absl::Seconds(90)).ok());
  clock_.Advance(absl::Seconds(30));
  EXPECT_THAT(Connect("x")->updates(), ElementsAre("shop=10 for 60s"));
}

// It may have been away while the level it has was taken back.
TEST_F(LevelControlTest, TellsAProducerThatConnectsThatNothingIsSetAnyMore) {
  ASSERT_TRUE(Set("shop", 10).ok());
  ASSERT_TRUE(Reset("shop").ok());
  EXPECT_THAT(Connect("x")->updates(), ElementsAre(""));
  Start();
  EXPECT_THAT(Connect("x")->updates(), ElementsAre(""));
}

TEST_F(LevelControlTest, ListsWhoHasConfirmedTheNewestLevels) {
  const auto billing = Connect("billing");
  const auto audit = Connect("audit");
  ASSERT_TRUE(Set("root", 30).ok());
  EXPECT_THAT(Producers(), ElementsAre("audit 1 levels, not confirmed",
                                       "billing 1 levels, not confirmed"));
  Confirm(*billing);
  EXPECT_THAT(Producers(), ElementsAre("audit 1 levels, not confirmed",
                                       "billing 1 levels, confirmed"));
  const uint64_t older = billing->version();
  ASSERT_TRUE(Set("a", 10, "billing").ok());
  control_->OnLevelsApplied(billing.get(), older);
  EXPECT_THAT(Producers("billing"),
              ElementsAre("billing 2 levels, not confirmed"))
      << "an older confirmation says nothing of the newest levels";
  Confirm(*billing);
  EXPECT_THAT(Producers("billing"), ElementsAre("billing 2 levels, confirmed"));
  EXPECT_EQ(control_->List("").producers(1).pid(), 42);
}

TEST_F(LevelControlTest, ARuleExpiresAndThoseThatHadItAreTold) {
  const auto link = Connect("x");
  ASSERT_TRUE(Set("a", 10, "", absl::Seconds(5)).ok());
  ASSERT_TRUE(Set("b", 20, "", absl::Seconds(50)).ok());
  Pass(absl::Seconds(5));
  ASSERT_TRUE(link->WaitForUpdates(3));
  EXPECT_EQ(link->updates().back(), "b=20 for 45s");
  EXPECT_THAT(Rules(), ElementsAre("b/=20"));
  Pass(absl::Seconds(45));
  ASSERT_TRUE(link->WaitForUpdates(4));
  EXPECT_EQ(link->updates().back(), "");
  EXPECT_THAT(Rules(), IsEmpty());
}

TEST_F(LevelControlTest, ALevelForAllCountsAgainWhenTheServicesOwnExpires) {
  const auto link = Connect("x");
  ASSERT_TRUE(Set("a", 30).ok());
  ASSERT_TRUE(Set("a", 10, "x", absl::Seconds(5)).ok());
  Pass(absl::Seconds(5));
  ASSERT_TRUE(link->WaitForUpdates(3));
  EXPECT_EQ(link->updates().back(), "a=30");
}

TEST_F(LevelControlTest, KeepsTheRulesOverARestart) {
  ASSERT_TRUE(Set("a", 10, "x", absl::Seconds(100)).ok());
  ASSERT_TRUE(Set("b", 10, "", absl::Seconds(10)).ok());
  ASSERT_TRUE(Set("c", 10).ok());
  ASSERT_TRUE(Reset("c").ok());
  clock_.Advance(absl::Seconds(10));
  Start();
  EXPECT_THAT(Rules(), ElementsAre("a/x=10"))
      << "what expired meanwhile is gone";
  EXPECT_THAT(Connect("x")->updates(), ElementsAre("a=10 for 90s"));
}

TEST_F(LevelControlTest, AChangeThatCannotBeStoredChangesNothing) {
  ASSERT_TRUE(Set("a", 10).ok());
  const auto link = Connect("x");
  files_.Fail(Call::kSync, absl::UnavailableError("disk full"), 2);
  const absl::Status set = Set("b", 20);
  EXPECT_EQ(set.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(set.message(), HasSubstr("disk full"));
  EXPECT_EQ(Reset("a").code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(link->updates(), ElementsAre("a=10"));
  EXPECT_THAT(Rules(), ElementsAre("a/=10"));
  EXPECT_TRUE(Set("b", 20).ok()) << "the disk is well again";
}

TEST_F(LevelControlTest, ARuleExpiresThoughTheDiskFails) {
  const auto link = Connect("x");
  ASSERT_TRUE(Set("a", 10, "", absl::Seconds(5)).ok());
  files_.Fail(Call::kWrite, absl::UnavailableError("disk full"), 1000);
  Pass(absl::Seconds(5));
  ASSERT_TRUE(link->WaitForUpdates(2));
  EXPECT_EQ(link->updates().back(), "");
  Start();
  EXPECT_THAT(Rules(), IsEmpty()) << "the file's old rule is over, too";
}

TEST_F(LevelControlTest, ResetOfNoRuleIsRefused) {
  EXPECT_EQ(Reset("a").code(), absl::StatusCode::kNotFound);
  ASSERT_TRUE(Set("a", 10, "x").ok());
  EXPECT_EQ(Reset("a").code(), absl::StatusCode::kNotFound);
}

TEST_F(LevelControlTest, ForgetsASessionThatEnds) {
  const auto link = Connect("x");
  control_->OnSessionEnded(link.get());
  control_->OnSessionEnded(link.get());
  ASSERT_TRUE(Set("a", 10).ok());
  control_->OnLevelsApplied(link.get(), 1);
  EXPECT_THAT(link->updates(), IsEmpty());
  EXPECT_THAT(Producers(), IsEmpty());
  EXPECT_EQ(link.use_count(), 1) << "nobody else holds the stream";
}

TEST_F(LevelControlTest, CountsStreamsThatCannotBeTold) {
  control_->OnAnonymousBegun();
  control_->OnAnonymousBegun();
  control_->OnAnonymousEnded();
  EXPECT_EQ(control_->List("").anonymous_streams(), 1u);
}

TEST_F(LevelControlTest, AnswersWhatWaitsAndRefusesMoreWhenItStops) {
  std::vector<Answered> answers(20);
  for (Answered& answer : answers) {
    control_->Set({"a", "", 10}, answer.Expect());
  }
  control_->Stop();
  for (Answered& answer : answers) EXPECT_TRUE(answer.Wait().ok());
  EXPECT_EQ(Set("b", 10).code(), absl::StatusCode::kUnavailable);
  const auto link = Connect("x");
  EXPECT_THAT(link->updates(), ElementsAre("a=10")) << "sessions still come";
  control_->OnSessionEnded(link.get());
  control_->Stop();
}

// Whatever comes in between, each session ends up with the newest levels.
TEST_F(LevelControlTest, SessionsComeAndGoWhileLevelsChange) {
  constexpr int kChanges = 50;
  std::vector<std::shared_ptr<FakeLink>> stayed(3);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < stayed.size(); ++i) {
    threads.emplace_back([this, i, &stayed] {
      for (int j = 0; j < kChanges; ++j) {
        auto link = std::make_shared<FakeLink>();
        control_->OnSessionOpened(link, ProducerId{}, ResourceOf("x"));
        Confirm(*link);
        control_->List("");
        if (j + 1 == kChanges) {
          stayed[i] = std::move(link);
        } else {
          control_->OnSessionEnded(link.get());
        }
      }
    });
  }
  for (int j = 1; j <= kChanges; ++j) ASSERT_TRUE(Set("a", j).ok());
  for (std::thread& thread : threads) thread.join();
  for (const auto& link : stayed) {
    EXPECT_EQ(link->updates().back(), absl::StrCat("a=", kChanges));
    Confirm(*link);
  }
  for (const std::string& line : Producers()) {
    EXPECT_EQ(line, "x 1 levels, confirmed");
  }
}

}  // namespace
}  // namespace logboom
