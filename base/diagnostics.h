#ifndef LOGBOOM_BASE_DIAGNOSTICS_H_
#define LOGBOOM_BASE_DIAGNOSTICS_H_

#include "absl/strings/string_view.h"

namespace logboom {

// What a program says about itself: lines on stderr, `PROGRAM: LEVEL: text`.
// They are for the operator, and never enter the journal.
enum class DiagnosticLevel { kInfo, kWarning, kError };

// The name before the first colon. Call once, before any thread starts.
void SetDiagnosticsProgram(absl::string_view name);

// Writes one line with one write(2), so that lines of several threads do not
// mix. Control characters in `text` are printed as \xNN: a peer's bytes cannot
// forge a line. Never blocks on anything but stderr itself. Thread-safe.
void Diagnose(DiagnosticLevel level, absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_BASE_DIAGNOSTICS_H_
