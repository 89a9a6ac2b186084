#ifndef LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_
#define LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_

#include <string>
#include <vector>

namespace logboom {

inline constexpr int kSampleRecordBytes = 240;

// So many records of kSampleRecordBytes each, tag and length included, as the
// encoded `records` field of a LogBatch: what Session::Send takes.
std::string SampleBatch(int records);

// The same, each of another logger: that of number `first` and the next ones.
// The lines they make are as long as those of SampleBatch.
std::string SampleBatchOfLoggers(int first, int records);

// As many such batches as have every logger's record once.
std::vector<std::string> SampleBatchesOfLoggers(int loggers, int records);

// An ExportLogsServiceRequest of such records, as encoded by an OTLP client:
// of one resource and one scope, whose name is the logger.
std::string SampleExport(int records);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_SAMPLE_BATCH_H_
