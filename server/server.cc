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

}  // namespace

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config) {
  const absl::Time start = absl::Now();
  auto server = std::unique_ptr<Server>(new Server(config));
  LOGBOOM_RETURN_IF_ERROR(server->OpenJournal());
  LOGBOOM_RETURN_IF_ERROR(server->AddHandlers(start));
  LOGBOOM_RETURN_IF_ERROR(server->Listen());
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
  for (const auto& runner : runners_) runner->Start();
  return absl::OkStatus();
}

absl::Status Server::AddHandler(const HandlerOptions& options, int index,
                                absl::Time start) {
  HandlerRunner::Parts parts = {
      .name = options.name, .index = index, .tree = &tree_};
  parts.handler = MakeHandler(options);
  if (parts.handler == nullptr) return absl::OkStatus();
  if (!options.delay) LOGBOOM_RETURN_IF_ERROR(parts.handler->Open());
  LOGBOOM_ASSIGN_OR_RETURN(parts.formatter,
                           Formatter::Create(options.formatter, start));
  const bool from_head = options.start == HandlerOptions::Start::kHead;
  parts.reader = journal_->NewReader(from_head ? journal_->synced_head() : 0);
  runners_.push_back(std::make_unique<HandlerRunner>(std::move(parts)));
  return absl::OkStatus();
}

absl::Status Server::Listen() {
  const ListenOptions& listen = config_.listen;
  if (listen.tcp.has_value() || !listen.unix_path.empty()) {
    const TcpListenerOptions options{.tcp = listen.tcp,
                                     .unix_path = listen.unix_path};
    LOGBOOM_ASSIGN_OR_RETURN(tcp_, TcpListener::Listen(options, ingest_.get()));
  }
  if (listen.grpc.has_value()) {
    const GrpcServerOptions options = {.address = *listen.grpc};
    LOGBOOM_ASSIGN_OR_RETURN(grpc_, GrpcServer::Start(options, ingest_.get()));
  }
  if (tcp_ != nullptr) tcp_->Start();
  AnnounceListeners();
  return absl::OkStatus();
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
  if (grpc_ != nullptr) grpc_->Shutdown(absl::Now() + kGrpcGrace);
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
  const Offset head = journal_->synced_head();
  const Offset left = head - std::min(head, runner.position());
  std::string text =
      absl::StrCat("handler ", runner.name(), ": ", runner.emitted_records(),
                   " records written, ", left, " left in the journal");
  if (const int64_t missing = runner.missing_records(); missing > 0) {
    absl::StrAppend(&text, ", ", missing, " missing where it is damaged");
  }
  Diagnose(left == 0 ? DiagnosticLevel::kInfo : DiagnosticLevel::kWarning,
           text);
}

}  // namespace logboom
