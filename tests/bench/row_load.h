#ifndef LOGBOOM_TESTS_BENCH_ROW_LOAD_H_
#define LOGBOOM_TESTS_BENCH_ROW_LOAD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tests/bench/load.h"
#include "tests/bench/service_rows.h"

namespace logboom {

// The messages of a row: one that is sent again and again, or several in turns.
// `pickle` is what Python's SocketHandler sends of a record, without its
// length.
std::vector<std::string> MessagesOf(const ServiceRow& row,
                                    const std::string& pickle);

// What sends them to `address`.
std::unique_ptr<Load> MakeLoad(const ServiceRow& row,
                               const std::vector<std::string>& messages,
                               const std::string& address);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_ROW_LOAD_H_
