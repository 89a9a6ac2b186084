#include "server/config/service_config.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/units.h"

namespace logboom {
namespace {

constexpr int64_t kKiB = int64_t{1} << 10;
constexpr int64_t kMiB = int64_t{1} << 20;
constexpr int64_t kGiB = int64_t{1} << 30;
constexpr absl::Duration kLeastAge = absl::Minutes(1);
constexpr absl::Duration kGreatestAge = absl::Hours(24 * 36500);

void LoadSize(const ConfigMap& map, absl::string_view key, int64_t least,
              int64_t most, int64_t* bytes) {
  const ConfigValue* value = map.Get(key);
  if (value != nullptr) *bytes = value->Size(least, most).value_or(*bytes);
}

void LoadDuration(const ConfigMap& map, absl::string_view key,
                  absl::Duration least, absl::Duration most,
                  absl::Duration* duration) {
  const ConfigValue* value = map.Get(key);
  if (value == nullptr) return;
  *duration = value->Duration(least, most).value_or(*duration);
}

void LoadInt(const ConfigMap& map, absl::string_view key, int32_t least,
             int32_t most, int32_t* number) {
  const ConfigValue* value = map.Get(key);
  if (value == nullptr) return;
  *number = static_cast<int32_t>(value->Int(least, most).value_or(*number));
}

// Reports that `small`, of `small_bytes`, is more than `large`, of which `rule`
// says why it must not be, at the one that the file gives.
void CheckHolds(const ConfigMap& map, absl::string_view small,
                int64_t small_bytes, absl::string_view large,
                int64_t large_bytes,
                absl::string_view rule = "which must hold one") {
  if (small_bytes <= large_bytes) return;
  const bool large_given = map.Get(large) != nullptr;
  const ConfigValue* at = map.Get(large_given ? large : small);
  if (at == nullptr) return;
  at->Error(absl::StrCat(small, " (", FormatSize(small_bytes),
                         ") is more than ", large, " (",
                         FormatSize(large_bytes), "), ", rule,
                         "; accepted: ", large, " of at least ", small));
}

}  // namespace

void LoadTcp(const ConfigValue& value, IngestOptions* ingest) {
  const ConfigMap map(value, {"logger"});
  if (const ConfigValue* logger = map.Get("logger")) {
    ingest->tcp_logger = logger->String().value_or("");
  }
}

void LoadJournal(const ConfigValue& value, JournalOptions* journal) {
  const ConfigMap map(value, {"path", "segment_bytes", "retain_bytes",
                              "retain_age", "max_bytes", "forget_producers"});
  if (const ConfigValue* path = map.Get("path")) {
    const std::optional<std::string> text = path->String();
    if (text.has_value() &&
        (text->empty() || text->find('\0') != std::string::npos)) {
      path->Error(absl::StrCat(Quote(*text), " is no path; accepted: a path"));
    }
    journal->path = text.value_or(journal->path);
  }
  LoadSize(map, "segment_bytes", kMiB, 16 * kGiB, &journal->segment_bytes);
  LoadSize(map, "retain_bytes", kMiB, kGiB << 20, &journal->retain_bytes);
  CheckHolds(map, "segment_bytes", journal->segment_bytes, "retain_bytes",
             journal->retain_bytes);
  LoadSize(map, "max_bytes", kMiB, kGiB << 21, &journal->max_bytes);
  CheckHolds(map, "retain_bytes", journal->retain_bytes, "max_bytes",
             journal->effective_max_bytes(),
             "beyond which nothing is kept for anybody");
  LoadDuration(map, "retain_age", kLeastAge, kGreatestAge,
               &journal->retain_age);
  LoadDuration(map, "forget_producers", kLeastAge, kGreatestAge,
               &journal->forget_producers);
}

void LoadLimits(const ConfigValue& value, IngestOptions* ingest) {
  const ConfigMap map(
      value, {"frame_bytes", "batch_bytes", "ingest_bytes", "tcp_buffer_bytes",
              "pickle_depth", "pickle_items"});
  LoadSize(map, "frame_bytes", kKiB, kGiB, &ingest->frame_bytes);
  // gRPC's own limit is an int32 and twice this.
  LoadSize(map, "batch_bytes", kKiB, 512 * kMiB, &ingest->batch_bytes);
  LoadSize(map, "ingest_bytes", 64 * kKiB, 64 * kGiB, &ingest->ingest_bytes);
  LoadSize(map, "tcp_buffer_bytes", 64 * kKiB, 64 * kGiB,
           &ingest->tcp_buffer_bytes);
  LoadInt(map, "pickle_depth", 1, 1000, &ingest->pickle_depth);
  LoadInt(map, "pickle_items", 1, 10'000'000, &ingest->pickle_items);
  CheckHolds(map, "frame_bytes", ingest->frame_bytes, "tcp_buffer_bytes",
             ingest->tcp_buffer_bytes);
  CheckHolds(map, "batch_bytes", ingest->batch_bytes, "ingest_bytes",
             ingest->ingest_bytes);
}

void LoadHandlerStarts(const ConfigValue& value,
                       std::vector<HandlerOptions>* handlers) {
  const auto entries = value.Entries();
  if (!entries.has_value()) return;
  std::vector<std::string> names;
  for (const HandlerOptions& handler : *handlers) names.push_back(handler.name);
  for (const ConfigValue::Named& entry : *entries) {
    const auto found = std::find(names.begin(), names.end(), entry.name);
    if (found == names.end()) {
      entry.KeyError(absl::StrCat("logging.handlers has no such handler",
                                  DidYouMean(entry.name, names),
                                  "; accepted: ", Listed(names)));
      continue;
    }
    if (entry.value.is_null()) continue;
    const ConfigMap map(entry.value, {"start"});
    if (const ConfigValue* start = map.Get("start")) {
      const bool beginning = start->OneOf({"head", "beginning"}) == "beginning";
      (*handlers)[found - names.begin()].start =
          beginning ? HandlerOptions::Start::kBeginning
                    : HandlerOptions::Start::kHead;
    }
  }
}

}  // namespace logboom
