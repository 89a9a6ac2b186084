// `logboom send`

#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/exit_codes.h"
#include "base/units.h"
#include "cli/commands.h"
#include "cli/event.h"
#include "cli/line_reader.h"
#include "cli/output.h"
#include "cli/record_sink.h"

namespace logboom {
namespace {

constexpr char kExamples[] =
    "Examples:\n"
    "  logboom send --sample\n"
    "  logboom send --logger shop.cart --level WARNING \"stock low\" sku=A7 "
    "left=3\n"
    "  tail -F app.log | logboom send --logger app --stdin\n"
    "  echo '{\"message\": \"paid\", \"level\": \"INFO\", \"amount\": 12.5}' | "
    "logboom send --stdin --json\n"
    "\n"
    "Exit code 0 means that every record was acknowledged: it is on the "
    "server's disk.\n"
    "With --tcp there are no acknowledgements: 0 means that all bytes were "
    "written and\n"
    "that the server closed the connection after us.\n";

struct SendOptions {
  std::string server = "localhost:4317";
  std::string tcp;
  std::string service = "logboom";
  std::string timeout = "10s";
  std::string logger = "root";
  std::string level = "INFO";
  std::string message;
  std::vector<std::string> attributes;
  bool sample = false;
  bool from_stdin = false;
  bool json = false;
  bool text_values = false;
};

// Collects records up to a batch's size and hands the batches to a sink.
class BatchingSender {
 public:
  explicit BatchingSender(RecordSink* sink)
      : sink_(*sink), max_batch_bytes_(sink->max_batch_bytes()) {}

  absl::Status Add(const Event& event) {
    const size_t before = records_.size();
    AppendRecord(event, &records_);
    ++count_;
    if (before == 0 || records_.size() <= max_batch_bytes_) {
      return absl::OkStatus();
    }
    // The last one does not fit beside the others.
    std::string last = records_.substr(before);
    records_.resize(before);
    --count_;
    absl::Status status = Flush();
    records_ = std::move(last);
    count_ = 1;
    return status;
  }

  absl::Status Flush() {
    if (count_ == 0) return absl::OkStatus();
    absl::Status status = sink_.Send(records_, count_);
    sent_ += count_;
    records_.clear();
    count_ = 0;
    return status;
  }

  // Records handed to the sink.
  int64_t sent() const { return sent_; }

 private:
  RecordSink& sink_;
  const size_t max_batch_bytes_;
  std::string records_;
  int64_t count_ = 0;
  int64_t sent_ = 0;
};

Event EventOf(const SendOptions& options) {
  Event event;
  event.time = absl::Now();
  event.logger = options.logger;
  event.level = *ParseEventLevel(options.level);
  event.body = options.message;
  for (const std::string& attribute : options.attributes) {
    const size_t equals = attribute.find('=');
    const std::string value = attribute.substr(equals + 1);
    event.attributes[attribute.substr(0, equals)] =
        options.text_values ? nlohmann::ordered_json(value)
                            : ParseTypedValue(value);
  }
  return event;
}

absl::StatusOr<Event> EventOfLine(const LineReader::Line& line,
                                  const SendOptions& options) {
  if (line.too_long) {
    return absl::InvalidArgumentError(
        absl::StrCat("longer than ", FormatSize(LineReader::kMaxLineBytes)));
  }
  Event event = EventOf(options);
  if (options.json) return ParseJsonEvent(line.text, event);
  event.body = std::string(line.text);
  return event;
}

// Sends every good line and says which were not. INVALID_ARGUMENT: some were
// not; another error: the sink takes no more.
absl::Status SendLines(const SendOptions& options, BatchingSender& sender) {
  LineReader reader(STDIN_FILENO);
  int64_t bad_lines = 0;
  while (true) {
    absl::StatusOr<std::optional<LineReader::Line>> line = reader.Next();
    if (!line.ok()) return line.status();
    if (!line->has_value()) break;
    const absl::StatusOr<Event> event = EventOfLine(**line, options);
    if (event.ok()) {
      if (absl::Status status = sender.Add(*event); !status.ok()) return status;
    } else {
      ++bad_lines;
      PrintError(absl::StrCat("stdin:", (*line)->number, ": ",
                              event.status().message()));
    }
    if (reader.HasLine()) continue;
    if (absl::Status status = sender.Flush(); !status.ok()) return status;
  }
  if (bad_lines == 0) return sender.Flush();
  return absl::InvalidArgumentError(
      absl::StrCat(Counted(bad_lines, "line"), " not sent"));
}

absl::Status SendEvents(const std::vector<Event>& events,
                        BatchingSender& sender) {
  for (const Event& event : events) {
    if (absl::Status status = sender.Add(event); !status.ok()) return status;
  }
  return sender.Flush();
}

absl::StatusOr<std::unique_ptr<RecordSink>> OpenSink(
    const SendOptions& options) {
  const absl::Duration timeout = *ParseDuration(options.timeout);
  if (!options.tcp.empty()) return OpenTcpSink(options.tcp, timeout);
  return OpenGrpcSink(options.server, options.service, timeout);
}

int RunSend(const SendOptions& options) {
  absl::StatusOr<std::unique_ptr<RecordSink>> sink = OpenSink(options);
  if (!sink.ok()) {
    PrintError(sink.status().message());
    return absl::IsInvalidArgument(sink.status()) ? kExitMisused : kExitFailed;
  }
  BatchingSender sender(sink->get());
  absl::Status sent;
  if (options.from_stdin) {
    sent = SendLines(options, sender);
  } else if (options.sample) {
    sent = SendEvents(SampleEvents(absl::Now()), sender);
  } else {
    sent = SendEvents({EventOf(options)}, sender);
  }
  const absl::Status closed = (*sink)->Close();
  if (closed.ok()) {
    PrintLine(absl::StrCat(Counted(sender.sent(), "record"), " ",
                           (*sink)->promise()));
  } else {
    PrintError(closed.message());
  }
  // What Close said covers an error of sending, but not lines left out.
  if (!sent.ok() && (closed.ok() || absl::IsInvalidArgument(sent))) {
    PrintError(sent.message());
  }
  return sent.ok() && closed.ok() ? kExitDone : kExitFailed;
}

std::string CheckLevel(const std::string& text) {
  if (ParseEventLevel(text).has_value()) return "";
  return "not a level: " + text + " (DEBUG, INFO, WARNING, ERROR, CRITICAL, " +
         "or a number on Python's scale)";
}

std::string CheckTimeout(const std::string& text) {
  return std::string(ParseDuration(text).status().message());
}

std::string CheckAttribute(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals != std::string::npos && equals != 0) return "";
  return "not key=value: " + text;
}

void AddWhat(CLI::App& command, SendOptions& options) {
  CLI::Option* sample =
      command.add_flag("--sample", options.sample,
                       "Send the five events of Python's logging cookbook");
  CLI::Option* from_stdin =
      command
          .add_flag("--stdin", options.from_stdin,
                    "Send a record for each line of standard input")
          ->excludes(sample);
  command
      .add_flag("--json", options.json,
                "The lines are JSON objects with message, logger, level, time "
                "and attributes; other keys become attributes")
      ->needs(from_stdin);
  command.add_option("--logger", options.logger, "Logger name, dotted")
      ->capture_default_str()
      ->excludes(sample);
  command
      .add_option("--level", options.level,
                  "Level: a name or a number on Python's scale")
      ->capture_default_str()
      ->check(CheckLevel)
      ->excludes(sample);
  command.add_option("message", options.message, "The message")
      ->excludes(sample)
      ->excludes(from_stdin);
  command
      .add_option("attributes", options.attributes,
                  "Attributes, key=value: true, false and numbers are typed")
      ->check(CheckAttribute);
  command.add_flag("--string", options.text_values,
                   "Take every attribute's value as text");
}

void AddWhere(CLI::App& command, SendOptions& options) {
  CLI::Option* server =
      command.add_option("--server", options.server, "The server's gRPC port")
          ->capture_default_str();
  command
      .add_option("--tcp", options.tcp,
                  "Send protobuf frames to this raw port instead, host:port; "
                  "it acknowledges nothing")
      ->excludes(server);
  command
      .add_option("--service", options.service,
                  "service.name of the session's resource")
      ->capture_default_str();
  command
      .add_option("--timeout", options.timeout,
                  "How long to wait for the server without news from it")
      ->capture_default_str()
      ->check(CheckTimeout);
}

}  // namespace

void AddSendCommand(CLI::App& app, int& exit_code) {
  auto options = std::make_shared<SendOptions>();
  CLI::App* command = app.add_subcommand("send", "Send log records");
  command->footer(kExamples);
  AddWhat(*command, *options);
  AddWhere(*command, *options);
  command->callback([command, options, &exit_code] {
    if (!options->sample && !options->from_stdin &&
        command->get_option("message")->count() == 0) {
      throw CLI::RequiredError("A message, --sample or --stdin");
    }
    exit_code = RunSend(*options);
  });
}

}  // namespace logboom
