#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_FIELD_TEXT_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_FIELD_TEXT_H_

#include <string>

#include "server/logging/format/format_piece.h"
#include "server/logging/format/py_value.h"
#include "server/logging/format/record_fields.h"

namespace logboom {

// Has `fields` load what the piece asks for, and notes the numbers in it.
void AddFields(FormatPiece* piece, RecordFields* fields);

// Appends what the piece makes of its field's value in the record loaded last,
// not yet made safe. False where there is none, or Python raises.
bool AppendFieldText(const FormatPiece& piece, const PyValue& value,
                     RecordFields* fields, std::string* out);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_FIELD_TEXT_H_
