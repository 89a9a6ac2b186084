#ifndef LOGBOOM_TESTS_CLIENT_FAKE_SESSION_H_
#define LOGBOOM_TESTS_CLIENT_FAKE_SESSION_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "client/session.h"
#include "logboom/v1/ingest.pb.h"

namespace logboom {

// A session in the test's hands: keeps what it was told, as text, and tells
// what the test wants it to. Not thread-safe.
class FakeSession final : public Session {
 public:
  FakeSession(SessionOptions options, SessionEvents* events)
      : options_(std::move(options)), events_(*events) {}

  void Connect(absl::Time deadline) override { calls_.push_back("connect"); }
  bool Send(uint64_t sequence, const absl::Cord& batch) override {
    if (!writable_) return false;
    v1::LogBatch decoded;
    std::string text = absl::StrCat("send ", sequence, ":");
    if (!decoded.ParseFromString(std::string(batch))) text += " unreadable";
    for (const v1::LogRecord& record : decoded.records()) {
      absl::StrAppend(&text, " ", record.body().string_value());
    }
    for (const v1::Lost& lost : decoded.lost()) {
      absl::StrAppend(&text, " lost ", lost.count(), " ", lost.reason());
    }
    calls_.push_back(std::move(text));
    return true;
  }
  void ConfirmLevels(uint64_t version) override {
    calls_.push_back(absl::StrCat("confirm ", version));
  }
  void CloseSending() override { calls_.push_back("close sending"); }
  void Cancel() override { calls_.push_back("cancel"); }
  const std::string& producer_id() const override {
    return options_.producer_id;
  }

  SessionEvents& events() { return events_; }
  const SessionOptions& options() const { return options_; }
  void set_writable(bool writable) { writable_ = writable; }
  // What it was told since the last call.
  std::vector<std::string> TakeCalls() { return std::exchange(calls_, {}); }

 private:
  const SessionOptions options_;
  SessionEvents& events_;
  bool writable_ = true;
  std::vector<std::string> calls_;
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLIENT_FAKE_SESSION_H_
