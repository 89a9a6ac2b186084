#include "logboom/client.h"

#include <utility>
#include <vector>

#include "client/client_core.h"
#include "client/sensible_options.h"
#include "client/string_views.h"

namespace logboom {

std::unique_ptr<Client> Client::Create(Options options) {
  std::vector<std::string> problems;
  auto core =
      std::make_shared<ClientCore>(MakeSensible(std::move(options), &problems));
  for (const std::string& problem : problems) core->Diagnose(problem);
  return std::unique_ptr<Client>(new Client(std::move(core)));
}

Client::Client(std::shared_ptr<ClientCore> core) : core_(std::move(core)) {}

// In a forked child the core is the parent's: its locks and its thread are not
// there to be ended, so it is left as it is.
Client::~Client() {
  if (core_->forked()) {
    new std::shared_ptr<ClientCore>(core_);
    return;
  }
  core_->Shutdown();
}

Logger Client::GetLogger(std::string_view name) {
  return Logger(core_, core_->GetLogger(ToAbsl(name)));
}

absl::Status Client::WriteEncoded(std::string_view log_record) {
  return core_->WriteEncoded(ToAbsl(log_record));
}

absl::Status Client::Connect(absl::Time deadline) {
  return core_->Connect(deadline);
}

absl::Status Client::Flush(absl::Time deadline) {
  return core_->Flush(deadline);
}

void Client::Shutdown() { core_->Shutdown(); }

ClientStats Client::stats() const { return core_->stats(); }

}  // namespace logboom
