#ifndef LOGBOOM_TESTS_BENCH_MEMORY_LOAD_H_
#define LOGBOOM_TESTS_BENCH_MEMORY_LOAD_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "tests/bench/load.h"
#include "tests/bench/memory_rows.h"

namespace logboom {

// The messages of a row: one that is sent again and again, or several in turns.
std::vector<std::string> MessagesOf(const MemoryRow& row);

// What sends them to `address` without an end within `length`. Of raw frames
// that stop halfway it sends what there is of them and ends; calls have to be
// stopped by the network.
std::unique_ptr<Load> MakeLoad(const MemoryRow& row,
                               const std::vector<std::string>& messages,
                               const std::string& address,
                               absl::Duration length);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_MEMORY_LOAD_H_
