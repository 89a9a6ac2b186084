#include "tests/bench/relp_load.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <thread>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "tests/bench/ack_latencies.h"
#include "tests/bench/tcp_client.h"

namespace logboom {
namespace {

constexpr absl::string_view kOffers =
    "relp_version=0\nrelp_software=service_bench\ncommands=syslog";

std::string RelpFrame(int64_t transaction, absl::string_view command,
                      absl::string_view data) {
  return absl::StrCat(transaction, " ", command, " ", data.size(),
                      data.empty() ? "" : " ", data, "\n");
}

struct Answer {
  int64_t transaction = 0;
  size_t bytes = 0;  // 0: it has not come whole
};

// The first of `all`: "TRANSACTION rsp LENGTH 200 OK...", LENGTH bytes of data
// and a line end. Errors: INVALID_ARGUMENT, it is none, or a refusal.
absl::StatusOr<Answer> ReadAnswer(absl::string_view all) {
  const size_t command = all.find(' ');
  const size_t length = all.find(' ', command + 1);
  const size_t data = all.find_first_of(" \n", length + 1);
  if (command == all.npos || length == all.npos || data == all.npos) {
    return Answer{};
  }
  Answer answer;
  size_t data_bytes = 0;
  if (!absl::SimpleAtoi(all.substr(0, command), &answer.transaction) ||
      !absl::SimpleAtoi(all.substr(length + 1, data - length - 1),
                        &data_bytes)) {
    return absl::InvalidArgumentError(absl::StrCat("no RELP answer: ", all));
  }
  const size_t end = data_bytes == 0 ? data + 1 : data + 1 + data_bytes + 1;
  if (all.size() < end) return Answer{};
  if (data_bytes > 0 && !absl::StartsWith(all.substr(data + 1), "200")) {
    return absl::InvalidArgumentError(absl::StrCat("refused: ", all));
  }
  answer.bytes = end;
  return answer;
}

}  // namespace

class RelpLoad::Connection {
 public:
  Connection(const LoadOptions& options, absl::string_view message)
      : options_(options),
        message_(message),
        latencies_(static_cast<uint64_t>(options.messages_each)) {}

  // Ends the session as the protocol has it, or rsyslogd complains.
  ~Connection() {
    if (!fd_.valid()) return;
    SendBytes(fd_.get(), RelpFrame(sent_ + kOpenTransaction + 1, "close", ""))
        .IgnoreError();
    char chunk[4096];
    while (recv(fd_.get(), chunk, sizeof chunk, 0) > 0) {
    }
  }

  absl::Status Open(absl::Time deadline) {
    LOGBOOM_ASSIGN_OR_RETURN(fd_, ConnectTcp(options_.address));
    LOGBOOM_RETURN_IF_ERROR(
        SendBytes(fd_.get(), RelpFrame(kOpenTransaction, "open", kOffers)));
    return ReadAnswers(deadline);
  }

  // Half of what may be in flight at a time.
  absl::Status Send(absl::Time deadline) {
    const int64_t step = std::max(1, options_.in_flight / 2);
    while (answered_ < options_.messages_each) {
      std::string bytes;
      const int64_t end = std::min(sent_ + step, options_.messages_each);
      while (sent_ < end && sent_ - answered_ < options_.in_flight) {
        latencies_.Sending(static_cast<uint64_t>(++sent_));
        bytes += RelpFrame(sent_ + kOpenTransaction, "syslog", message_);
      }
      LOGBOOM_RETURN_IF_ERROR(SendBytes(fd_.get(), bytes));
      if (sent_ - answered_ > options_.in_flight - step ||
          sent_ == options_.messages_each) {
        LOGBOOM_RETURN_IF_ERROR(ReadAnswers(deadline));
      }
    }
    return absl::OkStatus();
  }

  const AckLatencies& latencies() const { return latencies_; }

 private:
  static constexpr int64_t kOpenTransaction = 1;

  // Takes one at least, and all that have come.
  absl::Status ReadAnswers(absl::Time deadline) {
    while (true) {
      if (absl::Now() > deadline) return absl::DeadlineExceededError("RELP");
      char chunk[16 << 10];
      const ssize_t count = recv(fd_.get(), chunk, sizeof chunk, 0);
      if (count < 0) return absl::ErrnoToStatus(errno, "recv");
      if (count == 0) return absl::UnavailableError("the server hung up");
      received_.append(chunk, static_cast<size_t>(count));
      bool any = false;
      while (true) {
        LOGBOOM_ASSIGN_OR_RETURN(const bool took, TakeAnswer());
        if (!took) break;
        any = true;
      }
      if (any) return absl::OkStatus();
    }
  }

  // False: none is whole.
  absl::StatusOr<bool> TakeAnswer() {
    LOGBOOM_ASSIGN_OR_RETURN(const Answer answer, ReadAnswer(received_));
    if (answer.bytes == 0) return false;
    if (answer.transaction > kOpenTransaction) {
      latencies_.Acked(
          static_cast<uint64_t>(answer.transaction - kOpenTransaction));
      ++answered_;
    }
    received_.erase(0, answer.bytes);
    return true;
  }

  const LoadOptions& options_;
  const absl::string_view message_;
  AckLatencies latencies_;
  UniqueFd fd_;
  std::string received_;
  int64_t sent_ = 0;
  int64_t answered_ = 0;
};

RelpLoad::RelpLoad(LoadOptions options, absl::string_view message)
    : options_(std::move(options)), message_(message) {
  for (int i = 0; i < options_.connections; ++i) {
    connections_.push_back(std::make_unique<Connection>(options_, message_));
  }
}

RelpLoad::~RelpLoad() = default;

absl::Status RelpLoad::Open(absl::Time deadline) {
  for (const auto& connection : connections_) {
    LOGBOOM_RETURN_IF_ERROR(connection->Open(deadline));
  }
  return absl::OkStatus();
}

absl::Status RelpLoad::Send(OutputProgress*, absl::Time deadline) {
  std::vector<absl::Status> results(connections_.size());
  std::vector<std::thread> threads;
  for (size_t i = 0; i < connections_.size(); ++i) {
    threads.emplace_back(
        [&, i] { results[i] = connections_[i]->Send(deadline); });
  }
  for (std::thread& thread : threads) thread.join();
  absl::Status all;
  for (const absl::Status& result : results) all.Update(result);
  return all;
}

std::vector<absl::Duration> RelpLoad::latencies() const {
  std::vector<absl::Duration> all;
  for (const auto& connection : connections_) {
    connection->latencies().AppendTo(&all);
  }
  return all;
}

}  // namespace logboom
