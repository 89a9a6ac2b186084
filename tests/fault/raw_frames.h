#ifndef LOGBOOM_TESTS_FAULT_RAW_FRAMES_H_
#define LOGBOOM_TESTS_FAULT_RAW_FRAMES_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "tests/fault/known_record.h"

namespace logboom {

// Frames for the raw TCP port (proto/FORMAT.md § 5), appended to a string.

// One LogRecord in protobuf.
void AppendRecordFrame(const KnownRecord& record, std::string* out);

// A LogBatch of `count` records from `first` on.
void AppendBatchFrame(const KnownRecord& first, uint64_t count,
                      std::string* out);

// A pickle as SocketHandler sends it: a dict by protocol 1.
void AppendPickleFrame(const KnownRecord& record, std::string* out);

// A frame that is neither.
void AppendUndecodableFrame(std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_TESTS_FAULT_RAW_FRAMES_H_
