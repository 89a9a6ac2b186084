#ifndef LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_
#define LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_

#include <string>

namespace logboom {

inline constexpr int kSampleRecordBytes = 240;

// So many records of kSampleRecordBytes each, tag and length included, as the
// encoded `records` field of a LogBatch: what Session::Send takes.
std::string SampleBatch(int records);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_
