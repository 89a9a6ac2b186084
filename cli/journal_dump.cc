// `logboom journal dump DIR`

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/exit_codes.h"
#include "base/status_macros.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "cli/record_json.h"
#include "proto/wire/entry_records.h"
#include "server/journal/journal.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

struct DumpOptions {
  std::string folder;
  bool json = false;
  bool all = false;
};

absl::string_view KindName(EntryKind kind) {
  switch (kind) {
    case EntryKind::kNative:
      return "native";
    case EntryKind::kOtlp:
      return "otlp";
    case EntryKind::kProducerTable:
      return "producer table";
    case EntryKind::kNotice:
      return "notice";
  }
  return "unknown";
}

std::string ProducerText(const ProducerId& id) {
  return absl::BytesToHexString(
      absl::string_view(reinterpret_cast<const char*>(id.data()), id.size()));
}

// What the record has in common with others of its entry: all of them, or
// those that came by OTLP with the same resource.
Json EntryJson(const JournalEntry& entry, const MapView& resource_view) {
  Json json = Json::object();
  json["kind"] = KindName(entry.header.kind);
  json["received"] = TimeText(entry.header.received_unix_nano);
  if (!entry.header.anonymous) {
    json["producer_id"] = ProducerText(entry.header.producer_id);
    json["session_epoch"] = entry.header.session_epoch;
    json["sequence"] = entry.header.sequence;
  }
  Json resource = JsonFromMap(resource_view);
  if (!resource.empty()) json["resource"] = std::move(resource);
  return json;
}

std::string EntryText(const JournalEntry& entry) {
  std::string text = absl::StrCat(
      "# ", KindName(entry.header.kind), " entry, ", entry.header.record_count,
      " records, received ", TimeText(entry.header.received_unix_nano));
  if (entry.header.anonymous) return absl::StrCat(text, ", anonymous");
  return absl::StrCat(text, ", producer ",
                      ProducerText(entry.header.producer_id), " sequence ",
                      entry.header.sequence);
}

// One line that no record can leave: its parts are JSON, in ASCII.
std::string RecordText(Offset offset, const RecordView& record) {
  const Json json = JsonFromRecord(record);
  std::string level = json.contains("level") ? JsonText(json["level"]) : "-";
  std::string text = absl::StrCat(
      offset, " ",
      json.contains("time") ? json["time"].get<std::string>() : "-", " ", level,
      " ", JsonText(json["logger"]), " ",
      json.contains("message") ? JsonText(json["message"]) : "-");
  if (json.contains("attributes")) {
    absl::StrAppend(&text, " ", JsonText(json["attributes"]));
  }
  return text;
}

void DumpRecord(const DumpOptions& options, const JournalEntry& entry,
                Offset offset, const EntryRecords& records) {
  const absl::StatusOr<RecordView> record = records.Parse();
  if (!record.ok()) {
    PrintError(
        absl::StrCat("record ", offset, ": ", record.status().message()));
    return;
  }
  if (!options.json) {
    PrintLine(RecordText(offset, *record));
    return;
  }
  Json json{{"offset", offset}};
  json.update(JsonFromRecord(*record));
  Json scope = JsonFromScope(records.scope_version(), records.scope());
  if (!scope.empty()) json["scope"] = std::move(scope);
  json["entry"] = EntryJson(entry, records.resource());
  PrintLine(JsonText(json));
}

void DumpEntry(const DumpOptions& options, const JournalEntry& entry) {
  if (!options.json) PrintLine(Styled(EntryText(entry), Style::kDim));
  Offset offset = entry.header.first_offset;
  EntryRecords records(entry);
  while (records.Next()) DumpRecord(options, entry, offset++, records);
  if (options.json && entry.header.record_count == 0) {
    PrintLine(JsonText({{"entry", EntryJson(entry, records.resource())}}));
  }
}

absl::Status Dump(const DumpOptions& options) {
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<JournalReader> reader,
      OpenJournalForReading(
          SystemFiles(), options.folder,
          options.all ? EntrySelection::kAll : EntrySelection::kWithRecords));
  while (true) {
    const absl::StatusOr<JournalEntry> entry = reader->Next();
    if (absl::IsOutOfRange(entry.status())) break;
    LOGBOOM_RETURN_IF_ERROR(entry.status());
    DumpEntry(options, *entry);
  }
  if (reader->missing_records() == 0) return absl::OkStatus();
  return absl::DataLossError(
      absl::StrCat(reader->missing_records(),
                   " records are missing: the journal is damaged"));
}

int RunDump(const DumpOptions& options) {
  const absl::Status status = Dump(options);
  if (status.ok()) return kExitDone;
  PrintError(status.message());
  return kExitFailed;
}

}  // namespace

void AddJournalDumpCommand(CLI::App& journal, int& exit_code) {
  auto options = std::make_shared<DumpOptions>();
  CLI::App* dump = journal.add_subcommand(
      "dump", "Print every record of a journal, oldest first");
  dump->footer(
      "Changes nothing and takes no lock: a server may be running on it.\n"
      "Text: a comment line for each entry, then a line for each record: "
      "offset, time, level,\nlogger, message, attributes. Whatever is not "
      "printable ASCII is escaped.\n\nExamples:\n  logboom journal dump "
      "./logboom-data\n  logboom journal dump --json ./logboom-data | jq "
      ".message\n");
  dump->add_option("folder", options->folder, "The journal's folder")
      ->required();
  dump->add_flag("--json", options->json, "A JSON object for each record");
  dump->add_flag("--all", options->all,
                 "The entries without records too: what the journal notes for "
                 "itself");
  dump->callback([options, &exit_code] { exit_code = RunDump(*options); });
}

}  // namespace logboom
