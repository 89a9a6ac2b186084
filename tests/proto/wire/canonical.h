#ifndef LOGBOOM_TESTS_PROTO_WIRE_CANONICAL_H_
#define LOGBOOM_TESTS_PROTO_WIRE_CANONICAL_H_

#include <string>

#include "absl/strings/string_view.h"
#include "logboom/v1/record.pb.h"
#include "proto/wire/record_view.h"

namespace logboom::testing {

// Two ways to the same bytes: fields in the order of their numbers, ids of the
// wrong length and unknown fields left out, every pair with a value. Equal
// results mean that the reader, the writer and protobuf agree to the last bit.

// As protobuf writes it.
std::string Canonical(v1::LogRecord record);

// Read by RecordView and its views, written by RecordWriter. Values nested
// deeper than kMaxValueDepth are written as None, so that it ends on any bytes.
std::string Rewrite(const RecordView& record);

// The same for one value: an encoded AnyValue.
std::string Canonical(v1::AnyValue value);
std::string Rewrite(const AnyValueView& value);

// Parses with RecordView and rewrites; "ERROR: ..." when it does not parse.
std::string Reread(absl::string_view encoded);

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_PROTO_WIRE_CANONICAL_H_
