#ifndef LOGBOOM_TESTS_BENCH_MACHINE_DESCRIPTION_H_
#define LOGBOOM_TESTS_BENCH_MACHINE_DESCRIPTION_H_

#include <map>
#include <string>

namespace logboom {

// What figures depend on: the processor, the kernel, the compiler, and the
// versions of gRPC, Python and rsyslog, as far as they are there.
std::map<std::string, std::string> DescribeMachine();

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_MACHINE_DESCRIPTION_H_
