#include "server/journal/cursor.h"

#include <algorithm>

#include "base/checksum.h"

namespace logboom {
namespace {

// A kernel that kills a process ends its write at a multiple of this.
constexpr int64_t kPageBytes = 4096;

// Names and members, as a LedgerDelta has them (proto/FORMAT.md § 4).
struct NamedCount {
  absl::string_view name;
  uint64_t HandlerCounts::*count;
};

constexpr NamedCount kNamedCounts[] = {
    {"skipped", &HandlerCounts::skipped},
    {"replayed", &HandlerCounts::replayed},
    {"handled", &HandlerCounts::handled},
    {"filtered", &HandlerCounts::filtered},
    {"journal_damaged", &HandlerCounts::journal_damaged},
    {"retention_overtook", &HandlerCounts::retention_overtook},
};

}  // namespace

LedgerCounts HandlerCounts::ToLedger() const {
  LedgerCounts ledger;
  for (const NamedCount& named : kNamedCounts) {
    ledger.Add(named.name, this->*named.count);
  }
  return ledger;
}

HandlerCounts HandlerCounts::FromLedger(const LedgerCounts& ledger) {
  HandlerCounts counts;
  for (const NamedCount& named : kNamedCounts) {
    counts.*named.count = ledger.count(named.name);
  }
  return counts;
}

std::vector<CursorMark::Piece> PiecesOf(absl::string_view text, int64_t begin,
                                        int64_t written) {
  std::vector<CursorMark::Piece> pieces;
  int64_t at = begin;
  while (!text.empty()) {
    int64_t end = (at / kPageBytes + 1) * kPageBytes;
    if (at < written) end = std::min(end, written);
    const absl::string_view piece =
        text.substr(0, static_cast<size_t>(end - at));
    at += static_cast<int64_t>(piece.size());
    pieces.push_back({at, Checksum(piece)});
    text.remove_prefix(piece.size());
  }
  return pieces;
}

}  // namespace logboom
