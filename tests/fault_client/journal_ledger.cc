#include "tests/fault_client/journal_ledger.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace logboom {
namespace {

using Json = nlohmann::json;

constexpr char kPrefix[] = "lost_by_producer.";

JournalLedger FromJson(const Json& json) {
  JournalLedger ledger;
  const Json& ingest = json.at("ingest");
  ledger.stored = ingest.at("stored").get<int64_t>();
  for (const char* const side : {"rejected", "lost", "before"}) {
    for (const auto& [reason, count] : ingest.at(side).items()) {
      ledger.losses[reason] += count.get<int64_t>();
    }
  }
  for (const Json& handler : json.at("handlers")) {
    ledger.pending =
        std::max(ledger.pending, handler.at("pending").get<int64_t>());
  }
  return ledger;
}

}  // namespace

int64_t JournalLedger::loss(const std::string& reason) const {
  const auto found = losses.find(reason);
  return found == losses.end() ? 0 : found->second;
}

void JournalLedger::ExpectNoLosses(Findings* findings) const {
  for (const auto& [reason, count] : losses) {
    if (count == 0) continue;
    findings->Add("ledger: a loss where nothing was lost",
                  absl::StrCat(reason, " ", count));
  }
}

void JournalLedger::ExpectLossesOf(const ClientStats& stats, bool at_most,
                                   absl::string_view place,
                                   Findings* findings) const {
  const std::map<std::string, int64_t> expected = {
      {absl::StrCat(kPrefix, "buffer_full"), stats.lost_buffer_full},
      {absl::StrCat(kPrefix, "spool_full"), stats.lost_spool_full},
      {absl::StrCat(kPrefix, "encode_failed"), stats.lost_encode_failed},
      {absl::StrCat(kPrefix, "shut_down"), stats.lost_shut_down},
      {absl::StrCat(kPrefix, "forked"), stats.lost_forked}};
  for (const auto& [reason, count] : expected) {
    const int64_t told = loss(reason);
    if (told == count || (at_most && told < count)) continue;
    findings->Add(
        "ledger: it has not the client's losses",
        absl::StrCat(place, ": ", reason, " ", told, ", the client ", count));
  }
  for (const auto& [reason, count] : losses) {
    if (count == 0 || expected.contains(reason)) continue;
    findings->Add("ledger: a loss that the client did not have",
                  absl::StrCat(place, ": ", reason, " ", count));
  }
}

absl::StatusOr<JournalLedger> ReadJournalLedger(const std::string& cli,
                                                const std::string& folder) {
  const std::string command =
      absl::StrCat(cli, " journal stats --json ", folder);
  FILE* const pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return absl::InternalError("popen");
  std::string text;
  char chunk[4096];
  size_t count;
  while ((count = fread(chunk, 1, sizeof chunk, pipe)) > 0) {
    text.append(chunk, count);
  }
  const int status = pclose(pipe);
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (status != 0 || !json.is_object()) {
    return absl::InternalError(
        absl::StrCat(command, ": status ", status, ": ", text));
  }
  return FromJson(json);
}

}  // namespace logboom
