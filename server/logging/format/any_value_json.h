#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_ANY_VALUE_JSON_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_ANY_VALUE_JSON_H_

#include <string>

#include "proto/wire/record_view.h"

namespace logboom {

// A value as text by OpenTelemetry's "AnyValue representation for non-OTLP
// protocols" (specification, common/README.md): a string as it is, numbers and
// bools as JSON, NaN, Infinity and -Infinity by these names, bytes in base64,
// no value as nothing, arrays and maps as JSON. Inside those, strings, bytes
// and the three names are JSON strings, and no value is null.
//
// The JSON is compact, pairs in the order they came, equal keys all of them; a
// byte that is not UTF-8 becomes U+FFFD. Values nested deeper than any that
// ingest lets in are "...".
void AppendAnyValue(const AnyValueView& value, std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_ANY_VALUE_JSON_H_
