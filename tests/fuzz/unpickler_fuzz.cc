#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "proto/wire/structure_check.h"
#include "server/ingest/pickle/python_record.h"
#include "tests/fuzz/fuzz_checks.h"

// Goal: no bytes make the unpickler crash or read past the end, and what it
// makes of them is a record that every reader can read, the same with and
// without the short cut. The decoder is reused, so that one pickle cannot harm
// the next.
namespace {

using logboom::Require;

logboom::PythonRecordOptions Options() {
  logboom::PythonRecordOptions options;
  // Small, so that the limits are met often.
  options.unpickler.max_items = 300;
  options.unpickler.max_text_bytes = 2000;
  options.values.max_items = 500;
  options.values.max_depth = 20;
  options.values.max_bytes = 20'000;
  return options;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static auto& decoder = *new logboom::PythonRecordDecoder(Options());
  const absl::string_view pickle(reinterpret_cast<const char*>(data), size);
  std::string record;
  const absl::Status status = decoder.Decode(pickle, &record);
  if (status.ok()) {
    Require(logboom::CheckRecord(record).ok());
  } else {
    Require(record.empty());
  }
  std::string any;
  Require(decoder.DecodeAny(pickle, &any) == status);
  Require(any == record);
  return 0;
}
