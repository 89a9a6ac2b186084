#ifndef LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_CONTENTS_H_
#define LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_CONTENTS_H_

#include <string>
#include <vector>

#include "tests/fault/findings.h"
#include "tests/fault_client/logged_line.h"

namespace logboom {

// The lines in a client's spool that no process has open, settled or not. Finds
// damage, and records that nobody logged.
std::vector<LoggedLine> ReadSpool(const std::string& folder,
                                  Findings* findings);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_CLIENT_SPOOL_CONTENTS_H_
