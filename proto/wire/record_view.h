#ifndef LOGBOOM_PROTO_WIRE_RECORD_VIEW_H_
#define LOGBOOM_PROTO_WIRE_RECORD_VIEW_H_

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/wire/tag_iterator.h"

namespace logboom {

// Readers of encoded LogRecords that copy nothing: every string_view points
// into the bytes given, which must outlive the view. Where a field that may
// stand once stands twice, the last one wins (messages are not merged). They
// never read past the end, whatever the bytes; on bytes that CheckRecord
// accepts every value reads in full, on others a walk may end early.
// All are values: copy freely, one thread at a time.

class ArrayView;
class MapView;

// One AnyValue.
class AnyValueView {
 public:
  enum class Kind {
    kNone,  // no kind set: Python's None
    kString,
    kBool,
    kInt,
    kDouble,
    kArray,
    kMap,
    kBytes,
  };

  AnyValueView() = default;
  explicit AnyValueView(absl::string_view encoded);

  Kind kind() const { return kind_; }
  // Each is valid for its own kind only.
  absl::string_view string_value() const { return bytes_; }
  // Of an array and a map too: the encoded message.
  absl::string_view bytes_value() const { return bytes_; }
  bool bool_value() const { return number_ != 0; }
  int64_t int_value() const { return static_cast<int64_t>(number_); }
  double double_value() const;
  ArrayView array() const;
  MapView map() const;

 private:
  Kind kind_ = Kind::kNone;
  uint64_t number_ = 0;
  absl::string_view bytes_;
};

// Walks an ArrayValue: while (array.Next()) use(array.value()).
class ArrayView {
 public:
  explicit ArrayView(absl::string_view encoded) : tag_(encoded) {}
  bool Next();
  AnyValueView value() const { return AnyValueView(tag_.bytes()); }

 private:
  TagIterator tag_;
};

// Walks the KeyValues of one field number: a KeyValueList's (1), a Resource's
// (1) or a LogRecord's attributes (6), in their order.
class MapView {
 public:
  MapView() : MapView("", 1) {}
  MapView(absl::string_view encoded, uint32_t field)
      : tag_(encoded), field_(field) {}
  bool Next();
  absl::string_view key() const { return key_; }
  AnyValueView value() const { return AnyValueView(value_); }
  // To be made an AnyValueView when it is wanted.
  absl::string_view encoded_value() const { return value_; }

  // The value of the last pair with this key, from the start of the walk that
  // this copy would make; nullopt when there is none.
  std::optional<AnyValueView> Find(absl::string_view key) const;

 private:
  TagIterator tag_;
  uint32_t field_;
  absl::string_view key_;
  absl::string_view value_;
};

// One LogRecord (proto/logboom/v1/record.proto). Absent fields read as the
// defaults below.
struct RecordView {
  // Reads the record's own fields; nested values are read when asked for.
  // Errors: INVALID_ARGUMENT, with the byte: a malformed field of the record
  // itself.
  static absl::StatusOr<RecordView> Parse(absl::string_view encoded);
  // The same for a record that came by OTLP: its fields 14 and 15 are unknown
  // ones, and its logger is the scope's name.
  static absl::StatusOr<RecordView> ParseOtlp(absl::string_view encoded,
                                              absl::string_view scope_name);

  uint64_t time_unix_nano = 0;
  int32_t severity_number = 0;
  absl::string_view severity_text;
  std::optional<AnyValueView> body;
  uint32_t dropped_attributes_count = 0;
  uint32_t flags = 0;
  absl::string_view trace_id;  // empty unless 16 bytes
  absl::string_view span_id;   // empty unless 8 bytes
  uint64_t observed_time_unix_nano = 0;
  absl::string_view event_name;
  std::optional<int32_t> levelno;
  absl::string_view logger;

  // On Python's scale: levelno, else what severity_number, else severity_text
  // says, else INFO.
  int32_t effective_levelno() const;

  MapView attributes() const { return MapView(attribute_bytes_, 6); }
  absl::string_view encoded() const { return encoded_; }

 private:
  void Take(const TagIterator& tag);
  void TakeRareField(const TagIterator& tag);
  void TakeAttribute(const TagIterator& tag);

  absl::string_view encoded_;
  // From the first attribute's tag to the last one's end (empty: none), so that
  // a walk passes over nothing else when they stand together.
  absl::string_view attribute_bytes_;
};

// Walks the records of an encoded LogBatch: while (batch.Next()) ...
class BatchView {
 public:
  explicit BatchView(absl::string_view encoded) : tag_(encoded) {}
  bool Next();
  // The current record's bytes.
  absl::string_view record() const { return tag_.bytes(); }

 private:
  TagIterator tag_;
};

}  // namespace logboom

#endif  // LOGBOOM_PROTO_WIRE_RECORD_VIEW_H_
