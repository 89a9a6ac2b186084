#ifndef LOGBOOM_CLI_TABLE_H_
#define LOGBOOM_CLI_TABLE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace logboom {

using TableRow = std::vector<std::string>;

// Prints rows in columns, two spaces apart, each as wide as its widest cell (in
// code points of UTF-8). `sides` says where each column's cells stand: 'l' or
// 'r'; its last letter counts for all further columns. Cells must be
// printable.
void PrintTable(const std::vector<TableRow>& rows, absl::string_view sides);

// Text from outside for a terminal's line: control characters (C1 too), line
// separators and marks that change the writing direction are escaped, and so
// is what is not UTF-8.
std::string Printable(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_CLI_TABLE_H_
