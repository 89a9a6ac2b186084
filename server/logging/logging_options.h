#ifndef LOGBOOM_SERVER_LOGGING_LOGGING_OPTIONS_H_
#define LOGBOOM_SERVER_LOGGING_LOGGING_OPTIONS_H_

#include <cstdint>
#include <string>
#include <vector>

namespace logboom {

// What the `logging:` section of a configuration says, checked and with names
// resolved; as logging.config.dictConfig reads it. Plain data.

// What becomes of line breaks inside a record's text.
enum class Newlines {
  kIndent,  // a line break, and continuation lines begin with "    | "
  kEscape,  // \n
  kRaw,     // as Python: text can be forged
};

// How a format names its fields: logging.Formatter's `style`.
enum class FormatStyle {
  kPercent,  // %(name)s
  kBrace,    // {name}
  kDollar,   // $name, ${name}
};

struct FormatterOptions {
  FormatStyle style = FormatStyle::kPercent;
  std::string format = "%(message)s";  // empty: the style's message field
  // strftime; empty: Python's default_time_format and default_msec_format.
  std::string datefmt;
  Newlines newlines = Newlines::kIndent;
};

struct HandlerOptions {
  enum class Kind { kStream, kFile, kNull };
  enum class Stream { kStdout, kStderr };
  enum class Start { kHead, kBeginning };

  std::string name;
  Kind kind = Kind::kStream;
  Stream stream = Stream::kStderr;  // StreamHandler
  std::string filename;             // FileHandler
  // FileHandler: empty the file at start ("w") instead of appending ("a").
  bool truncate = false;
  // FileHandler: open at the first record.
  bool delay = false;
  int32_t level = 0;
  // Names of logging.Filter: a record passes when each is its logger or an
  // ancestor of it; '' passes all.
  std::vector<std::string> filters;
  FormatterOptions formatter;
  Start start = Start::kHead;
};

struct LoggerOptions {
  std::string name;  // '' is the root
  int32_t level = 0;
  bool propagate = true;
  // Indices into LoggingOptions::handlers, in the order of attachment; one may
  // stand once only, as Logger.addHandler has it.
  std::vector<int> handlers;
  std::vector<std::string> filters;
};

struct LoggingOptions {
  std::vector<HandlerOptions> handlers;
  std::vector<LoggerOptions> loggers;  // without the root
  LoggerOptions root{.level = 30};     // Python's: WARNING
  // Turns the level of a record's logger on; Python's Logger.handle ignores it.
  bool apply_logger_levels = false;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_LOGGING_OPTIONS_H_
