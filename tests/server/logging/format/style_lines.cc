#include "tests/server/logging/format/style_lines.h"

#include "gtest/gtest.h"
#include "server/logging/format/formatter.h"
#include "tests/server/logging/format/golden_cases.h"

namespace logboom {
namespace {

// generate.py's START: 1700000000.25 seconds.
const absl::Time kStart = absl::FromUnixMillis(1700000000250);

std::string Line(const FormatterOptions& options, const std::string& encoded) {
  const auto formatter = Formatter::Create(options, kStart);
  if (!formatter.ok()) return std::string(formatter.status().message());
  const auto record = RecordView::Parse(encoded);
  EXPECT_TRUE(record.ok()) << record.status();
  std::string out;
  (*formatter)
      ->Format(MakeLogEvent(*record, MapView(),
                            absl::FromUnixSeconds(1700000009), 7),
               &out);
  return out;
}

}  // namespace

std::string StyleLine(FormatStyle style, const std::string& format,
                      const nlohmann::json& record) {
  return Line({.style = style, .format = format}, GoldenRecord(record));
}

int CompareGoldenLines(absl::string_view group, FormatStyle style) {
  const auto& records = GoldenCases("records");
  int compared = 0;
  for (const auto& golden : GoldenCases(group)) {
    const ScopedTimeZone zone(golden[0]);
    const FormatterOptions options{.style = style,
                                   .format = golden[1],
                                   .datefmt = golden[2],
                                   .newlines = Newlines::kRaw};
    const std::string line =
        Line(options, GoldenRecord(records[golden[3].get<int>()]));
    EXPECT_EQ(line, golden[4].get<std::string>()) << golden;
    if (line != golden[4].get<std::string>()) break;
    ++compared;
  }
  return compared;
}

}  // namespace logboom
