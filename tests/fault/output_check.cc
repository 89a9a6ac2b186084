#include "tests/fault/output_check.h"

#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"
#include "tests/fault/known_record.h"

namespace logboom {
namespace {

constexpr absl::string_view kHand = "HAND ";

// More than a handler writes at once: a block and a record that passes its end.
constexpr int64_t kMostBytesOfOneWrite = 128 * 1024;

class OutputReader {
 public:
  OutputReader(absl::string_view place, const ExpectedOutput& expected,
               Findings* findings)
      : place_(place),
        expected_(expected),
        findings_(*findings),
        check_(place, findings) {}

  OutputReport Read();
  void CompareWith(const StreamContents& contents) const {
    check_.CompareWith(contents);
  }

 private:
  void FindLost(size_t begin, size_t end);
  void TakeLine(absl::string_view line, int64_t where);
  void TakeHandLine(absl::string_view before, absl::string_view hand,
                    int64_t where);

  const absl::string_view place_;
  const ExpectedOutput& expected_;
  Findings& findings_;
  StreamCheck check_;
  size_t hand_lines_ = 0;  // of the expected ones: the next
  int64_t torn_lines_ = 0;
};

OutputReport OutputReader::Read() {
  std::ifstream file(expected_.path, std::ios::binary);
  file.seekg(expected_.begin);
  int64_t where = expected_.begin;
  std::string line;
  while (std::getline(file, line)) {
    if (file.eof()) {
      check_.TakeUnknown(absl::StrCat("no line break behind ", line),
                         static_cast<uint64_t>(where));
      break;
    }
    TakeLine(line, where);
    where += static_cast<int64_t>(line.size()) + 1;
  }
  FindLost(hand_lines_, expected_.hand_lines.size());
  return {.contents = check_.contents(),
          .torn_lines = torn_lines_,
          .repeated_records = check_.allowed_repeats()};
}

void OutputReader::FindLost(size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    findings_.Add(
        absl::StrCat(place_, ": a line written by hand is lost"),
        absl::StrCat("line ", i, ", written while the server was ",
                     expected_.hand_lines[i].server_dead ? "dead" : "alive"));
  }
}

void OutputReader::TakeLine(absl::string_view line, int64_t where) {
  check_.PassBytes(static_cast<int64_t>(line.size()) + 1);
  if (const auto record = KnownRecord::FromMessage(line)) {
    check_.Take(*record, static_cast<uint64_t>(where));
    return;
  }
  const size_t hand = line.find(kHand);
  if (hand == line.npos) {
    check_.TakeUnknown(line, static_cast<uint64_t>(where));
    return;
  }
  TakeHandLine(line.substr(0, hand), line.substr(hand), where);
}

void OutputReader::TakeHandLine(absl::string_view before,
                                absl::string_view hand, int64_t where) {
  size_t found = hand_lines_;
  while (found < expected_.hand_lines.size() &&
         hand != expected_.hand_lines[found].text) {
    ++found;
  }
  if (found == expected_.hand_lines.size()) {
    check_.TakeUnknown(hand, static_cast<uint64_t>(where));
    return;
  }
  FindLost(hand_lines_, found);
  hand_lines_ = found + 1;
  const HandLine& line = expected_.hand_lines[found];
  if (!before.empty()) {
    ++torn_lines_;
    if (!line.server_dead || !MayBeginMessage(before)) {
      check_.TakeUnknown(before, static_cast<uint64_t>(where));
    }
  }
  if (line.server_dead) check_.AllowRepeats(kMostBytesOfOneWrite);
}

}  // namespace

std::string HandLineText(size_t number, size_t filler_bytes) {
  return absl::StrCat(kHand, number, " ", std::string(filler_bytes, '#'));
}

OutputReport CheckOutput(absl::string_view place,
                         const ExpectedOutput& expected,
                         const StreamContents& contents, Findings* findings) {
  OutputReader reader(place, expected, findings);
  const OutputReport report = reader.Read();
  reader.CompareWith(contents);
  return report;
}

}  // namespace logboom
