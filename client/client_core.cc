#include "client/client_core.h"

#include <functional>
#include <random>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/named_thread.h"
#include "base/random_bytes.h"
#include "base/status_macros.h"
#include "client/call_site.h"
#include "client/fork_generation.h"
#include "client/own_resource.h"
#include "client/record_encoder.h"
#include "client/string_views.h"
#include "proto/wire/record_writer.h"
#include "proto/wire/structure_check.h"

namespace logboom {
namespace {

constexpr char kShutDown[] = "the client is shut down";
constexpr char kForked[] = "the client was started before a fork";

// Never 0, which stands for none.
uint64_t RandomEpoch() {
  uint64_t epoch;
  FillRandom(&epoch, sizeof(epoch));
  return epoch | 1;
}

RecordBuffer::Options BufferOptions(const Options& options) {
  return {.capacity_bytes = options.buffer_bytes,
          .wake_bytes = options.batch_bytes,
          .room_timeout = options.when_full == WhenFull::kDropNewest
                              ? absl::ZeroDuration()
                              : options.block_timeout};
}

}  // namespace

ClientCore::ClientCore(Options options)
    : options_(std::move(options)),
      levels_(static_cast<int32_t>(options_.level)),
      buffer_(BufferOptions(options_), [this](RecordBuffer::News news) {
        if (started_in_ != 0) sender_->TakeNews(news);
      }) {}

LoggerNode* ClientCore::GetLogger(absl::string_view name) {
  return forked() ? &forked_logger_ : levels_.GetLogger(name);
}

ClientCore::~ClientCore() { Shutdown(); }

bool ClientCore::forked() const {
  const uint32_t started_in = started_in_.load(std::memory_order_acquire);
  return started_in != 0 && started_in != ForkGeneration() + 1;
}

bool ClientCore::Start() {
  if (started_in_.load(std::memory_order_acquire) == ForkGeneration() + 1) {
    return true;
  }
  if (forked()) return false;
  MutexLock lock(&mu_);
  if (shut_down_) return false;
  if (sender_ != nullptr) return true;
  WatchForks();
  sender_ = NewSender();
  started_in_.store(ForkGeneration() + 1, std::memory_order_release);
  levels_.Activate();
  thread_ = NamedThread("logboom", [this] { Run(); });
  return true;
}

absl::Status ClientCore::EnsureStarted() {
  if (Start()) return absl::OkStatus();
  return absl::FailedPreconditionError(forked() ? kForked : kShutDown);
}

std::unique_ptr<Sender> ClientCore::NewSender() {
  Sender::Parts parts;
  parts.options = &options_;
  parts.buffer = &buffer_;
  parts.losses = &losses_;
  parts.levels = &levels_;
  parts.life = {RandomEpoch(),
                EncodeOwnResource(options_.service_name, options_.resource)};
  if (!options_.spool_dir.empty()) {
    parts.open_spool = [this](SpoolLife own) {
      return Spool::Open({.folder = options_.spool_dir,
                          .max_bytes = options_.spool_bytes,
                          .when_full = options_.spool_full},
                         std::move(own));
    };
  }
  parts.new_session = &Session::Create;
  parts.wake = [this] { Wake(); };
  parts.random = [engine = std::mt19937_64(std::random_device()())]() mutable {
    return std::uniform_real_distribution<double>(0, 1)(engine);
  };
  parts.diagnose = [this](const std::string& line) { Diagnose(line); };
  return std::make_unique<Sender>(std::move(parts));
}

void ClientCore::Run() {
  while (true) {
    const absl::Time next = StepSafely();
    if (sender_->board().stopped()) return;
    MutexLock lock(&wake_mu_);
    while (!wake_ && woken_.WaitUntil(&wake_mu_, next)) {
    }
    wake_ = false;
  }
}

// Out of memory is no reason to end other people's programs.
absl::Time ClientCore::StepSafely() {
  try {
    return sender_->Step(absl::Now());
  } catch (const std::exception& error) {
    Diagnose(absl::StrCat("sending failed: ", error.what()));
    return absl::Now() + absl::Seconds(1);
  }
}

void ClientCore::Wake() {
  MutexLock lock(&wake_mu_);
  wake_ = true;
  woken_.NotifyOne();
}

void ClientCore::Diagnose(const std::string& line) const {
  if (options_.diagnose) {
    options_.diagnose(line);
  } else {
    logboom::Diagnose(DiagnosticLevel::kWarning, line);
  }
}

void ClientCore::Write(const LoggerNode& logger, const Record& record,
                       const std::source_location* where) {
  if (!Start()) return Drop(WhyNotStarted());
  // The first call of all came here whatever its level was.
  if (static_cast<int32_t>(record.level) <
      logger.enabled_from.load(std::memory_order_relaxed)) {
    return;
  }
  TraceContext trace;
  if (options_.trace_context) trace = options_.trace_context();
  std::string own_place;
  if (where == nullptr) {
    own_place = EncodeCallSite(ToAbsl(record.file), record.line,
                               ToAbsl(record.function));
  }
  const RecordEncoding encoding(
      logger, record, where == nullptr ? own_place : EncodedCallSite(*where),
      &trace);
  if (encoding.size() > static_cast<size_t>(options_.max_record_bytes)) {
    return Drop(ProducerLoss::kEncodeFailed);
  }
  Count(buffer_.Append(encoding.size(),
                       [&encoding](char* to) { encoding.Write(to); }));
}

void ClientCore::Count(RecordBuffer::Outcome outcome) {
  switch (outcome) {
    case RecordBuffer::Outcome::kTaken:
      return;
    case RecordBuffer::Outcome::kFull:
      return Drop(ProducerLoss::kBufferFull);
    case RecordBuffer::Outcome::kClosed:
      return Drop(ProducerLoss::kShutDown);
  }
}

absl::Status ClientCore::WriteEncoded(absl::string_view log_record) {
  if (absl::Status started = EnsureStarted(); !started.ok()) {
    Drop(WhyNotStarted());
    return started;
  }
  absl::Status checked = CheckRecord(log_record);
  std::string element;
  MessageWriter(&element).Bytes(kBatchRecordsField, log_record);
  const auto bytes = static_cast<int64_t>(element.size());
  if (checked.ok() && bytes > options_.max_record_bytes) {
    checked = absl::InvalidArgumentError(
        absl::StrCat("the record has ", bytes, " bytes; at most ",
                     options_.max_record_bytes, " are taken"));
  }
  if (!checked.ok()) {
    Drop(ProducerLoss::kEncodeFailed);
    return checked;
  }
  const RecordBuffer::Outcome outcome = buffer_.Append(
      element.size(),
      [&element](char* to) { element.copy(to, element.size()); });
  Count(outcome);
  if (outcome == RecordBuffer::Outcome::kTaken) return absl::OkStatus();
  if (outcome == RecordBuffer::Outcome::kClosed) {
    return absl::FailedPreconditionError(kShutDown);
  }
  return absl::ResourceExhaustedError(
      absl::StrCat("buffer_bytes (", options_.buffer_bytes, ") are in use"));
}

absl::Status ClientCore::Connect(absl::Time deadline) {
  LOGBOOM_RETURN_IF_ERROR(EnsureStarted());
  const int64_t failures = sender_->board().state().failures;
  sender_->board().WaitUntil(
      deadline, [failures](const SenderBoard::State& state) {
        return state.connected || state.stopped || state.failures > failures;
      });
  const SenderBoard::State state = sender_->board().state();
  if (state.connected) return absl::OkStatus();
  if (state.stopped) return absl::FailedPreconditionError(kShutDown);
  if (state.failures > failures) {
    return absl::UnavailableError(state.last_error);
  }
  return absl::DeadlineExceededError(
      absl::StrCat("no session with ", options_.server, " yet"));
}

absl::Status ClientCore::Flush(absl::Time deadline) {
  LOGBOOM_RETURN_IF_ERROR(EnsureStarted());
  const int64_t ticket = sender_->board().RequestFlush();
  const bool ended = sender_->board().WaitUntil(
      deadline, [ticket](const SenderBoard::State& state) {
        return state.flushed >= ticket || state.stopped;
      });
  return FlushOutcome(ended && sender_->board().state().flushed >= ticket);
}

absl::Status ClientCore::FlushOutcome(bool flushed) {
  const ClientStats now = stats();
  if (!flushed) {
    if (sender_->board().stopped()) {
      return absl::FailedPreconditionError(kShutDown);
    }
    return absl::DeadlineExceededError(absl::StrCat(
        now.pending, " records are not acknowledged",
        now.connected ? ""
                      : absl::StrCat(": no connection to ", options_.server,
                                     ": ", now.last_error)));
  }
  MutexLock lock(&mu_);
  const int64_t lost = now.lost() + now.rejected;
  const int64_t since = lost - std::exchange(lost_at_flush_, lost);
  if (since == 0) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      since, " records were lost or rejected: ", losses_.ToString(),
      now.rejected == 0 ? "" : absl::StrCat(" rejected ", now.rejected)));
}

void ClientCore::Shutdown() {
  if (forked()) return;
  std::thread thread;
  {
    MutexLock lock(&mu_);
    if (std::exchange(shut_down_, true)) return;
    buffer_.Close();
    if (sender_ == nullptr) return;
    thread = std::move(thread_);
  }
  sender_->board().RequestStop(absl::Now() + options_.shutdown_timeout);
  thread.join();
  if (const int64_t lost = losses_.total(ProducerLoss::kShutDown); lost > 0) {
    Diagnose(absl::StrCat(lost, " records were not acknowledged by ",
                          options_.server, " when the client ended"));
  }
}

ClientStats ClientCore::stats() const {
  ClientStats stats;
  stats.lost_buffer_full = losses_.total(ProducerLoss::kBufferFull);
  stats.lost_spool_full = losses_.total(ProducerLoss::kSpoolFull);
  stats.lost_encode_failed = losses_.total(ProducerLoss::kEncodeFailed);
  stats.lost_shut_down = losses_.total(ProducerLoss::kShutDown);
  stats.lost_forked = losses_.total(ProducerLoss::kForked);
  if (forked()) {
    stats.logged = stats.lost();
    return stats;
  }
  SenderBoard::State state;
  if (started_in_.load(std::memory_order_acquire) != 0) {
    state = sender_->board().state();
    stats.acknowledged = state.acknowledged;
    stats.rejected = state.rejected;
    stats.connected = state.connected;
    stats.connections = state.connections;
    stats.spooled = state.spooled;
    stats.left_by_earlier_runs = state.earlier;
    stats.last_error = state.last_error;
  }
  // Read last, so that nothing is acknowledged and not logged.
  const int64_t appended = buffer_.appended();
  stats.pending =
      appended - state.acknowledged - state.rejected - state.dropped;
  stats.logged =
      stats.acknowledged + stats.rejected + stats.lost() + stats.pending;
  stats.buffered_bytes = buffer_.used_bytes();
  return stats;
}

}  // namespace logboom
