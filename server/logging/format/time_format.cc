#include "server/logging/format/time_format.h"

#include <locale.h>
#include <time.h>
#include <wchar.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "server/logging/format/utf8.h"

namespace logboom {
namespace {

locale_t CLocale() {
  static const locale_t locale = newlocale(LC_ALL_MASK, "C", nullptr);
  return locale;
}

std::wstring Widen(absl::string_view text) {
  std::wstring wide;
  while (!text.empty()) {
    const Utf8Char c = DecodeUtf8(text);
    wide.push_back(static_cast<wchar_t>(c.code_point));
    text.remove_prefix(c.size);
  }
  return wide;
}

// Modules/timemodule.c, time_strftime: wide characters, a buffer that doubles,
// and an empty result taken as final once it is 256 times the format.
std::string WideStrftime(const std::wstring& format, const struct tm& when) {
  std::wstring buffer;
  size_t written = 0;
  for (size_t size = 1024;; size += size) {
    buffer.resize(size);
    written = wcsftime_l(buffer.data(), size, format.c_str(), &when, CLocale());
    if (written > 0 || size >= 256 * format.size()) break;
  }
  std::string text;
  for (size_t i = 0; i < written; ++i) AppendUtf8(buffer[i], &text);
  return text;
}

}  // namespace

absl::Status TimeFormat::Check(absl::string_view format) {
  for (size_t at = 0; at < format.size();) {
    const Utf8Char c = DecodeUtf8(format.substr(at));
    if (!c.valid || c.code_point == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat("datefmt: byte ", at, " is ",
                       c.valid ? "a NUL character" : "not UTF-8"));
    }
    at += c.size;
  }
  return absl::OkStatus();
}

TimeFormat::TimeFormat(absl::string_view format) : format_(Widen(format)) {
  tzset();  // localtime_r need not
}

bool TimeFormat::Format(int64_t unix_seconds, absl::string_view* text) {
  if (!cached_ || cached_seconds_ != unix_seconds) {
    const time_t seconds = unix_seconds;
    struct tm local;
    cached_ok_ = localtime_r(&seconds, &local) != nullptr;
    cached_text_ = cached_ok_ ? WideStrftime(format_, local) : "";
    cached_seconds_ = unix_seconds;
    cached_ = true;
  }
  *text = cached_text_;
  return cached_ok_;
}

}  // namespace logboom
