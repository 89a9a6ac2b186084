#include "tests/fault/known_record.h"

#include <algorithm>
#include <array>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

constexpr absl::string_view kPublish = "publish";
constexpr absl::string_view kRaw = "raw";

constexpr uint64_t kUsualFiller = 120;
constexpr uint64_t kLongFiller = 24'000;
constexpr uint64_t kOneInSoManyIsLong = 500;

// The finaliser of splitmix64: neighbours get unrelated values.
uint64_t Mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
  return value ^ (value >> 31);
}

uint64_t Hash(const KnownRecord& record) {
  const uint64_t place =
      (static_cast<uint64_t>(record.source.way) << 62) ^
      (static_cast<uint64_t>(record.source.sender) << 48) ^
      (static_cast<uint64_t>(record.source.connection) << 32);
  return Mix(place + Mix(record.number));
}

const std::string& Alphabets() {
  static const std::string& text = *[] {
    auto* letters = new std::string();
    while (letters->size() < 26 + kLongFiller) {
      letters->append("abcdefghijklmnopqrstuvwxyz");
    }
    return letters;
  }();
  return text;
}

absl::string_view Filler(const KnownRecord& record) {
  const uint64_t hash = Hash(record);
  const bool is_long = (hash >> 40) % kOneInSoManyIsLong == 0;
  const uint64_t size = (hash >> 8) % (is_long ? kLongFiller : kUsualFiller);
  return absl::string_view(Alphabets()).substr(hash % 26, size);
}

absl::string_view NameOf(RecordSource::Way way) {
  return way == RecordSource::Way::kPublish ? kPublish : kRaw;
}

// Takes "NUMBER " off the front of `text`.
template <typename Number>
bool TakeNumber(absl::string_view* text, Number* number) {
  const size_t space = text->find(' ');
  if (space == text->npos) return false;
  if (!absl::SimpleAtoi(text->substr(0, space), number)) return false;
  text->remove_prefix(space + 1);
  return true;
}

}  // namespace

std::string RecordSource::ToString() const {
  return absl::StrCat(NameOf(way), " ", sender, " ", connection);
}

std::string RecordSource::logger() const {
  return absl::StrCat(shared() ? "shared." : "own.", NameOf(way), ".", sender);
}

void KnownRecord::AppendMessage(std::string* out) const {
  absl::StrAppend(out, NameOf(source.way), " ", source.sender, " ",
                  source.connection, " ", number, " ", Filler(*this));
}

std::string KnownRecord::Message() const {
  std::string message;
  AppendMessage(&message);
  return message;
}

std::optional<KnownRecord> KnownRecord::FromMessage(absl::string_view message) {
  KnownRecord record;
  absl::string_view left = message;
  const size_t space = left.find(' ');
  if (space == left.npos) return std::nullopt;
  const absl::string_view way = left.substr(0, space);
  if (way != kPublish && way != kRaw) return std::nullopt;
  if (way == kRaw) record.source.way = RecordSource::Way::kRaw;
  left.remove_prefix(space + 1);
  if (!TakeNumber(&left, &record.source.sender) ||
      !TakeNumber(&left, &record.source.connection) ||
      !TakeNumber(&left, &record.number) || left != Filler(record)) {
    return std::nullopt;
  }
  return record;
}

bool MayBeginMessage(absl::string_view text) {
  for (const absl::string_view way : {kPublish, kRaw}) {
    const size_t common = std::min(text.size(), way.size());
    if (text.substr(0, common) == way.substr(0, common)) return true;
  }
  return false;
}

}  // namespace logboom
