#ifndef LOGBOOM_SERVER_LOGGING_FORMAT_FORMAT_PIECE_H_
#define LOGBOOM_SERVER_LOGGING_FORMAT_FORMAT_PIECE_H_

#include <string>
#include <vector>

#include "server/logging/format/percent_format.h"
#include "server/logging/format/python_format_spec.h"

namespace logboom {

// What the compilers of the three styles (percent_style.h, brace_style.h,
// dollar_style.h) make of a format, and field_text.h prints.

// A record's field, by the name that RecordFields knows.
struct FieldName {
  std::string name;
  int number = -1;  // RecordFields', once it has been asked for
};

// `[key]` behind a field's name.
struct FieldIndex {
  std::string key;
  int number = -1;  // of a key that is digits
};

struct FormatPiece {
  enum class Kind {
    kLiteral,
    kText,     // str(value)
    kPercent,  // "%…" % value
    kBrace,    // format(value, …)
  };

  Kind kind = Kind::kLiteral;
  // The literal, or the field as written: what prints when there is no value.
  std::string text;
  bool ends_line = false;  // a literal that ends with a line break
  FieldName field;

  // Whether a str prints as it is, but for padding to `width` characters, by
  // far the commonest case. `align` is one of < > ^.
  bool pads_str = false;
  int width = -1;
  char align = '<';
  char fill = ' ';

  PercentSpec percent;  // kPercent

  // kBrace.
  std::vector<FieldIndex> indices;
  char conversion = 0;  // r s a; 0: none
  FormatSpec spec;
  // Where the specification names fields itself ("{x:{w}.{p}}"): what stands
  // before, between and behind them. Then `spec` is made anew for each record.
  std::vector<std::string> spec_texts;
  std::vector<FieldName> spec_fields;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_FORMAT_FORMAT_PIECE_H_
