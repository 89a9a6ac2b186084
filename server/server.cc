#include "server/server.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "server/journal/file_system.h"
#include "server/logging/make_handler.h"
#include "server/logging/route.h"

namespace logboom {
namespace {

// For clients to hear of the drain and for the acks still owed: what is queued
// takes a few syncs. With the handlers' four seconds a stop stays under five.
constexpr absl::Duration kGrpcGrace = absl::Milliseconds(500);

// What was counted between two places. A handler that had to go back behind its
// start, after a sync failed, has passed nothing.
HandlerCounts CountsSince(const HandlerCounts& start,
                          const HandlerCounts& now) {
  const auto since = [&](uint64_t HandlerCounts::*count) {
    return now.*count - std::min(now.*count, start.*count);
  };
  return {.handled = since(&HandlerCounts::handled),
          .filtered = since(&HandlerCounts::filtered),
          .journal_damaged = since(&HandlerCounts::journal_damaged),
          .retention_overtook = since(&HandlerCounts::retention_overtook)};
}

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config) {
  const absl::Time start = absl::Now();
  auto server = std::unique_ptr<Server>(new Server(config));
  LOGBOOM_RETURN_IF_ERROR(server->OpenJournal());
  LOGBOOM_RETURN_IF_ERROR(server->AddHandlers(start));
  LOGBOOM_RETURN_IF_ERROR(server->Listen());
  // Not before it is certain that the server starts: nobody's file is touched.
  for (const auto& runner : server->runners_) runner->Start();
  server->serving_ = true;
  return server;
}

Server::Server(const Config& config)
    : config_(config), tree_(config_.logging) {}

Server::~Server() { Stop(); }

absl::Status Server::OpenJournal() {
  LOGBOOM_ASSIGN_OR_RETURN(journal_,
                           Journal::Open(SystemFiles(), config_.journal));
  ingest_ = std::make_unique<Ingest>(config_.ingest, journal_.get());
  return absl::OkStatus();
}

absl::Status Server::AddHandlers(absl::Time start) {
  for (int i = 0; i < tree_.handler_count(); ++i) {
    LOGBOOM_RETURN_IF_ERROR(AddHandler(tree_.options().handlers[i], i, start));
  }
  if (tree_.needs_last_resort()) {
    LOGBOOM_RETURN_IF_ERROR(
        AddHandler(LastResortOptions(), LastResortIndex(tree_), start));
  }
  WarnOfUnusedCursors();
  for (const auto& runner : runners_) runner->TakePlace();
  return absl::OkStatus();
}

absl::Status Server::AddHandler(const HandlerOptions& options, int index,
                                absl::Time start) {
  HandlerRunner::Parts parts = {
      .name = options.name, .index = index, .tree = &tree_};
  parts.handler = MakeHandler(options);
  if (parts.handler == nullptr) return absl::OkStatus();
  parts.delay = options.delay;
  LOGBOOM_ASSIGN_OR_RETURN(parts.formatter,
                           Formatter::Create(options.formatter, start));
  Journal* const journal = journal_.get();
  parts.open_cursor = [journal, name = options.name] {
    return journal->OpenCursor(name);
  };
  parts.new_reader = [journal](Offset from) {
    return journal->NewReader(from);
  };
  const bool from_head = options.start == HandlerOptions::Start::kHead;
  // The oldest record is not the first one once retention has deleted that.
  parts.start =
      from_head ? journal->synced_head() : journal->NewReader(0)->offset();
  runners_.push_back(std::make_unique<HandlerRunner>(std::move(parts)));
  return absl::OkStatus();
}

void Server::WarnOfUnusedCursors() const {
  for (const std::string& name : journal_->UnusedCursors()) {
    const bool used =
        std::any_of(runners_.begin(), runners_.end(),
                    [&](const auto& runner) { return runner->name() == name; });
    if (used) continue;
    Diagnose(DiagnosticLevel::kWarning,
             absl::StrCat("the journal has a cursor of handler ", name,
                          ", which is not in the configuration, and keeps "
                          "records for it"));
  }
}

absl::Status Server::Listen() {
  const ListenOptions& listen = config_.listen;
  if (listen.tcp.has_value() || !listen.unix_path.empty()) {
    const TcpListenerOptions options{.tcp = listen.tcp,
                                     .unix_path = listen.unix_path};
    LOGBOOM_ASSIGN_OR_RETURN(tcp_, TcpListener::Listen(options, ingest_.get()));
  }
  if (listen.grpc.has_value()) {
    levels_ =
        std::make_unique<LevelControl>(SystemFiles(), config_.journal.path);
    control_ = std::make_unique<LogControlService>(ControlParts());
    const GrpcServerOptions options = {.address = *listen.grpc,
                                       .observer = levels_.get(),
                                       .services = {control_.get()}};
    LOGBOOM_ASSIGN_OR_RETURN(grpc_, GrpcServer::Start(options, ingest_.get()));
  }
  if (tcp_ != nullptr) tcp_->Start();
  AnnounceListeners();
  return absl::OkStatus();
}

LogControlService::Parts Server::ControlParts() const {
  return {.levels = levels_.get(),
          .journal = journal_.get(),
          .raw_connections = [tcp = tcp_.get()] {
            return tcp == nullptr ? 0 : tcp->open_connections();
          }};
}

void Server::AnnounceListeners() const {
  if (grpc_ != nullptr)
    absl::FPrintF(stderr, "listening grpc %s\n", grpc_->address());
  if (config_.listen.tcp.has_value()) {
    const auto port = static_cast<uint16_t>(tcp_->port());
    absl::FPrintF(stderr, "listening tcp %s\n",
                  HostPort{config_.listen.tcp->host, port}.ToString());
  }
  if (!config_.listen.unix_path.empty()) {
    absl::FPrintF(stderr, "listening unix %s\n", config_.listen.unix_path);
  }
}

void Server::Stop() {
  if (std::exchange(stopped_, true)) return;
  StopIngest();
  StopHandlers();
  if (journal_ == nullptr) return;
  if (const LedgerCounts lost = journal_->ledger().since_open();
      !lost.empty()) {
    Diagnose(DiagnosticLevel::kWarning,
             absl::StrCat("losses: ", lost.ToString()));
  }
}

void Server::StopIngest() {
  if (tcp_ != nullptr) tcp_->Stop();
  if (control_ != nullptr) control_->Stop();
  if (grpc_ != nullptr) grpc_->Shutdown(absl::Now() + kGrpcGrace);
  if (levels_ != nullptr) levels_->Stop();  // it answers calls until then
  if (journal_ != nullptr) journal_->Stop();
}

void Server::StopHandlers() {
  const absl::Time deadline = absl::Now() + kDrainTime;
  for (const auto& runner : runners_) runner->Drain();
  for (const auto& runner : runners_) {
    runner->Join(deadline);
    if (serving_) ReportLeft(*runner);
  }
}

void Server::ReportLeft(const HandlerRunner& runner) const {
  const std::string subject = absl::StrCat("handler ", runner.name(), ": ");
  if (!runner.has_position()) {
    Diagnose(DiagnosticLevel::kWarning,
             absl::StrCat(subject, "its cursor could not be opened"));
    return;
  }
  const Offset head = journal_->synced_head();
  const CursorPosition now = runner.position();
  const HandlerCounts passed =
      CountsSince(runner.started_at().counts, now.counts);
  const Offset left = head - std::min(head, now.offset);
  const uint64_t lost = passed.journal_damaged + passed.retention_overtook;
  std::string text = absl::StrCat(subject, passed.handled, " records handled, ",
                                  passed.filtered, " filtered, ", left,
                                  " left in the journal");
  if (lost > 0) {
    absl::StrAppend(&text, ", ", lost, " lost (", passed.journal_damaged,
                    " where the journal is damaged, ",
                    passed.retention_overtook, " deleted by retention)");
  }
  Diagnose(
      left + lost == 0 ? DiagnosticLevel::kInfo : DiagnosticLevel::kWarning,
      text);
}

}  // namespace logboom
