#include "base/diagnostics.h"

#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace logboom {
namespace {

std::string& ProgramName() {
  static auto* name = new std::string("logboom");
  return *name;
}

absl::string_view LevelName(DiagnosticLevel level) {
  switch (level) {
    case DiagnosticLevel::kInfo:
      return "info";
    case DiagnosticLevel::kWarning:
      return "warning";
    case DiagnosticLevel::kError:
      return "error";
  }
  return "error";
}

}  // namespace

void SetDiagnosticsProgram(absl::string_view name) {
  ProgramName() = std::string(name);
}

void Diagnose(DiagnosticLevel level, absl::string_view text) {
  std::string line = absl::StrCat(ProgramName(), ": ", LevelName(level), ": ");
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&line, "\\x%02x", byte);
    } else {
      line.push_back(c);
    }
  }
  line.push_back('\n');
  // A diagnostic that cannot be written has nowhere else to go.
  [[maybe_unused]] const ssize_t written =
      write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace logboom
