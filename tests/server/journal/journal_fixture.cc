#include "tests/server/journal/journal_fixture.h"

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "absl/strings/str_format.h"
#include "server/journal/segment_name.h"

namespace logboom {

Journal::Done Answer::Expect() {
  return [this](absl::StatusOr<Offset> answer) {
    MutexLock lock(&mu_);
    EXPECT_FALSE(answer_.has_value()) << "answered twice";
    answer_ = std::move(answer);
    given_.NotifyAll();
  };
}

absl::StatusOr<Offset> Answer::Wait() {
  MutexLock lock(&mu_);
  while (!answer_) given_.Wait(&mu_);
  return *answer_;
}

bool Answer::given() const {
  MutexLock lock(&mu_);
  return answer_.has_value();
}

void Gate::Open() {
  MutexLock lock(&mu_);
  open_ = true;
  opened_.NotifyAll();
}

void Gate::WaitUntilOpen() {
  MutexLock lock(&mu_);
  while (!open_) opened_.Wait(&mu_);
}

void JournalFixture::Open() {
  Close();
  auto journal = Journal::Open(&files_, options_);
  ASSERT_TRUE(journal.ok()) << journal.status();
  journal_ = *std::move(journal);
}

void JournalFixture::Kill() {
  std::map<std::string, std::string> files;
  for (const std::string& name : SegmentFiles()) files[name] = ReadFile(name);
  Close();
  for (const auto& [name, bytes] : files) WriteFile(name, bytes);
}

absl::StatusOr<Offset> JournalFixture::Append(absl::string_view payload,
                                              AckDepth depth) {
  Answer answer;
  journal_->Append(EntryOf(payload), depth, answer.Expect());
  return answer.Wait();
}

void JournalFixture::AppendAll(const std::vector<std::string>& payloads) {
  for (const std::string& payload : payloads) {
    const auto offset = Append(payload);
    ASSERT_TRUE(offset.ok()) << offset.status();
  }
}

JournalContents JournalFixture::ReadFrom(Offset from) {
  return ReadToEnd(journal_->NewReader(from).get());
}

JournalContents JournalFixture::ReadToEnd(JournalReader* reader) {
  JournalContents contents;
  while (true) {
    const auto entry = reader->Next();
    if (!entry.ok()) {
      contents.missing = reader->missing_records();
      contents.end = entry.status();
      return contents;
    }
    contents.payloads.emplace_back(entry->payload);
    contents.offsets.push_back(entry->header.first_offset);
  }
}

JournalContents JournalFixture::ReadOffline(EntrySelection selection) {
  const auto reader = OpenJournalForReading(&files_, options_.path, selection);
  EXPECT_TRUE(reader.ok()) << reader.status();
  return reader.ok() ? ReadToEnd(reader->get()) : JournalContents{};
}

std::vector<std::string> JournalFixture::SegmentFiles() const {
  std::vector<std::string> names;
  const auto segments = ListSegments(SystemFiles(), options_.path);
  for (const SegmentName& name : segments.value()) {
    names.push_back(name.FileName());
  }
  return names;
}

std::string JournalFixture::ReadFile(const std::string& name) const {
  std::ifstream file(PathOf(name), std::ios::binary);
  return {std::istreambuf_iterator<char>(file),
          std::istreambuf_iterator<char>()};
}

void JournalFixture::WriteFile(const std::string& name,
                               const std::string& bytes) const {
  // In place: ext4 flushes a file that is truncated and written anew.
  const auto file =
      SystemFiles()->Open(PathOf(name), FileSystem::Mode::kOpenOrCreate);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->WriteAt(0, {bytes}).ok());
  ASSERT_TRUE((*file)->Truncate(static_cast<int64_t>(bytes.size())).ok());
}

absl::StatusOr<Offset> JournalFixture::AppendUntilStored(
    absl::string_view payload) {
  while (true) {
    auto offset = Append(payload);
    if (!absl::IsUnavailable(offset.status())) return offset;
  }
}

std::string PayloadOf(char letter, int number) {
  return absl::StrFormat("%c%07d", letter, number);
}

std::vector<std::string> Payloads(char letter, int count) {
  std::vector<std::string> payloads;
  for (int i = 0; i < count; ++i) payloads.push_back(PayloadOf(letter, i));
  return payloads;
}

}  // namespace logboom
