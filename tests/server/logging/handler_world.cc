#include "tests/server/logging/handler_world.h"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "server/logging/file_handler.h"

namespace logboom {

HandlerWorld::HandlerWorld() {
  options.handlers = {{.name = "out"}};
  options.root.handlers = {0};
  calls.write = ::write;
  calls.sync = [](int) { return 0; };
}

std::unique_ptr<HandlerRunner> HandlerWorld::NewRunner(
    std::unique_ptr<Handler> handler) {
  tree_ = std::make_unique<LoggerTree>(options);
  if (handler == nullptr) {
    handler = std::make_unique<FileHandler>(path(), truncate, calls);
  }
  HandlerRunner::Parts parts;
  parts.name = "out";
  parts.tree = tree_.get();
  parts.formatter = *Formatter::Create(FormatterOptions(), absl::UnixEpoch());
  parts.handler = std::move(handler);
  parts.delay = delay;
  parts.open_cursor = [this] {
    return std::make_unique<FakeCursor>("out", &disk);
  };
  parts.new_reader = [this](Offset from) { return journal.NewReader(from); };
  parts.start = start;
  parts.retry_pause = absl::Milliseconds(1);
  parts.store_interval = store_interval;
  return std::make_unique<HandlerRunner>(std::move(parts));
}

CursorPosition HandlerWorld::RunToEnd() {
  const std::unique_ptr<HandlerRunner> runner = NewRunner();
  testing::internal::CaptureStderr();
  runner->TakePlace();
  runner->Start();
  runner->Drain();
  runner->Join(absl::InfiniteFuture());
  said = testing::internal::GetCapturedStderr();
  return runner->position();
}

void HandlerWorld::SetOutput(absl::string_view text) const {
  std::ofstream(path(), std::ios::trunc) << text;
}

void HandlerWorld::Append(absl::string_view text) const {
  std::ofstream(path(), std::ios::app) << text;
}

void HandlerWorld::Replace(absl::string_view text) const {
  rename(path().c_str(), (path() + ".1").c_str());
  SetOutput(text);
}

std::string HandlerWorld::Contents(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string MessageOf(int number, size_t bytes) {
  std::string message = absl::StrFormat("record %06d ", number);
  message.resize(bytes, static_cast<char>('a' + number % 26));
  return message;
}

std::vector<std::string> MessagesOf(int first, int count, size_t bytes) {
  std::vector<std::string> messages;
  for (int i = first; i < first + count; ++i) {
    messages.push_back(MessageOf(i, bytes));
  }
  return messages;
}

void ExpectEachOnce(const std::string& output, int count, size_t bytes) {
  size_t last = 0;
  for (int i = 0; i < count; ++i) {
    const std::string line = MessageOf(i, bytes) + "\n";
    const size_t at = output.find(line);
    ASSERT_NE(at, std::string::npos) << "record " << i << " is missing";
    ASSERT_EQ(output.find(line, at + 1), std::string::npos)
        << "record " << i << " is there twice";
    ASSERT_GE(at, last) << "record " << i << " is out of order";
    last = at;
  }
}

}  // namespace logboom
