#include "server/logging/format/field_text.h"

#include <optional>

#include "server/logging/format/percent_convert.h"
#include "server/logging/format/python_format.h"
#include "server/logging/format/python_index.h"
#include "server/logging/format/python_text.h"

namespace logboom {
namespace {

std::optional<PyValue> Select(const FormatPiece& piece, const PyValue& value) {
  std::optional<PyValue> part = value;
  for (const FieldIndex& index : piece.indices) {
    part = index.number >= 0 ? Subscript(*part, index.number)
                             : Subscript(*part, absl::string_view(index.key));
    if (!part) break;
  }
  return part;
}

// The specification with the values of the fields it names; nullopt when that
// is none.
std::optional<FormatSpec> FillSpec(const FormatPiece& piece,
                                   RecordFields* fields) {
  std::string text;
  for (size_t i = 0; i < piece.spec_texts.size(); ++i) {
    text.append(piece.spec_texts[i]);
    if (i == piece.spec_fields.size()) break;
    const std::optional<PyValue> value =
        fields->Get(piece.spec_fields[i].number);
    if (!value) return std::nullopt;
    AppendStr(*value, &text);
  }
  const absl::StatusOr<FormatSpec> spec = ParseFormatSpec(text);
  if (!spec.ok()) return std::nullopt;
  return *spec;
}

bool AppendBrace(const FormatPiece& piece, const PyValue& value,
                 RecordFields* fields, std::string* out) {
  const std::optional<PyValue> part = Select(piece, value);
  if (!part) return false;
  const std::optional<FormatSpec> spec =
      piece.spec_fields.empty() ? piece.spec : FillSpec(piece, fields);
  if (!spec) return false;
  std::string converted;
  switch (piece.conversion) {
    case 'r':
      AppendRepr(*part, &converted);
      break;
    case 'a':
      AppendAscii(*part, &converted);
      break;
    case 's':
      AppendStr(*part, &converted);
      break;
    default:
      return AppendFormatted(*spec, *part, out);
  }
  return AppendFormatted(*spec, PyValue::Str(converted), out);
}

}  // namespace

void AddFields(FormatPiece* piece, RecordFields* fields) {
  if (piece->kind == FormatPiece::Kind::kLiteral) return;
  piece->field.number = fields->Add(piece->field.name);
  for (FieldName& field : piece->spec_fields) {
    field.number = fields->Add(field.name);
  }
}

bool AppendFieldText(const FormatPiece& piece, const PyValue& value,
                     RecordFields* fields, std::string* out) {
  switch (piece.kind) {
    case FormatPiece::Kind::kLiteral:
      return false;
    case FormatPiece::Kind::kText:
      AppendStr(value, out);
      return true;
    case FormatPiece::Kind::kPercent:
      return AppendConverted(piece.percent, value, out);
    case FormatPiece::Kind::kBrace:
      return AppendBrace(piece, value, fields, out);
  }
  return false;
}

}  // namespace logboom
