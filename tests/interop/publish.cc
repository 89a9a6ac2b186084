// A producer for tests: many Publish streams at once, each with batches that
// were encoded elsewhere.
//
// usage: publish SERVER FILE...
//
// One stream for each file, which holds batches: a 4-byte big-endian length and
// the encoded `records` of a LogBatch. All streams are open before the first
// batch is sent. Exit 0: every batch of every stream was acknowledged and none
// was rejected.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/cord.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/mutex.h"
#include "client/session.h"

namespace logboom {
namespace {

constexpr absl::Duration kPatience = absl::Minutes(1);

std::vector<std::string> ReadBatches(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)),
                          std::istreambuf_iterator<char>());
  std::vector<std::string> batches;
  size_t at = 0;
  while (at + 4 <= bytes.size()) {
    size_t size_bytes = 0;
    for (const size_t end = at + 4; at < end; ++at) {
      size_bytes = size_bytes << 8 | static_cast<unsigned char>(bytes[at]);
    }
    batches.push_back(bytes.substr(at, size_bytes));
    at += size_bytes;
  }
  return batches;
}

// One stream: opens, sends when it is told to, and waits for its last ack.
class Producer : public SessionEvents {
 public:
  Producer(const std::string& server, std::vector<std::string> batches)
      : batches_(std::move(batches)),
        session_(Session::Create({.server = server}, this)) {}

  void Connect() { session_->Connect(absl::Now() + kPatience); }

  bool WaitUntilOpen() {
    const absl::Time deadline = absl::Now() + kPatience;
    MutexLock lock(&mu_);
    while (!opened_ && !closed_ && changed_.WaitUntil(&mu_, deadline)) {
    }
    return opened_ && !closed_;
  }

  void StartSending() {
    MutexLock lock(&mu_);
    started_ = true;
    SendNextLocked();
  }

  // Whether every batch was acknowledged; says on stderr why not.
  bool WaitUntilAcknowledged() {
    const absl::Time deadline = absl::Now() + kPatience;
    MutexLock lock(&mu_);
    while (acked_ < batches_.size() && !closed_ &&
           changed_.WaitUntil(&mu_, deadline)) {
    }
    if (acked_ == batches_.size() && rejected_ == 0) return true;
    std::cerr << acked_ << " of " << batches_.size()
              << " batches acknowledged, " << rejected_ << " rejected: " << why_
              << "\n";
    return false;
  }

  void OnOpened(uint64_t, int64_t) override {
    MutexLock lock(&mu_);
    opened_ = true;
    changed_.NotifyAll();
  }
  void OnWritable() override {
    MutexLock lock(&mu_);
    SendNextLocked();
  }
  void OnAck(uint64_t sequence) override {
    MutexLock lock(&mu_);
    acked_ = sequence;
    changed_.NotifyAll();
  }
  void OnRejected(uint64_t, const absl::Status& why) override {
    MutexLock lock(&mu_);
    ++rejected_;
    why_ = why;
  }
  void OnDrain(absl::Duration) override {}
  void OnClosed(const absl::Status& why) override {
    MutexLock lock(&mu_);
    closed_ = true;
    why_ = why;
    changed_.NotifyAll();
  }

 private:
  void SendNextLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mu_) {
    if (!started_ || sent_ == batches_.size()) return;
    if (session_->Send(sent_ + 1, absl::Cord(batches_[sent_]))) ++sent_;
  }

  const std::vector<std::string> batches_;
  Mutex mu_;
  CondVar changed_;
  bool opened_ ABSL_GUARDED_BY(mu_) = false;
  bool started_ ABSL_GUARDED_BY(mu_) = false;
  bool closed_ ABSL_GUARDED_BY(mu_) = false;
  size_t sent_ ABSL_GUARDED_BY(mu_) = 0;
  size_t acked_ ABSL_GUARDED_BY(mu_) = 0;
  int rejected_ ABSL_GUARDED_BY(mu_) = 0;
  absl::Status why_ ABSL_GUARDED_BY(mu_);
  // The last member, so the first to go: its events use the others.
  const std::unique_ptr<Session> session_;
};

int Main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: publish SERVER FILE...\n";
    return 2;
  }
  std::vector<std::unique_ptr<Producer>> producers;
  for (int i = 2; i < argc; ++i) {
    producers.push_back(
        std::make_unique<Producer>(argv[1], ReadBatches(argv[i])));
    producers.back()->Connect();
  }
  for (const auto& producer : producers) {
    if (producer->WaitUntilOpen()) continue;
    std::cerr << "a stream did not open\n";
    return 1;
  }
  for (const auto& producer : producers) producer->StartSending();
  bool acknowledged = true;
  for (const auto& producer : producers) {
    acknowledged = producer->WaitUntilAcknowledged() && acknowledged;
  }
  return acknowledged ? 0 : 1;
}

}  // namespace
}  // namespace logboom

int main(int argc, char** argv) { return logboom::Main(argc, argv); }
