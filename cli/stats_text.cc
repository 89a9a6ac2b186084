#include "cli/stats_text.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/output.h"
#include "cli/table.h"

namespace logboom {
namespace {

// Gaps named one by one; a journal in ruins has thousands.
constexpr size_t kMaxRanges = 20;

using Row = TableRow;

void PrintFact(absl::string_view name, absl::string_view value) {
  PrintLine(absl::StrFormat("%-10s %s", name, value));
}

void PrintFacts(const StatsReport& report) {
  const JournalStats& stats = report.stats;
  const JournalId& id = stats.journal_id;
  PrintFact("journal", report.folder);
  PrintFact("id",
            stats.segments == 0
                ? "none yet"
                : absl::BytesToHexString(absl::string_view(
                      reinterpret_cast<const char*>(id.data()), id.size())));
  PrintFact("segments",
            absl::StrCat(stats.segments, ", ", stats.bytes, " bytes"));
  PrintFact("records",
            absl::StrCat("oldest kept ", stats.oldest, ", head ", stats.head));
  PrintFact("producers", absl::StrCat(stats.producers, " remembered"));
}

void AddReasons(absl::string_view side, const LedgerCounts& counts,
                std::vector<Row>* rows) {
  for (const auto& [reason, count] : counts.by_name()) {
    rows->push_back({absl::StrCat("  ", side, " ", absl::CHexEscape(reason)),
                     absl::StrCat(count)});
  }
}

void PrintIngest(const IngestBalance& ingest) {
  PrintLine("");
  PrintLine(absl::StrCat("received ", ingest.received(), " = stored ",
                         ingest.stored, " + rejected ", ingest.rejected.sum(),
                         " + lost ", ingest.lost.sum()));
  std::vector<Row> rows;
  AddReasons("rejected:", ingest.rejected, &rows);
  AddReasons("lost:", ingest.lost, &rows);
  AddReasons("lost before they came:", ingest.before, &rows);
  PrintTable(rows, "lr");
}

void PrintHandlers(const std::vector<HandlerBalance>& handlers) {
  if (handlers.empty()) return;
  const bool moved = std::any_of(
      handlers.begin(), handlers.end(), [](const HandlerBalance& handler) {
        return handler.counts.skipped > 0 || handler.counts.replayed > 0;
      });
  std::vector<Row> rows = {
      {"handler", "stored", "= handled", "+ filtered", "+ pending", "+ lost"}};
  if (moved) rows[0].insert(rows[0].end(), {"+ skipped", "- replayed"});
  for (const HandlerBalance& handler : handlers) {
    const HandlerCounts& counts = handler.counts;
    Row row = {absl::CHexEscape(handler.name)};
    for (const uint64_t count :
         {handler.stored, counts.handled, counts.filtered, handler.pending,
          handler.lost().sum(), counts.skipped, counts.replayed}) {
      if (row.size() < rows[0].size()) row.push_back(absl::StrCat(count));
    }
    rows.push_back(std::move(row));
  }
  PrintLine("");
  PrintTable(rows, "lr");
}

// What the table has no room for.
void PrintHandlerNotes(const HandlerBalance& handler) {
  const std::string name = absl::CHexEscape(handler.name);
  if (const LedgerCounts lost = handler.lost(); !lost.empty()) {
    std::string text = absl::StrCat("  ", name, " lost: ", lost.ToString());
    if (handler.overtaken > 0) {
      absl::StrAppend(&text, " (", handler.overtaken,
                      " of them not yet counted in its cursor)");
    }
    PrintLine(text);
  }
  if (const int64_t difference = handler.difference(); difference != 0) {
    PrintLine(Styled(
        absl::StrCat(
            "  ", name, ": the balance does not close: the right side has ",
            std::abs(difference), difference > 0 ? " too few" : " too many"),
        Style::kBad));
  }
}

std::string RangeText(const OffsetRange& range) {
  const Offset last = range.end - 1;
  if (last == range.begin) return absl::StrCat(last);
  return absl::StrCat(range.begin, " to ", last);
}

void PrintVerification(const JournalVerification& verification) {
  const OffsetRange& expected = verification.expected;
  const uint64_t records = expected.end - expected.begin;
  PrintLine("");
  if (verification.missing.empty()) {
    PrintLine(Styled(absl::StrCat("verified: all ", records,
                                  " records are "
                                  "there"),
                     Style::kGood));
    return;
  }
  PrintLine(Styled(absl::StrCat("verified: ", verification.missing_records(),
                                " of ", records, " records are missing"),
                   Style::kBad));
  size_t printed = 0;
  for (const OffsetRange& range : verification.missing) {
    if (++printed > kMaxRanges) break;
    PrintLine(absl::StrCat("  ", RangeText(range)));
  }
  if (printed > kMaxRanges) {
    PrintLine(absl::StrCat(
        "  and in ", verification.missing.size() - kMaxRanges, " more places"));
  }
}

}  // namespace

void PrintStats(const StatsReport& report) {
  PrintFacts(report);
  PrintIngest(report.stats.ingest);
  PrintHandlers(report.stats.handlers);
  for (const HandlerBalance& handler : report.stats.handlers) {
    PrintHandlerNotes(handler);
  }
  for (const std::string& name : report.stats.foreign_cursors) {
    PrintLine(absl::StrCat("  ", absl::CHexEscape(name),
                           ": its cursor is another journal's"));
  }
  if (report.verification) PrintVerification(*report.verification);
}

}  // namespace logboom
