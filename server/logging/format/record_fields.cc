#include "server/logging/format/record_fields.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "proto/wire/level.h"
#include "server/logging/format/percent_convert.h"
#include "server/logging/format/percent_merge.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/python_text.h"

namespace logboom {
namespace {

constexpr absl::string_view kDefaultDatefmt = "%Y-%m-%d %H:%M:%S";

// CPython's float of a time in nanoseconds (FORMAT.md, § 6.2).
double SecondsSinceEpoch(uint64_t unix_nano) {
  constexpr uint64_t kNanosPerSecond = 1000000000;
  return static_cast<double>(unix_nano / kNanosPerSecond) +
         static_cast<double>(unix_nano % kNanosPerSecond) / 1e9;
}

double SecondsSinceEpoch(absl::Time time) {
  return SecondsSinceEpoch(
      static_cast<uint64_t>(std::max<int64_t>(absl::ToUnixNanos(time), 0)));
}

uint64_t SizeBit(size_t size) {
  return uint64_t{1} << std::min<size_t>(size, 63);
}

// os.path.basename.
absl::string_view Basename(absl::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == absl::string_view::npos ? path : path.substr(slash + 1);
}

// os.path.splitext(name)[0] of a name without slashes: dots that lead it begin
// no extension.
absl::string_view WithoutExtension(absl::string_view name) {
  const size_t dot = name.rfind('.');
  const size_t first = name.find_first_not_of('.');
  if (dot == absl::string_view::npos || first == absl::string_view::npos ||
      dot < first) {
    return name;
  }
  return name.substr(0, dot);
}

}  // namespace

RecordFields::RecordFields(absl::Time start, absl::string_view datefmt)
    : start_(SecondsSinceEpoch(start)),
      default_datefmt_(datefmt.empty()),
      time_format_(datefmt.empty() ? kDefaultDatefmt : datefmt),
      fields_(kKnownFieldCount) {
  Require(kExcText);
  Require(kStackInfo);
}

int RecordFields::Add(absl::string_view name) {
  const std::optional<KnownField> known = FindKnownField(name);
  if (!known) return AddOther(name);
  Require(*known);
  return *known;
}

int RecordFields::AddOther(absl::string_view name) {
  for (size_t i = kKnownFieldCount; i < fields_.size(); ++i) {
    if (fields_[i].name == name) return static_cast<int>(i);
  }
  Field field;
  field.name = std::string(name);
  if (IsMovedExtra(name)) {
    field.slots.push_back(AddSlot(absl::StrCat("python.extra.", name)));
  }
  field.slots.push_back(AddSlot(field.name));
  fields_.push_back(std::move(field));
  return static_cast<int>(fields_.size()) - 1;
}

// Adds the attributes of the field, and of those it is computed from.
void RecordFields::Require(KnownField field) {
  if (required_[field]) return;
  required_[field] = true;
  for (const absl::string_view place : KnownFieldPlaces(field)) {
    fields_[field].slots.push_back(AddSlot(std::string(place)));
  }
  const auto require_all = [this](std::initializer_list<KnownField> others) {
    for (const KnownField other : others) Require(other);
  };
  if (field == kMessage) require_all({kMsg, kArgs});
  if (field == kModule) require_all({kFilename});
  if (field == kFilename) require_all({kPathname});
  if (field == kAsctime) require_all({kMsecs});
  if (field == kMsecs || field == kRelativeCreated) require_all({kCreated});
}

int RecordFields::AddSlot(std::string key) {
  for (size_t i = 0; i < slots_.size(); ++i) {
    if (slots_[i].key == key) return static_cast<int>(i);
  }
  slot_sizes_ |= SizeBit(key.size());
  slots_.push_back({std::move(key), std::nullopt});
  return static_cast<int>(slots_.size()) - 1;
}

void RecordFields::Load(const LogEvent& event) {
  event_ = &event;
  for (Slot& slot : slots_) slot.value.reset();
  for (MapView walk = event.record.attributes(); walk.Next();) {
    const absl::string_view key = walk.key();
    if ((slot_sizes_ & SizeBit(key.size())) == 0) continue;
    for (Slot& slot : slots_) {
      if (key == slot.key) slot.value = walk.value();
    }
  }
}

std::optional<PyValue> RecordFields::Get(int field) {
  std::optional<PyValue> value = FromSlots(field);
  if (value) return value;
  if (field < kKnownFieldCount) return Computed(static_cast<KnownField>(field));
  return FromResource(fields_[field].name);
}

std::optional<PyValue> RecordFields::FromSlots(int field) const {
  for (const int slot : fields_[field].slots) {
    if (slots_[slot].value) return PyValue(*slots_[slot].value);
  }
  return std::nullopt;
}

absl::string_view RecordFields::TextOf(int field) const {
  const std::optional<PyValue> value = FromSlots(field);
  return value && value->kind() == PyValue::Kind::kStr ? value->text() : "";
}

std::optional<PyValue> RecordFields::FromResource(
    absl::string_view name) const {
  const std::optional<AnyValueView> value = event_->resource.Find(name);
  if (!value) return std::nullopt;
  return PyValue(*value);
}

// What the attributes do not hold.
std::optional<PyValue> RecordFields::Computed(KnownField field) {
  switch (field) {
    case kName:
      return PyValue::Str(event_->logger.empty() ? "root" : event_->logger);
    case kMsg:
      return Msg();
    case kMessage:
      return Message();
    case kLevelno:
      return PyValue::Int(event_->levelno);
    case kLevelname:
      return Levelname();
    case kPathname:
      return PyValue::Str("");
    case kFilename:
      return Filename();
    case kModule:
      return Module();
    case kLineno:
    case kThread:
      return PyValue::Int(0);
    case kProcess:
      return FromResource("process.pid").value_or(PyValue::Int(0));
    case kCreated:
      return PyValue::Float(Created().value_or(0));
    case kMsecs:
      return Msecs();
    case kRelativeCreated:
      return RelativeCreated();
    case kAsctime:
      return Asctime();
    case kTraceId:
      return HexId(event_->record.trace_id, &trace_id_);
    case kSpanId:
      return HexId(event_->record.span_id, &span_id_);
    default:
      return PyValue();  // None
  }
}

PyValue RecordFields::Msg() const {
  return event_->record.body ? PyValue(*event_->record.body) : PyValue::Str("");
}

// LogRecord.getMessage. Where merging raises, Python loses the record: here the
// body prints as it is.
PyValue RecordFields::Message() {
  const PyValue body = Msg();
  const bool text = body.kind() == PyValue::Kind::kStr;
  const std::optional<PyValue> args = FromSlots(kArgs);
  const bool merge = args && args->Truthy() && !FromSlots(kMsg);
  if (text && !merge) return body;
  message_.clear();
  AppendStr(body, &message_);
  if (!merge) return PyValue::Str(message_);
  const std::string format = message_;
  message_.clear();
  if (!AppendMerged(format, *args, &message_)) message_ = format;
  return PyValue::Str(message_);
}

PyValue RecordFields::Levelname() {
  const absl::string_view text = event_->record.severity_text;
  if (!text.empty()) return PyValue::Str(text);
  levelname_ = LevelName(event_->levelno);
  return PyValue::Str(levelname_);
}

// LogRecord.__init__; what is no str has no basename.
PyValue RecordFields::Filename() {
  const PyValue pathname = FromSlots(kPathname).value_or(PyValue::Str(""));
  if (pathname.kind() != PyValue::Kind::kStr) return pathname;
  return PyValue::Str(Basename(pathname.text()));
}

PyValue RecordFields::Module() {
  const PyValue filename = FromSlots(kFilename).value_or(Filename());
  if (filename.kind() != PyValue::Kind::kStr) {
    return PyValue::Str("Unknown module");
  }
  return PyValue::Str(WithoutExtension(filename.text()));
}

std::optional<double> RecordFields::Created() const {
  const std::optional<PyValue> own = FromSlots(kCreated);
  if (own) return ToDouble(*own);
  const RecordView& record = event_->record;
  if (record.time_unix_nano != 0) {
    return SecondsSinceEpoch(record.time_unix_nano);
  }
  if (record.observed_time_unix_nano != 0) {
    return SecondsSinceEpoch(record.observed_time_unix_nano);
  }
  return SecondsSinceEpoch(event_->received);
}

std::optional<PyValue> RecordFields::Msecs() {
  const std::optional<PyValue> own = FromSlots(kMsecs);
  if (own) return own;
  const std::optional<double> created = Created();
  if (!created) return std::nullopt;
  const double fraction = *created - std::trunc(*created);
  return PyValue::Float(std::trunc(fraction * 1000) + 0.0);
}

std::optional<PyValue> RecordFields::RelativeCreated() const {
  const std::optional<double> created = Created();
  if (!created) return std::nullopt;
  return PyValue::Float((*created - start_) * 1000);
}

// Formatter.formatTime.
std::optional<PyValue> RecordFields::Asctime() {
  constexpr double kMaxSeconds = 1e17;  // beyond any year that fits an int
  const std::optional<double> created = Created();
  if (!created || !(std::fabs(*created) < kMaxSeconds)) return std::nullopt;
  absl::string_view text;
  const auto seconds = static_cast<int64_t>(std::floor(*created));
  if (!time_format_.Format(seconds, &text)) return std::nullopt;
  if (!default_datefmt_) return PyValue::Str(text);
  asctime_.assign(text.data(), text.size());
  asctime_.push_back(',');
  constexpr PercentSpec kThreeDigits{
      .zero = true, .width = 3, .conversion = 'd'};
  const std::optional<PyValue> msecs = Msecs();
  if (!msecs || !AppendConverted(kThreeDigits, *msecs, &asctime_)) {
    return std::nullopt;
  }
  return PyValue::Str(asctime_);
}

std::optional<PyValue> RecordFields::HexId(absl::string_view id,
                                           std::string* text) {
  if (id.empty()) return std::nullopt;
  *text = absl::BytesToHexString(id);
  return PyValue::Str(*text);
}

}  // namespace logboom
