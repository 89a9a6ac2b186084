#include "client/record_encoder.h"

#include <cxxabi.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <typeinfo>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/fork_generation.h"
#include "client/string_views.h"
#include "client/value_encoding.h"
#include "proto/wire/level.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

// Tags of LogBatch and LogRecord (proto/logboom/v1/*.proto).
constexpr uint8_t kRecords = 0x0a;
constexpr uint8_t kTime = 0x09;
constexpr uint8_t kBody = 0x2a;
constexpr uint8_t kFlags = 0x45;
constexpr uint8_t kTraceId = 0x4a;
constexpr uint8_t kSpanId = 0x52;
constexpr uint8_t kStringValue = 0x0a;

constexpr char kThreadId[] = "thread.id";
constexpr int kMaxNestedExceptions = 100;

uint64_t Now() {
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<uint64_t>(now.tv_nsec);
}

uint64_t UnixNanos(std::chrono::system_clock::time_point time) {
  const auto since = std::chrono::duration_cast<std::chrono::nanoseconds>(
      time.time_since_epoch());
  return since.count() == 0 ? Now() : static_cast<uint64_t>(since.count());
}

// severity_number, severity_text and levelno.
std::string EncodeLevel(int32_t levelno, absl::string_view name) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.SeverityNumber(SeverityFromLevelno(levelno));
  record.SeverityText(name.empty() ? LevelName(levelno) : name);
  record.Levelno(levelno);
  return encoded;
}

// Of the five levels that have names; empty for any other.
absl::string_view EncodedLevel(int32_t levelno) {
  static const auto& levels = *new std::array<std::string, 5>{
      EncodeLevel(kLevelDebug, ""), EncodeLevel(kLevelInfo, ""),
      EncodeLevel(kLevelWarning, ""), EncodeLevel(kLevelError, ""),
      EncodeLevel(kLevelCritical, "")};
  if (levelno % 10 != 0 || levelno < kLevelDebug || levelno > kLevelCritical) {
    return "";
  }
  return levels[static_cast<size_t>(levelno / 10 - 1)];
}

std::string EncodeThread(uint64_t id) {
  std::string encoded;
  RecordWriter(&encoded).AttributeInt(kThreadId, static_cast<int64_t>(id));
  return encoded;
}

// Of this thread, which may be a fork of the one that was asked about before.
// Without a destructor, as static destructors may log.
absl::string_view EncodedThread() {
  struct Cached {
    uint32_t generation = 0;
    uint32_t size = 0;  // 0: nothing yet
    std::array<char, 40> bytes{};
  };
  static thread_local constinit Cached cached;
  if (cached.size == 0 || cached.generation != ForkGeneration()) {
    const std::string encoded = EncodeThread(static_cast<uint64_t>(gettid()));
    encoded.copy(cached.bytes.data(), cached.bytes.size());
    cached.size = static_cast<uint32_t>(encoded.size());
    cached.generation = ForkGeneration();
  }
  return {cached.bytes.data(), cached.size};
}

bool HasTrace(const TraceContext& trace) {
  return trace.trace_id != std::array<uint8_t, 16>{};
}

template <size_t kSize>
std::string_view View(const std::array<uint8_t, kSize>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), kSize};
}

// Of what std::throw_with_nested throws, the type that it was given: the class
// that it makes of it has a name of the standard library's own.
std::string TypeName(const std::exception& exception) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> demangled(
      abi::__cxa_demangle(typeid(exception).name(), nullptr, nullptr, &status),
      &std::free);
  absl::string_view name =
      status == 0 ? demangled.get() : typeid(exception).name();
  if (absl::EndsWith(name, ">") &&
      (absl::ConsumePrefix(&name, "std::_Nested_exception<") ||
       absl::ConsumePrefix(&name, "std::__1::__nested<"))) {
    name.remove_suffix(1);
    name = absl::StripTrailingAsciiWhitespace(name);
  }
  return std::string(name);
}

absl::string_view What(const std::exception& exception) {
  const char* const what = exception.what();
  return what == nullptr ? "" : what;
}

// "TYPE: what", and a line for each exception nested in it.
std::string DescribeChain(const std::exception& exception, int depth) {
  std::string text = absl::StrCat(TypeName(exception), ": ", What(exception));
  const auto* nested = dynamic_cast<const std::nested_exception*>(&exception);
  if (nested == nullptr || nested->nested_ptr() == nullptr ||
      depth == kMaxNestedExceptions) {
    return text;
  }
  try {
    nested->rethrow_nested();
  } catch (const std::exception& cause) {
    return absl::StrCat(text, "\ncaused by ", DescribeChain(cause, depth + 1));
  } catch (...) {
    return absl::StrCat(text, "\ncaused by an exception of another kind");
  }
}

}  // namespace

std::string EncodeException(const std::exception& exception) {
  std::string encoded;
  RecordWriter record(&encoded);
  record.Attribute("exception.type", TypeName(exception));
  record.Attribute("exception.message", What(exception));
  record.Attribute("exception.stacktrace", DescribeChain(exception, 1));
  return encoded;
}

RecordEncoding::RecordEncoding(const LoggerNode& logger, const Record& record,
                               absl::string_view call_site,
                               const TraceContext* trace)
    : logger_(logger),
      record_(record),
      call_site_(call_site),
      trace_(trace != nullptr && HasTrace(*trace) ? trace : nullptr),
      time_unix_nano_(UnixNanos(record.time)) {
  const auto levelno = static_cast<int32_t>(record.level);
  if (record.level_name.empty()) level_ = EncodedLevel(levelno);
  if (level_.empty()) {
    owned_level_ = EncodeLevel(levelno, ToAbsl(record.level_name));
    level_ = owned_level_;
  }
  if (record.thread_id == 0) {
    thread_ = EncodedThread();
  } else {
    owned_thread_ = EncodeThread(record.thread_id);
    thread_ = owned_thread_;
  }
  if (record.exception != nullptr) {
    exception_ = EncodeException(*record.exception);
  }
  size_t size = 1 + sizeof(uint64_t) + level_.size() +
                FieldSize(FieldSize(record.message.size())) +
                logger.encoded_name.size() + call_site_.size() +
                thread_.size() + exception_.size();
  if (trace_ != nullptr) {
    size += FieldSize(trace_->trace_id.size()) +
            FieldSize(trace_->span_id.size()) + 1 + sizeof(uint32_t);
  }
  for (const Attribute& attribute : record.attributes) {
    size = AddSizes(size, AttributeSize(attribute));
  }
  record_size_ = size;
  size_ = FieldSize(size);
}

void RecordEncoding::Write(char* to) const {
  to = WriteFieldHead(to, kRecords, record_size_);
  *to++ = static_cast<char>(kTime);
  std::memcpy(to, &time_unix_nano_, sizeof(time_unix_nano_));
  to += sizeof(time_unix_nano_);
  to = WriteBytes(to, {level_.data(), level_.size()});
  to = WriteFieldHead(to, kBody, FieldSize(record_.message.size()));
  to = WriteField(to, kStringValue, record_.message);
  for (const Attribute& attribute : record_.attributes) {
    to = WriteAttribute(to, attribute);
  }
  to = WriteBytes(to, {call_site_.data(), call_site_.size()});
  to = WriteBytes(to, {thread_.data(), thread_.size()});
  to = WriteBytes(to, exception_);
  if (trace_ != nullptr) to = WriteTrace(to);
  WriteBytes(to, logger_.encoded_name);
}

char* RecordEncoding::WriteTrace(char* to) const {
  *to++ = static_cast<char>(kFlags);
  std::memcpy(to, &trace_->flags, sizeof(trace_->flags));
  to += sizeof(trace_->flags);
  to = WriteField(to, kTraceId, View(trace_->trace_id));
  return WriteField(to, kSpanId, View(trace_->span_id));
}

}  // namespace logboom
