#include "proto/wire/record_view.h"

#include <bit>

#include "proto/wire/level.h"
#include "proto/wire/plain_attribute.h"

namespace logboom {
namespace {

// A field's number and wire type in one, as its tag has them: only the pair of
// both that the schema has is a known field.
constexpr uint32_t Tag(uint32_t field, WireType type) {
  return field << 3 | static_cast<uint32_t>(type);
}

uint32_t CurrentTag(const TagIterator& tag) {
  return Tag(tag.field(), tag.type());
}

int32_t DecodeZigzag(uint32_t number) {
  return static_cast<int32_t>((number >> 1) ^ (0u - (number & 1)));
}

// An id of the wrong length is treated as absent (record.proto).
absl::string_view IdOfLength(absl::string_view id, size_t length) {
  return id.size() == length ? id : absl::string_view();
}

}  // namespace

AnyValueView::AnyValueView(absl::string_view encoded) {
  if (ReadPlainString(encoded, &bytes_)) {
    kind_ = Kind::kString;
    return;
  }
  bytes_ = absl::string_view();
  TagIterator tag(encoded);
  while (tag.Next()) {
    switch (CurrentTag(tag)) {
      case Tag(1, WireType::kBytes):
        kind_ = Kind::kString;
        break;
      case Tag(2, WireType::kVarint):
        kind_ = Kind::kBool;
        break;
      case Tag(3, WireType::kVarint):
        kind_ = Kind::kInt;
        break;
      case Tag(4, WireType::kFixed64):
        kind_ = Kind::kDouble;
        break;
      case Tag(5, WireType::kBytes):
        kind_ = Kind::kArray;
        break;
      case Tag(6, WireType::kBytes):
        kind_ = Kind::kMap;
        break;
      case Tag(7, WireType::kBytes):
        kind_ = Kind::kBytes;
        break;
      default:
        continue;
    }
    if (tag.type() == WireType::kBytes) {
      bytes_ = tag.bytes();
    } else {
      number_ = tag.varint();  // a double's bits too
    }
  }
}

double AnyValueView::double_value() const {
  return std::bit_cast<double>(number_);
}

ArrayView AnyValueView::array() const { return ArrayView(bytes_); }

MapView AnyValueView::map() const { return MapView(bytes_, 1); }

bool ArrayView::Next() { return tag_.NextBytes(1); }

bool MapView::Next() {
  if (!tag_.NextBytes(field_)) return false;
  if (ReadPlainPair(tag_.bytes(), &key_, &value_)) return true;
  key_ = absl::string_view();
  value_ = absl::string_view();
  TagIterator pair(tag_.bytes());
  while (pair.Next()) {
    if (pair.type() != WireType::kBytes) continue;
    if (pair.field() == 1) key_ = pair.bytes();
    if (pair.field() == 2) value_ = pair.bytes();
  }
  return true;
}

std::optional<AnyValueView> MapView::Find(absl::string_view key) const {
  std::optional<absl::string_view> found;
  for (MapView walk = *this; walk.Next();) {
    if (walk.key_ == key) found = walk.value_;
  }
  if (!found.has_value()) return std::nullopt;
  return AnyValueView(*found);
}

bool BatchView::Next() { return tag_.NextBytes(1); }

// Inline, so that the loop below keeps its place in registers.
inline void RecordView::Take(const TagIterator& tag) {
  switch (CurrentTag(tag)) {
    case Tag(1, WireType::kFixed64):
      time_unix_nano = tag.fixed64();
      break;
    case Tag(2, WireType::kVarint):
      severity_number = static_cast<int32_t>(tag.varint());
      break;
    case Tag(3, WireType::kBytes):
      severity_text = tag.bytes();
      break;
    case Tag(5, WireType::kBytes):
      body = AnyValueView(tag.bytes());
      break;
    case Tag(6, WireType::kBytes):
      TakeAttribute(tag);
      break;
    case Tag(14, WireType::kVarint):
      levelno = DecodeZigzag(static_cast<uint32_t>(tag.varint()));
      break;
    case Tag(15, WireType::kBytes):
      logger = tag.bytes();
      break;
    default:
      TakeRareField(tag);
  }
}

absl::StatusOr<RecordView> RecordView::Parse(absl::string_view encoded) {
  // Filled where it is returned: the view is too large to copy for each record.
  absl::StatusOr<RecordView> result{RecordView()};
  RecordView& record = *result;
  record.encoded_ = encoded;
  TagIterator tag(encoded);
  while (tag.Next()) record.Take(tag);
  if (!tag.ok()) result = tag.status();
  return result;
}

absl::StatusOr<RecordView> RecordView::ParseOtlp(absl::string_view encoded,
                                                 absl::string_view scope_name) {
  absl::StatusOr<RecordView> result = Parse(encoded);
  if (result.ok()) {
    result->levelno.reset();
    result->logger = scope_name;
  }
  return result;
}

int32_t RecordView::effective_levelno() const {
  if (levelno.has_value()) return *levelno;
  if (severity_number >= 1 && severity_number <= 24) {
    return LevelnoFromSeverity(severity_number);
  }
  const std::optional<int32_t> named = SeverityFromText(severity_text);
  return named.has_value() ? LevelnoFromSeverity(*named) : kLevelInfo;
}

// What records of most sources lack.
void RecordView::TakeRareField(const TagIterator& tag) {
  switch (CurrentTag(tag)) {
    case Tag(7, WireType::kVarint):
      dropped_attributes_count = static_cast<uint32_t>(tag.varint());
      break;
    case Tag(8, WireType::kFixed32):
      flags = tag.fixed32();
      break;
    case Tag(9, WireType::kBytes):
      trace_id = IdOfLength(tag.bytes(), 16);
      break;
    case Tag(10, WireType::kBytes):
      span_id = IdOfLength(tag.bytes(), 8);
      break;
    case Tag(11, WireType::kFixed64):
      observed_time_unix_nano = tag.fixed64();
      break;
    case Tag(12, WireType::kBytes):
      event_name = tag.bytes();
      break;
  }
}

void RecordView::TakeAttribute(const TagIterator& tag) {
  const char* first = attribute_bytes_.empty() ? encoded_.data() + tag.begin()
                                               : attribute_bytes_.data();
  const char* end = encoded_.data() + tag.end();
  attribute_bytes_ = absl::string_view(first, static_cast<size_t>(end - first));
}

}  // namespace logboom
