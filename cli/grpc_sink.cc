#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/mutex.h"
#include "base/status_macros.h"
#include "base/units.h"
#include "cli/record_sink.h"
#include "logboom/client.h"
#include "proto/wire/record_view.h"

namespace logboom {
namespace {

constexpr size_t kBatchBytes = size_t{256} << 10;
// A server that is started again is found soon.
constexpr absl::Duration kLongestPause = absl::Seconds(1);

std::string_view View(absl::string_view text) {
  return {text.data(), text.size()};
}

// A client of the library's, which sends again what a server that went away has
// not acknowledged.
class GrpcSink final : public RecordSink {
 public:
  GrpcSink(const std::string& server, const std::string& service,
           absl::Duration timeout)
      : server_(server), timeout_(timeout), client_(NewClient(service)) {}

  absl::Status Open();
  size_t max_batch_bytes() const override { return kBatchBytes; }
  absl::Status Send(absl::string_view records, int64_t count) override;
  absl::Status Close() override;
  absl::string_view promise() const override { return "acknowledged"; }

 private:
  std::unique_ptr<Client> NewClient(const std::string& service);
  // Waits for acknowledgements as long as some come.
  absl::Status FlushPatiently();
  absl::Status Silence() const;
  std::string last_words() ABSL_LOCKS_EXCLUDED(mu_) {
    MutexLock lock(&mu_);
    return last_words_;
  }

  const std::string server_;
  const absl::Duration timeout_;
  Mutex mu_;
  std::string last_words_ ABSL_GUARDED_BY(mu_);  // of the client
  const std::unique_ptr<Client> client_;         // goes first
};

std::unique_ptr<Client> GrpcSink::NewClient(const std::string& service) {
  return Client::Create({.server = server_,
                         .service_name = service,
                         .when_full = WhenFull::kBlock,
                         .block_timeout = timeout_,
                         .max_record_bytes = int64_t{4} << 20,
                         .connect_timeout = timeout_,
                         .backoff_max = kLongestPause,
                         .shutdown_timeout = absl::ZeroDuration(),
                         .diagnose = [this](std::string_view line) {
                           MutexLock lock(&mu_);
                           last_words_ = std::string(line);
                         }});
}

absl::Status GrpcSink::Open() {
  const absl::Status connected = client_->Connect(absl::Now() + timeout_);
  if (connected.ok()) return absl::OkStatus();
  return absl::UnavailableError(
      absl::StrCat("no session with ", server_, ": ", connected.message()));
}

absl::Status GrpcSink::Send(absl::string_view records, int64_t count) {
  BatchView batch(records);
  while (batch.Next()) {
    const absl::Status taken = client_->WriteEncoded(View(batch.record()));
    if (absl::IsResourceExhausted(taken)) return Silence();
    LOGBOOM_RETURN_IF_ERROR(taken);
  }
  return absl::OkStatus();
}

absl::Status GrpcSink::FlushPatiently() {
  int64_t acknowledged = -1;
  while (true) {
    const absl::Status flushed = client_->Flush(absl::Now() + timeout_);
    if (!absl::IsDeadlineExceeded(flushed)) return flushed;
    const int64_t now = client_->stats().acknowledged;
    if (now == acknowledged) return flushed;
    acknowledged = now;
  }
}

absl::Status GrpcSink::Silence() const {
  const ClientStats stats = client_->stats();
  if (!stats.connected) return absl::UnavailableError(stats.last_error);
  return absl::DeadlineExceededError(absl::StrCat(
      "no news from ", server_, " for ", logboom::FormatDuration(timeout_)));
}

absl::Status GrpcSink::Close() {
  const absl::Status flushed = FlushPatiently();
  const ClientStats stats = client_->stats();
  const int64_t missing = stats.pending + stats.lost();
  if (missing > 0) {
    const absl::Status why =
        absl::IsDeadlineExceeded(flushed) ? Silence() : flushed;
    return absl::Status(
        why.code(),
        absl::StrCat(missing, " of ", stats.logged,
                     " records were not acknowledged: ", why.message()));
  }
  if (stats.rejected > 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(stats.rejected, " of ", stats.logged,
                     " records were rejected: ", last_words()));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RecordSink>> OpenGrpcSink(
    const std::string& server, const std::string& service,
    absl::Duration timeout) {
  auto sink = std::make_unique<GrpcSink>(server, service, timeout);
  LOGBOOM_RETURN_IF_ERROR(sink->Open());
  return sink;
}

}  // namespace logboom
