#include "server/config/yaml_reader.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <exception>
#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/config/text_check.h"
#include "server/config/yaml_builder.h"

namespace logboom {
namespace {

absl::Status ErrorAt(const Location& at, absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(at.line, ":", at.column, ": ", message));
}

// Whether the line of the byte at `position` begins with a tab.
bool IsIndentedByTab(absl::string_view text, int position) {
  const absl::string_view before =
      text.substr(0, std::clamp<size_t>(position, 0, text.size()));
  const size_t line = before.rfind('\n') + 1;  // npos + 1 is 0
  const absl::string_view indent =
      text.substr(line, text.find_first_not_of(" \t", line) - line);
  return indent.find('\t') != absl::string_view::npos;
}

// What to do about the commonest of yaml-cpp's messages, '' for the others.
absl::string_view Advice(const std::string& message, absl::string_view text,
                         int position) {
  if (message == YAML::ErrorMsg::UNKNOWN_TOKEN && position >= 0 &&
      static_cast<size_t>(position) < text.size()) {
    switch (text[position]) {
      case '%':
      case '@':
      case '`':
        return "; a value that begins so must be quoted";
      case '\t':
        return "; a tab cannot indent, use spaces";
    }
  }
  if (message == YAML::ErrorMsg::MAP_VALUE && IsIndentedByTab(text, position)) {
    return "; a tab cannot indent, use spaces";
  }
  if (message == YAML::ErrorMsg::MAP_VALUE) {
    return "; a value with ': ' in it must be quoted, and keys of one map "
           "begin in one column";
  }
  if (message == YAML::ErrorMsg::EOF_IN_SCALAR) {
    return "; a quote is not closed";
  }
  if (absl::StartsWith(message, YAML::ErrorMsg::INVALID_UNICODE)) {
    return "; write the character itself, or \\U and eight digits";
  }
  return "";
}

absl::Status SyntaxError(const YAML::Exception& error, absl::string_view text) {
  const std::string message =
      dynamic_cast<const YAML::DeepRecursion*>(&error) != nullptr
          ? absl::StrCat("nested too deeply; at most ", kMaxYamlDepth,
                         " levels")
          : error.msg;
  const Location at{error.mark.line + 1, error.mark.column + 1};
  return ErrorAt(at, absl::StrCat("not YAML: ", message,
                                  Advice(message, text, error.mark.pos)));
}

}  // namespace

absl::StatusOr<YamlNode> ReadYaml(absl::string_view text) {
  if (static_cast<int64_t>(text.size()) > kMaxYamlBytes) {
    return ErrorAt({}, absl::StrCat("too large: ", text.size(),
                                    " bytes; at most ", kMaxYamlBytes));
  }
  if (absl::Status status = CheckText(text); !status.ok()) return status;
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");  // a byte order mark
  std::istringstream stream{std::string(text)};
  YamlBuilder builder(text);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YamlRefusal& refusal) {
    return ErrorAt(refusal.at, refusal.message);
  } catch (const YAML::Exception& error) {
    return SyntaxError(error, text);
  } catch (const std::exception& error) {
    return ErrorAt({}, absl::StrCat("not YAML: ", error.what()));
  }
  return builder.TakeDocument();
}

}  // namespace logboom
