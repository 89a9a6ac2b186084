#ifndef LOGBOOM_TESTS_BENCH_SERVICE_TABLE_H_
#define LOGBOOM_TESTS_BENCH_SERVICE_TABLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/bench/row_run.h"
#include "tests/bench/service_rows.h"

namespace logboom {

// A row and what it came to.
struct MeasuredRow {
  ServiceRow row;
  RowFigures figures;  // medians
  // Why there are none, or what is to be known of them; empty: nothing.
  std::string note;
  bool measured = false;
};

RowFigures MediansOf(const std::vector<RowFigures>& runs);

// The table on stdout, row by row as they come.
void PrintHeading();
void PrintRow(const MeasuredRow& row);

// How each row with a floor or peer compares with it.
void PrintComparisons(const std::vector<MeasuredRow>& rows);

// Everything, with the machine and the versions, for plot_service.py. Errors:
// the file cannot be written.
absl::Status WriteJson(const std::string& path, int runs,
                       const std::vector<MeasuredRow>& rows);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SERVICE_TABLE_H_
