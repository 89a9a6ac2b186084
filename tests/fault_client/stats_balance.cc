#include "tests/fault_client/stats_balance.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace logboom {

std::string ClientStatsText(const ClientStats& stats) {
  const std::pair<const char*, int64_t> counts[] = {
      {"acknowledged", stats.acknowledged},
      {"rejected", stats.rejected},
      {"pending", stats.pending},
      {"spooled", stats.spooled},
      {"lost: buffer_full", stats.lost_buffer_full},
      {"spool_full", stats.lost_spool_full},
      {"encode_failed", stats.lost_encode_failed},
      {"shut_down", stats.lost_shut_down},
      {"forked", stats.lost_forked},
      {"left by earlier runs", stats.left_by_earlier_runs},
      {"connections", stats.connections}};
  std::string text = absl::StrCat("logged ", stats.logged);
  for (const auto& [name, count] : counts) {
    if (count != 0) absl::StrAppend(&text, ", ", name, " ", count);
  }
  return text;
}

void CheckBalance(const ClientStats& stats, int64_t calls,
                  absl::string_view place, Findings* findings) {
  const int64_t sum =
      stats.acknowledged + stats.rejected + stats.lost() + stats.pending;
  if (stats.logged != sum) {
    findings->Add("stats: logged is not the sum of the rest",
                  absl::StrCat(place, ": ", ClientStatsText(stats)));
  }
  if (stats.logged != calls) {
    findings->Add(
        "stats: logged is not the calls that were made",
        absl::StrCat(place, ": ", calls, " calls; ", ClientStatsText(stats)));
  }
}

}  // namespace logboom
