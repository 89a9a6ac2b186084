#ifndef LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_
#define LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "server/ingest/grpc/grpc_server.h"
#include "server/ingest/publish/session_observer.h"
#include "tests/testing/fake_journal.h"
#include "tests/testing/raw_publish_client.h"

namespace logboom {

inline constexpr char kProducer[] = "0123456789abcdef";
inline constexpr char kOtherProducer[] = "fedcba9876543210";
inline constexpr int64_t kBatchBytes = 64 << 10;

// What a stream hears first: "opened 3 65536".
inline std::string Opened(uint64_t last_sequence) {
  return absl::StrCat("opened ", last_sequence, " ", kBatchBytes);
}

inline bool SendBatch(RawPublishClient& client, const v1::LogBatch& batch) {
  return client.SendBatchBytes(batch.SerializeAsString());
}

// A batch whose record is broken.
inline std::string BrokenBatch(uint64_t sequence) {
  v1::LogBatch sequence_only;
  sequence_only.set_sequence(sequence);
  // Field 1, three bytes that are no LogRecord.
  return absl::StrCat(sequence_only.SerializeAsString(),
                      "\x0a\x03\x2a\x7f\x01");
}

// What the stream ended with: "INVALID_ARGUMENT".
inline std::string EndOf(RawPublishClient& client) {
  EXPECT_EQ(client.Next(), "end");
  return absl::StatusCodeToString(
      static_cast<absl::StatusCode>(client.Finish().error_code()));
}

// What the streams tell of their sessions, as lines: "opened test",
// "applied 3", "ended", "anonymous begun". Waits give up after a minute.
class SessionLog final : public SessionObserver {
 public:
  // Sent to each session while it opens; version 0: nothing is.
  void SendAtOpening(v1::LevelUpdate update) {
    MutexLock lock(&mu_);
    at_opening_ = std::move(update);
  }

  bool WaitForLine(absl::string_view line) {
    return WaitUntil([&](const std::vector<std::string>& lines) {
      return std::find(lines.begin(), lines.end(), line) != lines.end();
    });
  }
  bool WaitForEnds(size_t count) {
    return WaitUntil([&](const std::vector<std::string>& lines) {
      return std::count(lines.begin(), lines.end(), "ended") >=
             static_cast<std::ptrdiff_t>(count);
    });
  }
  std::vector<std::string> lines() const {
    MutexLock lock(&mu_);
    return lines_;
  }
  // The session opened last.
  std::shared_ptr<SessionLink> link() const {
    MutexLock lock(&mu_);
    return link_;
  }

  void OnSessionOpened(std::shared_ptr<SessionLink> link, const ProducerId&,
                       absl::string_view resource) override {
    v1::Resource decoded;
    decoded.ParseFromString(std::string(resource));
    const std::string service =
        decoded.attributes_size() > 0
            ? decoded.attributes(0).value().string_value()
            : "";
    v1::LevelUpdate update;
    {
      MutexLock lock(&mu_);
      link_ = link;
      update = at_opening_;
    }
    Add(absl::StrCat("opened ", service));
    if (update.version() > 0) link->SendLevels(update);
  }
  void OnLevelsApplied(const SessionLink*, uint64_t version) override {
    Add(absl::StrCat("applied ", version));
  }
  void OnSessionEnded(const SessionLink*) override { Add("ended"); }
  void OnAnonymousBegun() override { Add("anonymous begun"); }
  void OnAnonymousEnded() override { Add("anonymous ended"); }

 private:
  void Add(std::string line) {
    MutexLock lock(&mu_);
    lines_.push_back(std::move(line));
    changed_.NotifyAll();
  }
  template <typename Condition>
  bool WaitUntil(Condition condition) {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    MutexLock lock(&mu_);
    while (!condition(lines_) && absl::Now() < deadline) {
      changed_.WaitUntil(&mu_, deadline);
    }
    return condition(lines_);
  }

  mutable Mutex mu_;
  CondVar changed_;
  std::vector<std::string> lines_ ABSL_GUARDED_BY(mu_);
  std::shared_ptr<SessionLink> link_ ABSL_GUARDED_BY(mu_);
  v1::LevelUpdate at_opening_ ABSL_GUARDED_BY(mu_);
};

// A server on a free port of the loopback, over a journal that the test holds.
class PublishFixture : public ::testing::Test {
 protected:
  void Start(IngestOptions options = {.batch_bytes = kBatchBytes}) {
    ingest_ = std::make_unique<Ingest>(options, &journal_);
    absl::StatusOr<std::unique_ptr<GrpcServer>> server = GrpcServer::Start(
        {.address = {"127.0.0.1", 0}, .observer = &observer_}, ingest_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
  }

  void TearDown() override {
    server_ = nullptr;
    journal_.Stop();
  }

  const std::string& address() const { return server_->address(); }

  // A stream that has asked for a session.
  std::unique_ptr<RawPublishClient> AskForSession(
      absl::string_view producer = kProducer) {
    auto client = std::make_unique<RawPublishClient>(address());
    EXPECT_TRUE(client->SendOpen(producer));
    return client;
  }

  // A stream whose session is open, with so much stored before it.
  std::unique_ptr<RawPublishClient> OpenStream(
      absl::string_view producer = kProducer, uint64_t last_sequence = 0) {
    auto client = AskForSession(producer);
    EXPECT_EQ(client->Next(), Opened(last_sequence));
    return client;
  }

  // The server is alive, and had its chance to do what it should not.
  void GiveItTheChance() {
    EXPECT_TRUE(
        CallUnary(address(), "/grpc.health.v1.Health/Check", "").has_value());
  }

  // Until another fence has come, since the last call.
  void WaitForFence() { EXPECT_TRUE(observer_.WaitForEnds(++fences_)); }

  FakeJournal journal_;
  SessionLog observer_;
  size_t fences_ = 0;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<GrpcServer> server_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_SERVER_INGEST_PUBLISH_PUBLISH_FIXTURE_H_
