#include "tests/fault/kill_run.h"

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "base/status_macros.h"
#include "server/journal/cursor_folder.h"
#include "server/journal/file_system.h"

namespace logboom {
namespace {

constexpr int kProducers = 6;
// The last one is content with an ack that means "in the server's kernel".
constexpr int kWrittenProducer = kProducers - 1;
constexpr int kRawSenders = 3;

// Bounds for what takes a fraction of them; beyond, something hangs.
constexpr absl::Duration kStartPatience = absl::Seconds(60);
constexpr absl::Duration kStopPatience = absl::Seconds(60);
constexpr absl::Duration kAckPatience = absl::Seconds(120);
constexpr absl::Duration kDrainPatience = absl::Seconds(180);

// The last run, in which nobody is killed any more.
constexpr absl::Duration kLastRun = absl::Milliseconds(300);

constexpr char kConfig[] = R"(
listen: {grpc: '127.0.0.1:0', tcp: '127.0.0.1:0'}
journal: {path: FOLDER/journal, segment_bytes: 4MiB, retain_bytes: 1024GiB}
logging:
  version: 1
  formatters: {message: {format: '%(message)s'}}
  filters: {shared: {name: shared}}
  handlers:
    steady:
      {class: logging.FileHandler, filename: FOLDER/steady.log, formatter: message}
    failing:
      {class: logging.FileHandler, filename: FOLDER/failing/out.log, formatter: message}
    shared:
      {class: logging.FileHandler, filename: FOLDER/shared.log, formatter: message, filters: [shared]}
  root: {level: NOTSET, handlers: [steady, failing, shared]}
)";

}  // namespace

KillRun::KillRun(const Options& options)
    : options_(options),
      random_(options.seed),
      stats_(options.cli, PathOf("stats.log"), PathOf("journal"), &findings_),
      saboteur_(options.folder, random_()) {}

std::string KillRun::PathOf(absl::string_view name) const {
  return absl::StrCat(options_.folder, "/", name);
}

absl::Status KillRun::Run() {
  LOGBOOM_RETURN_IF_ERROR(Prepare());
  StartSenders();
  while (counts_.kills < options_.kills) {
    if (absl::Status status = RunAndKill(); !status.ok()) {
      board_.Close();
      return status;
    }
  }
  const absl::Status finished = FinishAndStop();
  board_.Close();
  LOGBOOM_RETURN_IF_ERROR(finished);
  journal_ = CheckJournal(PathOf("journal"), &findings_);
  LOGBOOM_RETURN_IF_ERROR(DrainHandlers());
  Check();
  return absl::OkStatus();
}

absl::Status KillRun::Prepare() {
  begin_ = absl::Now();
  std::ofstream(PathOf("config.yaml"))
      << absl::StrReplaceAll(kConfig, {{"FOLDER", options_.folder}});
  return saboteur_.Prepare();
}

void KillRun::StartSenders() {
  for (int i = 0; i < kProducers; ++i) {
    const PublishProducer::Options options = {
        .number = i, .synced = i != kWrittenProducer, .seed = random_()};
    producers_.push_back(
        std::make_unique<PublishProducer>(options, &board_, &findings_));
  }
  for (int i = 0; i < kRawSenders; ++i) {
    const RawSender::Options options = {
        .number = i,
        .format =
            i == 0 ? RawSender::Format::kPickle : RawSender::Format::kProtobuf,
        .seed = random_()};
    raw_senders_.push_back(
        std::make_unique<RawSender>(options, &board_, &findings_));
  }
  for (const auto& producer : producers_) producer->Start();
  for (const auto& sender : raw_senders_) sender->Start();
}

absl::Status KillRun::RunAndKill() {
  KillPlan plan = DrawKillPlan(&random_);
  if (!options_.sabotage) {
    plan.acts.clear();
    plan.acts_when_dead = 0;
  }
  LOGBOOM_RETURN_IF_ERROR(StartServer());
  if (!plan.while_starting) LOGBOOM_RETURN_IF_ERROR(Announce());
  LOGBOOM_RETURN_IF_ERROR(Sabotage(plan, absl::Now()));
  LOGBOOM_RETURN_IF_ERROR(Kill(plan));
  EndServer();
  CountTornFiles();
  if (announced_ > 0) stats_.CheckBalances();
  for (int i = 0; i < plan.acts_when_dead; ++i) {
    LOGBOOM_RETURN_IF_ERROR(saboteur_.ActOnDead());
  }
  return absl::OkStatus();
}

absl::Status KillRun::Sabotage(const KillPlan& plan, absl::Time begin) {
  for (const absl::Duration act : plan.acts) {
    LOGBOOM_RETURN_IF_ERROR(LetItRunUntil(begin + act));
    LOGBOOM_RETURN_IF_ERROR(saboteur_.ActOnRunning(server_->pid()));
  }
  return LetItRunUntil(begin + plan.kill_after);
}

absl::Status KillRun::Kill(const KillPlan& plan) {
  if (plan.term_before.has_value()) {
    server_->Signal(SIGTERM);
    const auto stopped = server_->Wait(absl::Now() + *plan.term_before);
    if (stopped.ok()) {
      ++counts_.stops;
      if (*stopped == 0) return absl::OkStatus();
      return absl::InternalError(absl::StrCat(
          "the server stopped with ", *stopped, ": ", server_->stderr_text()));
    }
    ++counts_.while_stopping;
  }
  server_->Signal(SIGKILL);
  ++counts_.kills;
  if (plan.while_starting) ++counts_.while_starting;
  return server_->Wait(absl::Now() + kStopPatience).status();
}

void KillRun::CountTornFiles() {
  for (const std::string& path :
       {PathOf("steady.log"), saboteur_.failing_file(),
        saboteur_.shared_file()}) {
    std::ifstream file(path, std::ios::binary);
    file.seekg(-1, std::ios::end);
    const int last = file.get();
    // The failing one begins as a hole, with zeros.
    if (file.good() && last != '\n' && last != 0) ++counts_.torn;
  }
}

absl::Status KillRun::LetItRunUntil(absl::Time deadline) {
  const auto ended = server_->Wait(deadline);
  if (absl::IsDeadlineExceeded(ended.status())) return absl::OkStatus();
  LOGBOOM_RETURN_IF_ERROR(ended.status());
  return absl::InternalError(absl::StrCat("the server ended by itself with ",
                                          *ended, ": ",
                                          server_->stderr_text()));
}

absl::Status KillRun::FinishAndStop() {
  LOGBOOM_RETURN_IF_ERROR(StartServer());
  LOGBOOM_RETURN_IF_ERROR(saboteur_.MakePeace(server_->pid()));
  LOGBOOM_RETURN_IF_ERROR(Announce());
  LOGBOOM_RETURN_IF_ERROR(LetItRunUntil(absl::Now() + kLastRun));
  for (const auto& sender : raw_senders_) sender->Finish();
  for (const auto& producer : producers_) producer->Finish();
  const absl::Time deadline = absl::Now() + kAckPatience;
  for (const auto& producer : producers_) producer->Join(deadline);
  LOGBOOM_RETURN_IF_ERROR(StopServer());
  stopped_ = absl::Now();
  return absl::OkStatus();
}

absl::Status KillRun::DrainHandlers() {
  const absl::Time deadline = absl::Now() + kDrainPatience;
  while (!HandlersAreDone() && absl::Now() < deadline) {
    LOGBOOM_RETURN_IF_ERROR(StartServer());
    LOGBOOM_RETURN_IF_ERROR(
        server_->WaitUntilListening(absl::Now() + kStartPatience).status());
    // An orderly stop gives handlers a few seconds more.
    LOGBOOM_RETURN_IF_ERROR(LetItRunUntil(absl::Now() + absl::Seconds(1)));
    LOGBOOM_RETURN_IF_ERROR(StopServer());
  }
  return absl::OkStatus();
}

bool KillRun::HandlersAreDone() const {
  const auto cursors = ListCursors(SystemFiles(), PathOf("journal"));
  return cursors.ok() &&
         std::all_of(cursors->begin(), cursors->end(),
                     [this](const StoredCursor& cursor) {
                       return cursor.position.offset >= journal_.head;
                     });
}

void KillRun::Check() {
  const Deeds deeds = CollectDeeds();
  raw_ = JudgeRecords(deeds, journal_, &findings_);
  JudgeLedger(deeds, journal_, &findings_);
  stats_.CheckAgainst(journal_);
  JudgeCursors(PathOf("journal"), journal_.head,
               {{"steady", journal_.all.records},
                {"failing", journal_.all.records},
                {"shared", journal_.shared.records}},
               &findings_);
  CheckOutputs();
}

void KillRun::CheckOutputs() {
  const auto check = [this](const std::string& name,
                            const ExpectedOutput& expected,
                            const StreamContents& contents) {
    outputs_[name] = CheckOutput(name, expected, contents, &findings_);
    // That is for what a machine that went down may have left.
    if (std::ifstream(expected.path + ".cut").good()) {
      findings_.Add("output: bytes were moved away", expected.path + ".cut");
    }
  };
  check("steady", {.path = PathOf("steady.log")}, journal_.all);
  check("failing",
        {.path = saboteur_.failing_file(), .begin = Saboteur::kHoleBytes},
        journal_.all);
  check("shared",
        {.path = saboteur_.shared_file(), .hand_lines = saboteur_.hand_lines()},
        journal_.shared);
}

Deeds KillRun::CollectDeeds() const {
  Deeds deeds;
  deeds.last_run = announced_;
  for (const auto& producer : producers_) {
    const MadeCounts made = producer->totals().made;
    deeds.published.Add(made);
    deeds.published_last[producer->source()] = made.records;
  }
  for (const auto& sender : raw_senders_) {
    const auto& connections = sender->connections();
    deeds.connections.insert(deeds.connections.end(), connections.begin(),
                             connections.end());
  }
  return deeds;
}

absl::Status KillRun::StartServer() {
  LOGBOOM_ASSIGN_OR_RETURN(
      server_, LogboomdProcess::Start({.program = options_.server,
                                       .config_file = PathOf("config.yaml")}));
  return absl::OkStatus();
}

absl::Status KillRun::Announce() {
  LOGBOOM_ASSIGN_OR_RETURN(
      const LogboomdProcess::Addresses addresses,
      server_->WaitUntilListening(absl::Now() + kStartPatience));
  ++announced_;
  board_.Announce(addresses.grpc, addresses.tcp);
  return absl::OkStatus();
}

absl::Status KillRun::StopServer() {
  server_->Signal(SIGTERM);
  LOGBOOM_ASSIGN_OR_RETURN(const int result,
                           server_->Wait(absl::Now() + kStopPatience));
  EndServer();
  if (result == 0) return absl::OkStatus();
  return absl::InternalError(absl::StrCat("the server stopped with ", result));
}

void KillRun::EndServer() {
  const std::string text = server_->stderr_text();
  std::ofstream(PathOf("stderr.log"), std::ios::app)
      << "== ended; " << counts_.kills << " kills so far\n"
      << text;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StrContains(line, "damage") ||
        absl::StrContains(line, "missing")) {
      findings_.Add("the server speaks of damage", line);
    }
  }
  server_.reset();
}

}  // namespace logboom
