#include "cli/stats_json.h"

#include <string>

#include "absl/strings/escaping.h"
#include "cli/record_json.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

Json CountsJson(const LedgerCounts& counts) {
  Json json = Json::object();
  for (const auto& [reason, count] : counts.by_name()) {
    json[ValidUtf8(reason)] = count;
  }
  return json;
}

Json JournalIdJson(const JournalStats& stats) {
  if (stats.segments == 0) return nullptr;
  const JournalId& id = stats.journal_id;
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

Json IngestJson(const IngestBalance& ingest) {
  return {{"received", ingest.received()},
          {"stored", ingest.stored},
          {"rejected", CountsJson(ingest.rejected)},
          {"lost", CountsJson(ingest.lost)},
          {"before", CountsJson(ingest.before)}};
}

Json HandlerJson(const HandlerBalance& handler) {
  return {{"name", ValidUtf8(handler.name)},
          {"offset", handler.offset},
          {"stored", handler.stored},
          {"handled", handler.counts.handled},
          {"filtered", handler.counts.filtered},
          {"pending", handler.pending},
          {"lost", CountsJson(handler.lost())},
          {"lost_not_in_cursor", handler.overtaken},
          {"skipped", handler.counts.skipped},
          {"replayed", handler.counts.replayed},
          {"difference", handler.difference()}};
}

Json VerificationJson(const JournalVerification& verification) {
  Json missing = Json::array();
  for (const OffsetRange& range : verification.missing) {
    missing.push_back({{"begin", range.begin}, {"end", range.end}});
  }
  return {{"begin", verification.expected.begin},
          {"end", verification.expected.end},
          {"missing_records", verification.missing_records()},
          {"missing", std::move(missing)}};
}

}  // namespace

Json StatsJson(const StatsReport& report) {
  const JournalStats& stats = report.stats;
  Json handlers = Json::array();
  for (const HandlerBalance& handler : stats.handlers) {
    handlers.push_back(HandlerJson(handler));
  }
  Json foreign = Json::array();
  for (const std::string& name : stats.foreign_cursors) {
    foreign.push_back(ValidUtf8(name));
  }
  Json json = {{"folder", ValidUtf8(report.folder)},
               {"journal_id", JournalIdJson(stats)},
               {"segments", stats.segments},
               {"bytes", stats.bytes},
               {"oldest", stats.oldest},
               {"head", stats.head},
               {"producers", stats.producers},
               {"ingest", IngestJson(stats.ingest)},
               {"handlers", std::move(handlers)},
               {"foreign_cursors", std::move(foreign)},
               {"balanced", report.balanced()}};
  if (report.verification) {
    json["verified"] = VerificationJson(*report.verification);
  }
  return json;
}

}  // namespace logboom
