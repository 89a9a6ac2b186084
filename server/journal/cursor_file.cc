#include "server/journal/cursor_file.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"

namespace logboom {
namespace {

// With room for the mark of a text of 1 MiB.
constexpr int64_t kFileBytes = 16 * 1024;

constexpr int64_t SlotAt(int slot) {
  return slot * static_cast<int64_t>(kCursorSlotBytes);
}

// Fewer bytes only at the file's end.
absl::StatusOr<std::string> ReadBytes(File* file, int64_t position,
                                      size_t size) {
  std::string bytes(size, '\0');
  LOGBOOM_ASSIGN_OR_RETURN(
      const size_t got,
      file->ReadAt(position, absl::MakeSpan(bytes.data(), bytes.size())));
  bytes.resize(got);
  return bytes;
}

// One slot as it was read.
struct FoundSlot {
  absl::Status read;  // whether its bytes could be had
  std::string bytes;
  bool zeros = false;
  absl::StatusOr<CursorSlot> slot;

  bool whole() const { return slot.ok(); }
};

FoundSlot ReadSlot(File* file, int slot) {
  absl::StatusOr<std::string> bytes =
      ReadBytes(file, SlotAt(slot), kCursorSlotBytes);
  if (!bytes.ok()) return {.read = bytes.status(), .slot = bytes.status()};
  FoundSlot found;
  found.zeros = std::all_of(bytes->begin(), bytes->end(),
                            [](char byte) { return byte == '\0'; });
  found.slot = DecodeCursorSlot(*bytes);
  found.bytes = *std::move(bytes);
  return found;
}

using FoundSlots = std::array<FoundSlot, kCursorSlots>;

// nullopt: none is whole.
std::optional<int> NewestOf(const FoundSlots& slots) {
  if (!slots[0].whole() && !slots[1].whole()) return std::nullopt;
  if (!slots[0].whole()) return 1;
  if (!slots[1].whole()) return 0;
  return slots[1].slot->generation > slots[0].slot->generation ? 1 : 0;
}

std::string ProblemWithout(const FoundSlots& slots) {
  if (slots[0].zeros && slots[1].zeros) {
    return "empty, as a power cut during the first store leaves it: not used";
  }
  return absl::StrCat("no slot is whole (", slots[0].slot.status().message(),
                      "; ", slots[1].slot.status().message(), "): not used");
}

std::string ProblemBeside(const FoundSlot& newest, const FoundSlot& other) {
  // Only beside the first generation is the other slot still to be written.
  const bool unwritten = other.zeros &&
                         other.bytes.size() == kCursorSlotBytes &&
                         newest.slot->generation == 1;
  if (other.whole() || unwritten) return "";
  return absl::StrCat("one of the slots is damaged (",
                      other.slot.status().message(), "): the other, offset ",
                      newest.slot->position.offset, ", is used");
}

// nullopt: no whole mark, or it cannot be read: the slot says enough.
std::optional<EncodedCursorMark> ReadMark(File* file) {
  const auto head = ReadBytes(file, kCursorMarkAt, kCursorMarkHeadBytes);
  if (!head.ok()) return std::nullopt;
  const std::optional<int64_t> size = CursorMarkBytes(*head);
  const absl::StatusOr<int64_t> file_size = file->Size();
  if (!size || !file_size.ok() || *size > *file_size - kCursorMarkAt) {
    return std::nullopt;
  }
  const auto bytes = ReadBytes(file, kCursorMarkAt, static_cast<size_t>(*size));
  return bytes.ok() ? DecodeCursorMark(*bytes) : std::nullopt;
}

std::string BootIdOf(FileSystem* files) {
  return files->BootId().substr(0, kBootIdBytes);
}

void AddMark(EncodedCursorMark mark, const std::string& boot_id,
             CursorFileContents* contents) {
  if (!boot_id.empty() && mark.boot_id == boot_id &&
      mark.generation >= contents->last_generation) {
    contents->mark = std::move(mark.mark);
  }
  // The next slot's is above the mark's too, and makes it void.
  contents->last_generation =
      std::max(contents->last_generation, mark.generation);
}

}  // namespace

absl::StatusOr<CursorFileContents> ReadCursorFile(FileSystem* files,
                                                  const std::string& path) {
  LOGBOOM_ASSIGN_OR_RETURN(const std::unique_ptr<File> file,
                           files->Open(path, FileSystem::Mode::kRead));
  FoundSlots slots = {ReadSlot(file.get(), 0), ReadSlot(file.get(), 1)};
  CursorFileContents contents;
  const std::optional<int> newest = NewestOf(slots);
  if (!newest) {
    for (const FoundSlot& slot : slots) LOGBOOM_RETURN_IF_ERROR(slot.read);
    contents.problem = ProblemWithout(slots);
    return contents;
  }
  FoundSlot& found = slots[static_cast<size_t>(*newest)];
  contents.problem =
      ProblemBeside(found, slots[static_cast<size_t>(1 - *newest)]);
  contents.newest = *std::move(found.slot);
  contents.newest_slot = *newest;
  contents.newest_bytes = std::move(found.bytes);
  contents.last_generation = contents.newest->generation;

  if (auto mark = ReadMark(file.get())) {
    AddMark(*std::move(mark), BootIdOf(files), &contents);
  }
  return contents;
}

CursorFile::CursorFile(FileSystem* files, std::string path, std::string name,
                       const JournalId& journal_id, CursorFileContents contents)
    : files_(*files),
      path_(std::move(path)),
      name_(std::move(name)),
      journal_id_(journal_id),
      boot_id_(BootIdOf(files)) {
  if (!contents.newest || contents.newest->journal_id != journal_id) return;
  stored_ = contents.newest->position;
  mark_ = std::move(contents.mark);
  present_slot_ = contents.newest_slot;
  present_bytes_ = std::move(contents.newest_bytes);
  generation_ = contents.last_generation;
}

absl::Status CursorFile::Begin() {
  const std::filesystem::path folder =
      std::filesystem::path(path_).parent_path();
  LOGBOOM_RETURN_IF_ERROR(files_.CreateFolder(folder.string()));
  LOGBOOM_ASSIGN_OR_RETURN(std::unique_ptr<File> file,
                           files_.Open(path_, FileSystem::Mode::kOpenOrCreate));
  LOGBOOM_RETURN_IF_ERROR(file->Allocate(kFileBytes));
  LOGBOOM_RETURN_IF_ERROR(WriteWhatCounts(file.get()));
  LOGBOOM_RETURN_IF_ERROR(file->Sync());
  LOGBOOM_RETURN_IF_ERROR(files_.SyncFolder(folder.string()));
  LOGBOOM_RETURN_IF_ERROR(files_.SyncFolder(folder.parent_path().string()));
  file_ = std::move(file);
  present_bytes_.clear();
  return absl::OkStatus();
}

absl::Status CursorFile::WriteWhatCounts(File* file) const {
  if (present_slot_) {
    // It must be durable before the other slot is overwritten. A failed sync
    // may have left it clean: only what is written again is sure to be synced.
    return file->WriteAt(SlotAt(*present_slot_), {present_bytes_});
  }
  // Nothing that is there now, greater generations for one, may ever count
  // again. Not by cutting: on a full disk the file keeps the space it has.
  const std::string zeros(static_cast<size_t>(kFileBytes), '\0');
  return file->WriteAt(0, {zeros});
}

absl::Status CursorFile::Store(const CursorPosition& position) {
  LOGBOOM_RETURN_IF_ERROR(BeginGeneration());
  return WriteSlot(position);
}

absl::Status CursorFile::StoreMarked(const CursorPosition& before,
                                     const CursorPosition& after,
                                     absl::string_view text, int64_t written) {
  LOGBOOM_RETURN_IF_ERROR(BeginGeneration());
  LOGBOOM_RETURN_IF_ERROR(WriteMark(
      {before, after, PiecesOf(text, before.output.size_bytes, written)}));
  return WriteSlot(before);
}

absl::Status CursorFile::BeginGeneration() {
  if (file_ == nullptr) LOGBOOM_RETURN_IF_ERROR(Begin());
  // A slot that could not be synced may be found all the same, and a mark may
  // have followed it: its generation is not given again.
  generation_ = present_slot_ ? generation_ + 1 : 1;
  return absl::OkStatus();
}

absl::Status CursorFile::WriteSlot(const CursorPosition& position) {
  const std::string bytes =
      EncodeCursorSlot({generation_, journal_id_, position});
  const int slot = present_slot_ ? 1 - *present_slot_ : 0;
  LOGBOOM_RETURN_IF_ERROR(file_->WriteAt(SlotAt(slot), {bytes}));
  LOGBOOM_RETURN_IF_ERROR(file_->Sync());
  present_slot_ = slot;
  return absl::OkStatus();
}

absl::Status CursorFile::Mark(const CursorPosition& before,
                              const CursorPosition& after,
                              absl::string_view text, int64_t written) {
  if (file_ == nullptr || !present_slot_) {
    return absl::InternalError(
        absl::StrCat("cursor ", name_, ": a mark before the first slot"));
  }
  return WriteMark(
      {before, after, PiecesOf(text, before.output.size_bytes, written)});
}

absl::Status CursorFile::WriteMark(const CursorMark& mark) {
  return file_->WriteAt(kCursorMarkAt,
                        {EncodeCursorMark(generation_, boot_id_, mark)});
}

}  // namespace logboom
