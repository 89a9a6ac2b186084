#include "tests/fault_client/logged_line.h"

#include <charconv>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace logboom {
namespace {

constexpr absl::string_view kBegin = "line ";
constexpr uint64_t kFillerLengths = 31;

// Takes a number and the space behind it off the front.
template <typename Number>
bool TakeNumber(absl::string_view* text, Number* number) {
  const char* const end = text->data() + text->size();
  const auto [rest, error] = std::from_chars(text->data(), end, *number);
  if (error != std::errc() || rest == end || *rest != ' ') return false;
  text->remove_prefix(static_cast<size_t>(rest - text->data()) + 1);
  return true;
}

}  // namespace

std::string LineSource::ToString() const {
  return absl::StrCat("life ", life, " thread ", thread);
}

void LoggedLine::AppendMessage(std::string* out) const {
  absl::StrAppend(out, kBegin, source.life, " ", source.thread, " ", number,
                  " ");
  out->append(number % kFillerLengths, 'o');
  out->push_back('.');
}

std::string LoggedLine::Message() const {
  std::string message;
  AppendMessage(&message);
  return message;
}

std::optional<LoggedLine> LoggedLine::FromMessage(absl::string_view message) {
  absl::string_view rest = message;
  LoggedLine line;
  if (!absl::ConsumePrefix(&rest, kBegin) ||
      !TakeNumber(&rest, &line.source.life) ||
      !TakeNumber(&rest, &line.source.thread) ||
      !TakeNumber(&rest, &line.number) || line.Message() != message) {
    return std::nullopt;
  }
  return line;
}

}  // namespace logboom
