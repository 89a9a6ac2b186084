#include "tests/bench/taker_process.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "tests/bench/bench_folder.h"
#include "tests/bench/child_process.h"
#include "tests/bench/journal_filler.h"
#include "tests/bench/processors.h"
#include "tests/bench/server_process.h"
#include "tests/bench/tcp_client.h"

namespace logboom {
namespace {

using TakerOr = absl::StatusOr<std::unique_ptr<TakerProcess>>;

constexpr absl::Duration kPatience = absl::Seconds(30);
// One that does not say why it cannot.
constexpr absl::Duration kSilentPatience = absl::Seconds(5);
// A virtual disk goes on writing what it has said to be on it: syncs right
// after 2 GiB take longer, and a record up to half as much again.
constexpr absl::Duration kSettleTimeOfGib = absl::Seconds(3);
constexpr char kRsyslogd[] = "/usr/sbin/rsyslogd";

class Logboomd final : public TakerProcess {
 public:
  Logboomd(std::unique_ptr<BenchFolder> folder,
           std::unique_ptr<ServerProcess> server, WayIn way)
      : folder_(std::move(folder)),
        server_(std::move(server)),
        grpc_(way == WayIn::kPublish || way == WayIn::kOtlp) {}

  static TakerOr Start(const ServiceRow& row, const BenchPrograms& programs) {
    LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<BenchFolder> folder,
                             BenchFolder::Create());
    LOGBOOM_RETURN_IF_ERROR(FillJournal(row, folder->path() + "/journal"));
    LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<ServerProcess> server,
                             ServerProcess::Start({.program = programs.logboomd,
                                                   .cpu = kServerProcessor,
                                                   .handlers = row.handlers,
                                                   .folder = folder->path()}));
    return std::make_unique<Logboomd>(std::move(folder), std::move(server),
                                      row.way);
  }

  pid_t pid() const override { return server_->pid(); }
  std::string address() const override {
    return grpc_ ? server_->grpc_address() : server_->tcp_address();
  }
  std::vector<std::string> output_files() const override {
    return server_->output_files();
  }

 private:
  // What the handler, which is new, does not come to.
  static absl::Status FillJournal(const ServiceRow& row,
                                  const std::string& journal) {
    if (row.journal_bytes == 0) return absl::OkStatus();
    LOGBOOM_ASSIGN_OR_RETURN(
        const std::unique_ptr<JournalFiller> filler,
        JournalFiller::Open(journal, JournalOptions().segment_bytes));
    LOGBOOM_RETURN_IF_ERROR(filler->AddBytes(row.journal_bytes, row.batch));
    absl::SleepFor(kSettleTimeOfGib * static_cast<double>(row.journal_bytes) /
                   static_cast<double>(int64_t{1} << 30));
    return absl::OkStatus();
  }

  const std::unique_ptr<BenchFolder> folder_;
  const std::unique_ptr<ServerProcess> server_;
  const bool grpc_;
};

// A floor or a peer, with one file in a folder of its own.
class OtherTaker final : public TakerProcess {
 public:
  OtherTaker(std::unique_ptr<BenchFolder> folder, int64_t record_bytes)
      : folder_(std::move(folder)), record_bytes_(record_bytes) {}

  // Starts `command`, which says "listening ADDRESS" as its first line.
  absl::Status StartAnnounced(const std::vector<std::string>& command) {
    LOGBOOM_ASSIGN_OR_RETURN(child_, ChildProcess::Start(command));
    LOGBOOM_ASSIGN_OR_RETURN(const std::string line,
                             child_->ReadLine(absl::Now() + kPatience));
    address_ = std::string(absl::StripPrefix(line, "listening "));
    return absl::OkStatus();
  }

  // Starts `command`, and waits until it listens on `port`.
  absl::Status StartSilent(const std::vector<std::string>& command,
                           uint16_t port) {
    LOGBOOM_ASSIGN_OR_RETURN(child_, ChildProcess::Start(command));
    address_ = absl::StrCat("127.0.0.1:", port);
    return WaitForListener(port, absl::Now() + kSilentPatience);
  }

  const std::string& folder() const { return folder_->path(); }
  std::string file() const { return folder_->path() + "/out.log"; }

  pid_t pid() const override { return child_->pid(); }
  std::string address() const override { return address_; }
  std::vector<std::string> output_files() const override { return {file()}; }
  int64_t record_bytes() const override { return record_bytes_; }

 private:
  const std::unique_ptr<BenchFolder> folder_;
  const int64_t record_bytes_;
  std::string address_;
  std::unique_ptr<ChildProcess> child_;  // goes before its folder
};

absl::StatusOr<std::unique_ptr<OtherTaker>> NewOther(int64_t record_bytes) {
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<BenchFolder> folder,
                           BenchFolder::Create());
  return std::make_unique<OtherTaker>(std::move(folder), record_bytes);
}

TakerOr StartFloor(const ServiceRow& row, const BenchPrograms& programs,
                   int64_t message_bytes) {
  LOGBOOM_ASSIGN_OR_RETURN(auto floor, NewOther(message_bytes / row.batch));
  const bool grpc = row.way == WayIn::kPublish || row.way == WayIn::kOtlp;
  LOGBOOM_RETURN_IF_ERROR(floor->StartAnnounced(
      {programs.floor_server, grpc ? "grpc" : "tcp", floor->file()}));
  return floor;
}

TakerOr StartCookbook(const BenchPrograms& programs) {
  LOGBOOM_ASSIGN_OR_RETURN(auto peer, NewOther(0));
  LOGBOOM_RETURN_IF_ERROR(
      peer->StartAnnounced({"python3", programs.cookbook_runner,
                            programs.cookbook_receiver, peer->file()}));
  return peer;
}

// One input, one action, and the format of the other servers' lines. Nothing
// but that differs from rsyslog's defaults.
std::string RsyslogConfig(WayIn way, uint16_t port, const std::string& folder) {
  const absl::string_view module = way == WayIn::kRelp ? "imrelp" : "imptcp";
  return absl::StrCat(
      "global(workDirectory=\"", folder, "\")\n", "module(load=\"", module,
      "\")\n", "template(name=\"line\" type=\"string\" ",
      "string=\"%timegenerated:::date-rfc3339% %syslogseverity-text% ",
      "%programname% %msg:2:$%\\n\")\n", "input(type=\"", module, "\" port=\"",
      port, "\")\n", "action(type=\"omfile\" file=\"", folder,
      "/out.log\" template=\"line\")\n");
}

TakerOr StartRsyslog(WayIn way) {
  const absl::string_view plugin = way == WayIn::kRelp ? "imrelp" : "imptcp";
  if (access(kRsyslogd, X_OK) != 0) {
    return absl::NotFoundError("rsyslogd is not installed");
  }
  LOGBOOM_ASSIGN_OR_RETURN(auto peer, NewOther(0));
  LOGBOOM_ASSIGN_OR_RETURN(const uint16_t port, FindFreePort());
  const std::string config = peer->folder() + "/rsyslog.conf";
  std::ofstream(config) << RsyslogConfig(way, port, peer->folder());
  const absl::Status started = peer->StartSilent(
      {kRsyslogd, "-n", "-f", config, "-i", peer->folder() + "/pid"}, port);
  if (!started.ok()) {
    return absl::NotFoundError(
        absl::StrCat("rsyslogd has no ", plugin, ": ", started.message()));
  }
  return peer;
}

}  // namespace

TakerOr TakerProcess::Start(const ServiceRow& row,
                            const BenchPrograms& programs,
                            int64_t message_bytes) {
  switch (row.taker) {
    case Taker::kLogboomd:
      return Logboomd::Start(row, programs);
    case Taker::kFloor:
      return StartFloor(row, programs, message_bytes);
    case Taker::kCookbook:
      return StartCookbook(programs);
    case Taker::kRsyslog:
      return StartRsyslog(row.way);
  }
  return absl::InternalError("no such taker");
}

}  // namespace logboom
