#include "server/logging/format/record_fields.h"

#include <algorithm>
#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "proto/wire/level.h"
#include "server/logging/format/any_value_json.h"
#include "server/logging/format/percent_convert.h"
#include "server/logging/format/percent_merge.h"
#include "server/logging/format/python_number.h"
#include "server/logging/format/python_text.h"

namespace logboom {
namespace {

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
      asctime_(datefmt),
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
    field.slots.push_back(slots_.Add(absl::StrCat("python.extra.", name)));
  }
  field.slots.push_back(slots_.Add(field.name));
  fields_.push_back(std::move(field));
  return static_cast<int>(fields_.size()) - 1;
}

// Adds the attributes of the field, and of those it is computed from.
void RecordFields::Require(KnownField field) {
  if (required_[field]) return;
  required_[field] = true;
  for (const absl::string_view place : KnownFieldPlaces(field)) {
    fields_[field].slots.push_back(slots_.Add(place));
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

void RecordFields::Load(const LogEvent& event) {
  event_ = &event;
  slots_.BeginRecord();
  if (event.otlp) exception_type_ = exception_message_ = std::nullopt;
  for (MapView walk = event.record.attributes(); walk.Next();) {
    if (event.otlp) LoadException(walk);
    slots_.Take(walk.key(), walk.encoded_value());
  }
}

void RecordFields::LoadException(const MapView& walk) {
  if (walk.key() == "exception.type") exception_type_ = walk.value();
  if (walk.key() == "exception.message") exception_message_ = walk.value();
}

std::optional<PyValue> RecordFields::Get(int field) {
  std::optional<PyValue> value = FromSlots(field);
  if (value) return value;
  if (field < kKnownFieldCount) return Computed(static_cast<KnownField>(field));
  return FromAround(fields_[field].name);
}

std::optional<PyValue> RecordFields::FromSlots(int field) const {
  if (slots_.all_empty()) return std::nullopt;
  for (const int slot : fields_[field].slots) {
    const std::optional<AnyValueView> value = slots_.Get(slot);
    if (value) return PyValue(*value);
  }
  return std::nullopt;
}

absl::string_view RecordFields::TextOf(const std::optional<PyValue>& value) {
  return value && value->kind() == PyValue::Kind::kStr ? value->text() : "";
}

absl::string_view RecordFields::exc_text() {
  absl::string_view trace = TextOf(FromSlots(kExcText));
  if (!event_->otlp) return trace;
  absl::ConsumeSuffix(&trace, "\n");  // Formatter.formatException takes it off
  if (!trace.empty()) return trace;
  const auto text_of = [](const std::optional<AnyValueView>& value) {
    return value ? TextOf(PyValue(*value)) : "";
  };
  const absl::string_view type = text_of(exception_type_);
  const absl::string_view message = text_of(exception_message_);
  if (type.empty() || message.empty()) return type.empty() ? message : type;
  exception_.clear();
  absl::StrAppend(&exception_, type, ": ", message);
  return exception_;
}

std::optional<PyValue> RecordFields::FromResource(
    absl::string_view name) const {
  const std::optional<AnyValueView> value = event_->resource.Find(name);
  if (!value) return std::nullopt;
  return PyValue(*value);
}

std::optional<PyValue> RecordFields::FromAround(absl::string_view name) const {
  const std::optional<AnyValueView> value = event_->scope.Find(name);
  return value ? PyValue(*value) : FromResource(name);
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
      return AsctimeText();
    case kTraceId:
      return HexId(event_->record.trace_id, &trace_id_);
    case kSpanId:
      return HexId(event_->record.span_id, &span_id_);
    case kOtelTraceId:
      return OtelId(event_->record.trace_id, &trace_id_);
    case kOtelSpanId:
      return OtelId(event_->record.span_id, &span_id_);
    case kOtelTraceSampled:
      return PyValue::Bool((event_->record.flags & 1) != 0);
    case kOtelServiceName:
      return FromResource("service.name").value_or(PyValue::Str(""));
    default:
      return PyValue();  // None
  }
}

PyValue RecordFields::Msg() {
  if (event_->otlp) return OtlpMessage();
  return event_->record.body ? PyValue(*event_->record.body) : PyValue::Str("");
}

// LogRecord.getMessage. Where merging raises, Python loses the record: here the
// body prints as it is.
PyValue RecordFields::Message() {
  if (event_->otlp) return OtlpMessage();
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

PyValue RecordFields::OtlpMessage() {
  const std::optional<AnyValueView>& body = event_->record.body;
  if (!body) return PyValue::Str(event_->record.event_name);
  if (body->kind() == AnyValueView::Kind::kString) return PyValue(*body);
  message_.clear();
  AppendAnyValue(*body, &message_);
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
  return own ? ToDouble(*own) : CreatedOf(*event_);
}

std::optional<PyValue> RecordFields::Msecs() const {
  const std::optional<double> created = Created();
  if (!created) return std::nullopt;
  return PyValue::Float(MsecsOf(*created));
}

std::optional<PyValue> RecordFields::RelativeCreated() const {
  const std::optional<double> created = Created();
  if (!created) return std::nullopt;
  return PyValue::Float((*created - start_) * 1000);
}

std::optional<PyValue> RecordFields::AsctimeText() {
  const std::optional<PyValue> own_msecs = FromSlots(kMsecs);
  std::optional<absl::string_view> text;
  if (!own_msecs && !FromSlots(kCreated)) {
    text = asctime_.Format(UnixNanosOf(*event_));
  } else if (const std::optional<double> created = Created()) {
    text = asctime_.Format(*created, own_msecs);
  }
  if (!text) return std::nullopt;
  return PyValue::Str(*text);
}

std::optional<PyValue> RecordFields::HexId(absl::string_view id,
                                           std::string* text) {
  if (id.empty()) return std::nullopt;
  text->clear();
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    text->push_back("0123456789abcdef"[byte >> 4]);
    text->push_back("0123456789abcdef"[byte & 0xF]);
  }
  return PyValue::Str(*text);
}

// An id of zeros stands for none.
PyValue RecordFields::OtelId(absl::string_view id, std::string* text) {
  const bool any = std::any_of(id.begin(), id.end(), [](char c) { return c; });
  return any ? *HexId(id, text) : PyValue::Str("0");
}

}  // namespace logboom
