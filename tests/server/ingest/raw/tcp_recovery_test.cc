// The raw port over the real journal, whose disk fails: its senders cannot send
// again.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/ingest/raw/tcp_listener.h"
#include "tests/server/ingest/raw/raw_port_client.h"
#include "tests/server/ingest/raw/raw_port_fakes.h"
#include "tests/testing/faulty_file_system.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

using ::logboom::testing::Bodies;
using ::logboom::testing::FakeUnpickle;
using ::logboom::testing::Frame;
using ::logboom::testing::RawPortClient;
using ::logboom::testing::Record;
using Call = FaultyFileSystem::Call;

constexpr int kSent = 100;

// What connection-sent record `i` says: a number, and text to fill the buffer.
std::string Body(int i) { return absl::StrCat(i, std::string(1000, '.')); }

class TcpRecoveryTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto journal = Journal::Open(&files_, {.path = folder_.PathOf("journal")});
    ASSERT_TRUE(journal.ok()) << journal.status();
    journal_ = *std::move(journal);
    ingest_ = std::make_unique<Ingest>(
        IngestOptions{.tcp_buffer_bytes = 20'000}, journal_.get());
    auto listener = TcpListener::ListenWith({.tcp = HostPort{"127.0.0.1", 0}},
                                            ingest_.get(), FakeUnpickle);
    ASSERT_TRUE(listener.ok()) << listener.status();
    listener_ = *std::move(listener);
    listener_->Start();
  }
  void TearDown() override {
    listener_->Stop();
    journal_->Stop();
  }

  // While the disk fails, so that the buffer fills and frames are dropped.
  // Returns how many were not.
  int64_t SendWhileTheDiskFails() {
    files_.Fail(Call::kWrite, absl::ResourceExhaustedError("disk full"),
                /*times=*/1'000'000);
    RawPortClient client = RawPortClient::Tcp(listener_->port());
    for (int i = 0; i < kSent; ++i) client.Send(Frame(Record(Body(i))));
    client.FinishAndWait();
    return kSent - journal_->ledger().count(LossReason::kTcpBufferFull);
  }

  // Waits until so many records can be read.
  std::vector<std::string> ReadBodies(size_t count) {
    const auto reader = journal_->NewReader(0);
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    std::vector<std::string> bodies;
    while (bodies.size() < count && reader->WaitForEntry(deadline)) {
      const absl::StatusOr<JournalEntry> entry = reader->Next();
      if (!entry.ok()) continue;
      for (std::string& body : Bodies(entry->payload)) {
        bodies.push_back(std::move(body));
      }
    }
    return bodies;
  }

  TempFolder folder_;
  FaultyFileSystem files_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<TcpListener> listener_;
};

TEST_F(TcpRecoveryTest, WhatHadRoomIsStoredWhenTheDiskIsWell) {
  const int64_t taken = SendWhileTheDiskFails();
  ASSERT_GT(taken, 0);
  ASSERT_LT(taken, kSent) << "the buffer is smaller than what was sent";
  files_.Heal(Call::kWrite);
  const std::vector<std::string> bodies =
      ReadBodies(static_cast<size_t>(taken));
  ASSERT_EQ(static_cast<int64_t>(bodies.size()), taken);
  for (int i = 0; i < taken; ++i) EXPECT_EQ(bodies[i], Body(i));
  // By itself, and there is room again: a moment after a reader has the
  // records.
  const auto dropped = [this] {
    return journal_->ledger().count(LossReason::kTcpBufferFull);
  };
  for (int64_t before = -1; before != dropped();) {
    before = dropped();
    RawPortClient client = RawPortClient::Tcp(listener_->port());
    client.Send(Frame(Record("after")));
    client.FinishAndWait();
  }
  EXPECT_EQ(ReadBodies(static_cast<size_t>(taken) + 1).back(), "after");
  EXPECT_EQ(journal_->ledger().count(LossReason::kNotStored), 0);
}

TEST_F(TcpRecoveryTest, WhatStillWaitsWhenTheServerStopsIsCounted) {
  const int64_t taken = SendWhileTheDiskFails();
  EXPECT_EQ(journal_->ledger().count(LossReason::kNotStored), 0);
  listener_->Stop();
  journal_->Stop();
  EXPECT_EQ(journal_->ledger().count(LossReason::kNotStored), taken);
  EXPECT_EQ(journal_->ledger().totals().sum(), uint64_t{kSent});
}

}  // namespace
}  // namespace logboom
