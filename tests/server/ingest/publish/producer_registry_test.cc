#include "server/ingest/publish/producer_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr ProducerId kId = {1};
constexpr ProducerId kOtherId = {2};

// A speaker with an append under way until the test says otherwise.
class BusySpeaker final : public ProducerRegistry::Speaker {
 public:
  void Fence(absl::AnyInvocable<void()> settled) override {
    settled_ = std::move(settled);
  }

  bool fenced() const { return settled_ != nullptr; }
  void Settle() { std::exchange(settled_, nullptr)(); }

 private:
  absl::AnyInvocable<void()> settled_;
};

class ProducerRegistryTest : public ::testing::Test {
 protected:
  // A speaker of this name takes over.
  std::shared_ptr<BusySpeaker> Enter(std::string name,
                                     const ProducerId& id = kId) {
    auto speaker = std::make_shared<BusySpeaker>();
    registry_.TakeOver(id, speaker, [this, name = std::move(name)] {
      turns_.push_back(name);
    });
    return speaker;
  }

  ProducerRegistry registry_;
  std::vector<std::string> turns_;  // who has had its turn, in order
};

TEST_F(ProducerRegistryTest, TheFirstHasItsTurnAtOnce) {
  const auto a = Enter("a");
  EXPECT_THAT(turns_, ElementsAre("a"));
  EXPECT_FALSE(a->fenced());
}

TEST_F(ProducerRegistryTest, ANewerOneWaitsUntilTheOlderHasSettled) {
  const auto a = Enter("a");
  const auto b = Enter("b");
  EXPECT_TRUE(a->fenced());
  EXPECT_THAT(turns_, ElementsAre("a"));
  a->Settle();
  EXPECT_THAT(turns_, ElementsAre("a", "b"));
  EXPECT_FALSE(b->fenced());
}

TEST_F(ProducerRegistryTest, ProducersDoNotKeepEachOtherWaiting) {
  const auto a = Enter("a");
  const auto b = Enter("b", kOtherId);
  EXPECT_FALSE(a->fenced());
  EXPECT_THAT(turns_, ElementsAre("a", "b"));
}

// The third must not get past the first by way of the second, which has nothing
// under way itself.
TEST_F(ProducerRegistryTest, ThreeInARowWaitForTheFirst) {
  const auto a = Enter("a");
  const auto b = Enter("b");
  const auto c = Enter("c");
  EXPECT_TRUE(b->fenced());
  b->Settle();
  EXPECT_THAT(turns_, ElementsAre("a"));
  a->Settle();
  EXPECT_THAT(turns_, ElementsAre("a", "c")) << "b was overtaken";
}

TEST_F(ProducerRegistryTest, TheNextWaitsEvenWhenTheOneBetweenHasLeft) {
  const auto a = Enter("a");
  const auto b = Enter("b");
  registry_.Leave(kId, b.get());
  const auto c = Enter("c");
  EXPECT_FALSE(b->fenced()) << "it is not known any more";
  EXPECT_THAT(turns_, ElementsAre("a"));
  a->Settle();
  EXPECT_THAT(turns_, ElementsAre("a", "c"));
}

TEST_F(ProducerRegistryTest, OneThatLeftHasNoTurn) {
  const auto a = Enter("a");
  registry_.Leave(kId, Enter("b").get());
  EXPECT_EQ(registry_.size(), 1u) << "a has not settled";
  a->Settle();
  EXPECT_EQ(registry_.size(), 0u);
  EXPECT_THAT(turns_, ElementsAre("a"));
  Enter("c");
  EXPECT_THAT(turns_, ElementsAre("a", "c")) << "nobody is left to wait for";
}

TEST_F(ProducerRegistryTest, WhoLeavesIsWaitedForNoMore) {
  const auto a = Enter("a");
  registry_.Leave(kId, a.get());
  Enter("b");
  EXPECT_FALSE(a->fenced());
  EXPECT_THAT(turns_, ElementsAre("a", "b"));
}

TEST_F(ProducerRegistryTest, AnOlderOnesLeavingChangesNothing) {
  const auto a = Enter("a");
  const auto b = Enter("b");
  a->Settle();
  registry_.Leave(kId, a.get());
  const auto c = Enter("c");
  EXPECT_TRUE(b->fenced());
  EXPECT_THAT(turns_, ElementsAre("a", "b"));
  b->Settle();
  EXPECT_THAT(turns_, ElementsAre("a", "b", "c"));
}

TEST_F(ProducerRegistryTest, KeepsNobodyWhoHasLeftOrWasOvertaken) {
  auto a = Enter("a");
  auto b = Enter("b");
  auto c = Enter("c");
  b->Settle();
  std::vector<std::weak_ptr<BusySpeaker>> gone = {a, b, c};
  b.reset();
  EXPECT_TRUE(gone[1].expired());
  a->Settle();
  a.reset();
  EXPECT_TRUE(gone[0].expired());
  registry_.Leave(kId, c.get());
  c.reset();
  EXPECT_TRUE(gone[2].expired());
  EXPECT_EQ(registry_.size(), 0u);
}

// A speaker's turn may come inside TakeOver, and may itself end the speaker.
TEST_F(ProducerRegistryTest, MayBeCalledFromATurn) {
  auto speaker = std::make_shared<BusySpeaker>();
  registry_.TakeOver(kId, speaker,
                     [&] { registry_.Leave(kId, speaker.get()); });
  Enter("next");
  EXPECT_THAT(turns_, ElementsAre("next"));
}

}  // namespace
}  // namespace logboom
