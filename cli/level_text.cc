#include "cli/level_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/proto_time.h"
#include "base/units.h"
#include "cli/output.h"
#include "cli/record_json.h"
#include "cli/table.h"
#include "proto/wire/level.h"

namespace logboom {
namespace {

using Json = nlohmann::ordered_json;

// "2024-05-01 12:00:03Z".
std::string SecondText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%SZ", FromProtoTime(time),
                          absl::UTCTimeZone());
}

std::string FullText(const google::protobuf::Timestamp& time) {
  return absl::FormatTime(absl::RFC3339_full, FromProtoTime(time),
                          absl::UTCTimeZone());
}

// Whole seconds, rounded up: a rule that is there has some time left.
std::string ExpiryText(const v1::LevelRule& rule) {
  if (!rule.has_expires_in()) return "never";
  const absl::Duration left = FromProtoDuration(rule.expires_in());
  return absl::FormatDuration(absl::Ceil(left, absl::Seconds(1)));
}

std::string ServiceText(const std::string& service) {
  return service.empty() ? "(all)" : Printable(service);
}

std::string OrDash(const std::string& text) {
  return text.empty() ? "-" : Printable(text);
}

void PrintRules(const v1::ListLevelsResponse& levels) {
  if (levels.rules().empty()) {
    PrintLine("no levels are set");
    return;
  }
  std::vector<TableRow> rows = {{"logger", "level", "service", "expires in"}};
  for (const v1::LevelRule& rule : levels.rules()) {
    rows.push_back({Printable(rule.logger()), LevelName(rule.levelno()),
                    ServiceText(rule.service()), ExpiryText(rule)});
  }
  PrintTable(rows, "l");
}

// The last column is the only one with colour, so that widths stay right.
void PrintProducers(const v1::ListLevelsResponse& levels) {
  if (levels.producers().empty()) {
    PrintLine("no producer is connected");
    return;
  }
  std::vector<TableRow> rows = {
      {"producer", "instance", "pid", "host", "levels", "told"}};
  for (const v1::LevelProducer& producer : levels.producers()) {
    rows.push_back({OrDash(producer.service()), OrDash(producer.instance()),
                    producer.pid() == 0 ? "-" : absl::StrCat(producer.pid()),
                    OrDash(producer.host()), absl::StrCat(producer.levels()),
                    producer.confirmed() ? Styled("confirmed", Style::kGood)
                                         : Styled("not yet", Style::kBad)});
  }
  PrintTable(rows, "llrlrl");
}

void PrintUntold(const v1::ListLevelsResponse& levels) {
  if (const uint32_t raw = levels.raw_connections(); raw > 0) {
    PrintLine(absl::StrCat(Counted(raw, "raw TCP connection"),
                           " cannot be told levels"));
  }
  if (const uint32_t streams = levels.anonymous_streams(); streams > 0) {
    PrintLine(absl::StrCat(Counted(streams, "anonymous stream"),
                           " cannot be told levels"));
  }
  PrintLine(Styled("OTLP producers cannot be told levels", Style::kDim));
}

std::string LevelCountsText(const v1::LoggerSeen& logger) {
  return absl::StrJoin(
      logger.levels(), ", ", [](std::string* out, const v1::LevelCount& level) {
        absl::StrAppend(out, LevelName(level.levelno()), " ", level.records());
      });
}

Json RuleJson(const v1::LevelRule& rule) {
  Json json = {{"logger", ValidUtf8(rule.logger())},
               {"level", LevelName(rule.levelno())},
               {"levelno", rule.levelno()},
               {"service", nullptr},
               {"expires_at", nullptr},
               {"expires_in_seconds", nullptr}};
  if (!rule.service().empty()) json["service"] = ValidUtf8(rule.service());
  if (rule.has_expires_at()) {
    json["expires_at"] = FullText(rule.expires_at());
    json["expires_in_seconds"] =
        absl::ToDoubleSeconds(FromProtoDuration(rule.expires_in()));
  }
  return json;
}

Json ProducerJson(const v1::LevelProducer& producer) {
  return {{"producer_id", absl::BytesToHexString(producer.producer_id())},
          {"service", ValidUtf8(producer.service())},
          {"instance", ValidUtf8(producer.instance())},
          {"pid", producer.pid()},
          {"host", ValidUtf8(producer.host())},
          {"levels", producer.levels()},
          {"confirmed", producer.confirmed()}};
}

}  // namespace

std::optional<int32_t> ParseLevel(absl::string_view text) {
  int32_t levelno = 0;
  if (absl::SimpleAtoi(text, &levelno)) {
    if (levelno < 0) return std::nullopt;
    return levelno;
  }
  return LevelnoFromName(absl::AsciiStrToUpper(text));
}

bool AllConfirmed(const v1::ListLevelsResponse& levels) {
  return std::all_of(
      levels.producers().begin(), levels.producers().end(),
      [](const v1::LevelProducer& producer) { return producer.confirmed(); });
}

std::string ConfirmationText(const v1::ListLevelsResponse& levels) {
  const auto& producers = levels.producers();
  if (producers.empty()) return "no producer is connected";
  const auto confirmed = std::count_if(
      producers.begin(), producers.end(),
      [](const v1::LevelProducer& producer) { return producer.confirmed(); });
  return absl::StrCat(confirmed, " of ", Counted(producers.size(), "producer"),
                      " confirmed");
}

void PrintLevels(const v1::ListLevelsResponse& levels) {
  PrintRules(levels);
  PrintLine("");
  PrintProducers(levels);
  PrintUntold(levels);
}

Json LevelsJson(const v1::ListLevelsResponse& levels) {
  Json rules = Json::array();
  for (const v1::LevelRule& rule : levels.rules()) {
    rules.push_back(RuleJson(rule));
  }
  Json producers = Json::array();
  for (const v1::LevelProducer& producer : levels.producers()) {
    producers.push_back(ProducerJson(producer));
  }
  return {{"rules", std::move(rules)},
          {"producers", std::move(producers)},
          {"raw_connections", levels.raw_connections()},
          {"anonymous_streams", levels.anonymous_streams()}};
}

void PrintLoggers(const v1::ListLoggersResponse& loggers) {
  if (loggers.records() == 0) {
    PrintLine("no records");
    return;
  }
  std::vector<TableRow> rows = {
      {"logger", "service", "records", "last", "levels"}};
  for (const v1::LoggerSeen& logger : loggers.loggers()) {
    rows.push_back({Printable(logger.logger()), OrDash(logger.service()),
                    absl::StrCat(logger.records()), SecondText(logger.last()),
                    LevelCountsText(logger)});
  }
  PrintTable(rows, "llrll");
  if (loggers.other_records() > 0) {
    PrintLine(absl::StrCat(
        Counted(loggers.other_records(), "record"),
        " of other loggers, which are more than are counted one by one"));
  }
  PrintLine(Styled(absl::StrCat(Counted(loggers.records(), "record"), " since ",
                                SecondText(loggers.since())),
                   Style::kDim));
}

Json LoggersJson(const v1::ListLoggersResponse& loggers) {
  Json list = Json::array();
  for (const v1::LoggerSeen& logger : loggers.loggers()) {
    Json levels = Json::array();
    for (const v1::LevelCount& level : logger.levels()) {
      levels.push_back({{"level", LevelName(level.levelno())},
                        {"levelno", level.levelno()},
                        {"records", level.records()}});
    }
    list.push_back({{"logger", ValidUtf8(logger.logger())},
                    {"service", ValidUtf8(logger.service())},
                    {"records", logger.records()},
                    {"last", FullText(logger.last())},
                    {"levels", std::move(levels)}});
  }
  Json json = {{"loggers", std::move(list)},
               {"other_records", loggers.other_records()},
               {"records", loggers.records()},
               {"since", nullptr}};
  if (loggers.has_since()) json["since"] = FullText(loggers.since());
  return json;
}

}  // namespace logboom
