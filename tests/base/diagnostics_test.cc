#include "base/diagnostics.h"

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace logboom {
namespace {

using testing::internal::CaptureStderr;
using testing::internal::GetCapturedStderr;

TEST(DiagnosticsTest, ALineNamesProgramAndLevel) {
  SetDiagnosticsProgram("logboomd");
  CaptureStderr();
  Diagnose(DiagnosticLevel::kInfo, "listening");
  Diagnose(DiagnosticLevel::kWarning, "disk is nearly full");
  Diagnose(DiagnosticLevel::kError, "");
  EXPECT_EQ(GetCapturedStderr(),
            "logboomd: info: listening\n"
            "logboomd: warning: disk is nearly full\n"
            "logboomd: error: \n");
}

TEST(DiagnosticsTest, APeersBytesCannotForgeALine) {
  constexpr char kText[] = "a\nlogboomd: error: b\r\t\x1b[31m\x7f\0c";
  SetDiagnosticsProgram("logboomd");
  CaptureStderr();
  Diagnose(DiagnosticLevel::kInfo, absl::string_view(kText, sizeof(kText) - 1));
  EXPECT_EQ(GetCapturedStderr(),
            "logboomd: info: a\\x0alogboomd: error: "
            "b\\x0d\\x09\\x1b[31m\\x7f\\x00c\n");
}

TEST(DiagnosticsTest, CharactersBeyondAsciiArePrintedAsTheyAre) {
  SetDiagnosticsProgram("logboomd");
  CaptureStderr();
  Diagnose(DiagnosticLevel::kInfo, "caf\xC3\xA9");
  EXPECT_EQ(GetCapturedStderr(), "logboomd: info: caf\xC3\xA9\n");
}

TEST(DiagnosticsTest, LinesOfSeveralThreadsDoNotMix) {
  SetDiagnosticsProgram("p");
  constexpr int kThreads = 4;
  constexpr int kLines = 200;
  CaptureStderr();
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t] {
      for (int i = 0; i < kLines; ++i) {
        Diagnose(DiagnosticLevel::kInfo, std::string(100, 'a' + t));
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const std::string captured = GetCapturedStderr();
  std::vector<std::string> lines =
      absl::StrSplit(captured, '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), size_t{kThreads * kLines});
  for (int t = 0; t < kThreads; ++t) {
    const std::string whole = "p: info: " + std::string(100, 'a' + t);
    EXPECT_EQ(std::count(lines.begin(), lines.end(), whole), kLines);
  }
}

}  // namespace
}  // namespace logboom
