#include "server/logging/format/percent_style.h"

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

absl::StatusOr<FormatPiece> CompileField(const PercentParser& field) {
  const std::string where =
      absl::StrCat("character ", field.position(), ": '", field.text(), "' ");
  if (!field.has_key()) {
    return absl::InvalidArgumentError(absl::StrCat(
        where, "has no name; accepted: %(name)s, and %% for a percent sign"));
  }
  if (field.star_width() || field.star_precision()) {
    return absl::InvalidArgumentError(
        absl::StrCat(where, "has a *; accepted: a number"));
  }
  FormatPiece piece;
  piece.kind = FormatPiece::Kind::kPercent;
  piece.text = std::string(field.text());
  piece.field.name = std::string(field.key());
  piece.percent = field.spec();
  piece.pads_str =
      piece.percent.conversion == 's' && piece.percent.precision < 0;
  piece.width = piece.percent.width;
  piece.align = piece.percent.left ? '<' : '>';
  return piece;
}

}  // namespace

absl::StatusOr<std::vector<FormatPiece>> CompilePercentStyle(
    absl::string_view format) {
  std::vector<FormatPiece> pieces;
  PercentParser parser(format);
  while (parser.Next()) {
    if (!parser.is_field()) {
      pieces.emplace_back().text = std::string(parser.text());
      continue;
    }
    absl::StatusOr<FormatPiece> field = CompileField(parser);
    if (!field.ok()) return field.status();
    pieces.push_back(*std::move(field));
  }
  if (!parser.ok()) return parser.status();
  if (!HasPercentField(format)) {
    return absl::InvalidArgumentError(
        "no field; at least one with a one-word name is required, such as "
        "%(message)s");
  }
  return pieces;
}

}  // namespace logboom
