#include "tests/fault/stats_check.h"

#include <cstdint>
#include <cstdio>
#include <optional>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace logboom {
namespace {

using Json = nlohmann::json;

struct Answer {
  int status = 0;  // as waitpid(2) gives it
  std::string text;
};

Answer RunProgram(const std::string& command) {
  Answer answer;
  FILE* const pipe = popen(command.c_str(), "re");
  if (pipe == nullptr) return {.status = -1, .text = "cannot be run"};
  char chunk[4096];
  size_t count;
  while ((count = fread(chunk, 1, sizeof chunk, pipe)) > 0) {
    answer.text.append(chunk, count);
  }
  answer.status = pclose(pipe);
  return answer;
}

// The JSON that the program prints with exit code 0.
std::optional<Json> Ask(const std::string& command, Findings* findings) {
  const Answer answer = RunProgram(command);
  Json json = Json::parse(answer.text, nullptr, /*allow_exceptions=*/false);
  if (answer.status == 0 && json.is_object()) return json;
  findings->Add("stats: not all is well",
                absl::StrCat("status ", answer.status, ": ", answer.text));
  return std::nullopt;
}

uint64_t SumOf(const Json& counts) {
  uint64_t sum = 0;
  for (const Json& count : counts) sum += count.get<uint64_t>();
  return sum;
}

// All counts of the ledger, whichever side of the balance they are on.
LedgerCounts LedgerOf(const Json& ingest) {
  LedgerCounts ledger;
  for (const char* const side : {"rejected", "lost", "before"}) {
    for (const auto& [reason, count] : ingest.at(side).items()) {
      ledger.Add(reason, count.get<uint64_t>());
    }
  }
  return ledger;
}

}  // namespace

void StatsCheck::CheckBalances() {
  const auto json = Ask(absl::StrCat(command_, folder_), &findings_);
  if (!json) return;
  const Json& ingest = json->at("ingest");
  if (ingest.at("received") != ingest.at("stored").get<uint64_t>() +
                                   SumOf(ingest.at("rejected")) +
                                   SumOf(ingest.at("lost"))) {
    findings_.Add("stats: received is not stored + rejected + lost",
                  ingest.dump());
  }
  const auto head = json->at("head").get<Offset>();
  if (head < last_head_ || ingest.at("stored") != head) {
    findings_.Add("stats: the head is not what it was",
                  absl::StrCat(head, " after ", last_head_));
  }
  last_head_ = head;
}

void StatsCheck::CheckAgainst(const JournalContents& journal) {
  const auto json =
      Ask(absl::StrCat(command_, "--verify ", folder_), &findings_);
  if (!json) return;
  if (json->at("head") != journal.head) {
    findings_.Add("stats: the head is not the journal's",
                  absl::StrCat(json->at("head").dump(), " for ", journal.head));
  }
  const LedgerCounts ledger = LedgerOf(json->at("ingest"));
  if (ledger.by_name() != journal.ledger.by_name()) {
    findings_.Add(
        "stats: the ledger is not the journal's",
        absl::StrCat(ledger.ToString(), " for ", journal.ledger.ToString()));
  }
  for (const Json& handler : json->at("handlers")) {
    if (handler.at("pending") == 0 && SumOf(handler.at("lost")) == 0) continue;
    findings_.Add("stats: a handler is not done", handler.dump());
  }
}

}  // namespace logboom
