#include "tests/fault_client/arrivals.h"

#include <fstream>
#include <optional>

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

// Beyond this a number is not from a test's thread, and no bitmap is made.
constexpr uint64_t kMostLines = uint64_t{1} << 30;

std::string At(const LoggedLine& line, int64_t where) {
  return absl::StrCat(line.source.ToString(), " line ", line.number,
                      ", at byte ", where);
}

}  // namespace

void Arrivals::ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) findings_.Add("output: cannot be read", path);
  int64_t where = 0;
  std::string line;
  while (std::getline(file, line)) {
    if (file.eof()) {
      findings_.Add("output: no line break at the end", line);
    } else {
      Take(line, where);
    }
    where += static_cast<int64_t>(line.size()) + 1;
  }
}

void Arrivals::Take(absl::string_view text, int64_t where) {
  const std::optional<LoggedLine> line = LoggedLine::FromMessage(text);
  if (!line || line->number == 0 || line->number > kMostLines) {
    findings_.Add("output: a line that nobody logged",
                  absl::StrCat(text.substr(0, 200), ", at byte ", where));
    return;
  }
  ++lines_;
  Stream& stream = streams_[line->source];
  if (HasArrived(*line)) {
    findings_.Add("output: a record is there twice", At(*line, where));
    return;
  }
  if (line->number < stream.last) {
    findings_.Add(
        "output: a thread's records are not in order",
        absl::StrCat(At(*line, where), ", behind line ", stream.last));
  } else {
    stream.last = line->number;
    stream.arrived.resize(line->number + 1);
  }
  stream.arrived[line->number] = true;
}

bool Arrivals::HasArrived(const LoggedLine& line) const {
  const auto found = streams_.find(line.source);
  return found != streams_.end() &&
         line.number < found->second.arrived.size() &&
         found->second.arrived[line.number];
}

void Arrivals::ExpectAll(const LineSource& source, uint64_t count) {
  for (uint64_t number = 1; number <= count; ++number) {
    Expect({.source = source, .number = number});
  }
  const auto found = streams_.find(source);
  if (found == streams_.end() || found->second.last <= count) return;
  findings_.Add("output: more than was logged",
                absl::StrCat(source.ToString(), " line ", found->second.last,
                             " of ", count));
}

void Arrivals::Expect(const LoggedLine& line) {
  if (HasArrived(line)) return;
  findings_.Add("output: a record is missing",
                absl::StrCat(line.source.ToString(), " line ", line.number));
}

}  // namespace logboom
