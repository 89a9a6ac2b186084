#include "server/control/level_rules_file.h"

#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/checksum.h"
#include "base/diagnostics.h"
#include "base/status_macros.h"
#include "logboom/v1/journal.pb.h"
#include "server/control/logger_name.h"

namespace logboom {
namespace {

static_assert(std::endian::native == std::endian::little,
              "integers are stored as they lie in memory");

constexpr absl::string_view kMagic("LBlevl\x00\x01", 8);
constexpr size_t kHeaderBytes = 16;
// Far above kMaxRules rules of the longest names.
constexpr int64_t kMaxFileBytes = int64_t{4} << 20;

absl::StatusOr<LevelRule> RuleFrom(const v1::StoredLevelRule& stored) {
  LevelRule rule;
  LOGBOOM_ASSIGN_OR_RETURN(rule.logger, CheckLoggerName(stored.logger()));
  LOGBOOM_RETURN_IF_ERROR(CheckServiceName(stored.service()));
  rule.service = stored.service();
  rule.levelno = stored.levelno();
  if (stored.expires_unix_nano() > 0) {
    rule.expires =
        absl::FromUnixNanos(static_cast<int64_t>(stored.expires_unix_nano()));
  }
  return rule;
}

// Nullopt: there is no such file.
absl::StatusOr<std::optional<std::string>> ReadFile(FileSystem& files,
                                                    const std::string& path) {
  const auto file = files.Open(path, FileSystem::Mode::kRead);
  if (absl::IsNotFound(file.status())) return std::nullopt;
  LOGBOOM_RETURN_IF_ERROR(file.status());
  LOGBOOM_ASSIGN_OR_RETURN(const int64_t size, (*file)->Size());
  if (size > kMaxFileBytes) {
    return absl::DataLossError(absl::StrCat("it has ", size, " bytes"));
  }
  std::string bytes(static_cast<size_t>(size), '\0');
  LOGBOOM_ASSIGN_OR_RETURN(const size_t read,
                           (*file)->ReadAt(0, absl::MakeSpan(bytes)));
  bytes.resize(read);
  return bytes;
}

}  // namespace

std::string EncodeLevelRules(const LevelRules& rules) {
  v1::StoredLevelRules stored;
  for (const auto& [_, rule] : rules.by_key()) {
    v1::StoredLevelRule& out = *stored.add_rules();
    out.set_logger(rule.logger);
    out.set_levelno(rule.levelno);
    out.set_service(rule.service);
    if (rule.expires != absl::InfiniteFuture()) {
      out.set_expires_unix_nano(
          static_cast<uint64_t>(absl::ToUnixNanos(rule.expires)));
    }
  }
  const std::string payload = stored.SerializeAsString();
  const uint64_t checksum = Checksum(payload);
  return absl::StrCat(
      kMagic,
      absl::string_view(reinterpret_cast<const char*>(&checksum),
                        sizeof(checksum)),
      payload);
}

absl::StatusOr<LevelRules> DecodeLevelRules(absl::string_view bytes) {
  if (bytes.size() < kHeaderBytes || !absl::StartsWith(bytes, kMagic)) {
    return absl::DataLossError("it does not begin as such a file does");
  }
  uint64_t checksum;
  std::memcpy(&checksum, bytes.data() + kMagic.size(), sizeof(checksum));
  const absl::string_view payload = bytes.substr(kHeaderBytes);
  v1::StoredLevelRules stored;
  if (checksum != Checksum(payload) ||
      !stored.ParseFromArray(payload.data(),
                             static_cast<int>(payload.size()))) {
    return absl::DataLossError("checksum mismatch");
  }
  LevelRules rules;
  for (const v1::StoredLevelRule& one : stored.rules()) {
    absl::StatusOr<LevelRule> rule = RuleFrom(one);
    absl::Status status = rule.status();
    if (status.ok()) status = rules.Set(*std::move(rule));
    if (!status.ok()) return absl::DataLossError(status.message());
  }
  return rules;
}

LevelRulesFile::LevelRulesFile(FileSystem* files, absl::string_view folder)
    : files_(*files),
      folder_(folder),
      path_(absl::StrCat(folder, "/levels")),
      new_path_(absl::StrCat(folder, "/levels.new")) {}

std::optional<LevelRules> LevelRulesFile::Load() const {
  const absl::StatusOr<std::optional<std::string>> bytes =
      ReadFile(files_, path_);
  if (bytes.ok() && !bytes->has_value()) return std::nullopt;
  absl::StatusOr<LevelRules> rules =
      bytes.ok() ? DecodeLevelRules(**bytes) : bytes.status();
  if (rules.ok()) return *std::move(rules);
  Diagnose(DiagnosticLevel::kWarning,
           absl::StrCat(path_, " is damaged, so no level is set: ",
                        rules.status().message()));
  return LevelRules();
}

absl::Status LevelRulesFile::WriteNew(absl::string_view bytes) {
  LOGBOOM_ASSIGN_OR_RETURN(
      const std::unique_ptr<File> file,
      files_.Open(new_path_, FileSystem::Mode::kOpenOrCreate));
  LOGBOOM_RETURN_IF_ERROR(file->Truncate(0));
  LOGBOOM_RETURN_IF_ERROR(file->WriteAt(0, {bytes}));
  return file->Sync();
}

// A failed sync is not followed by another of the same file: what it left is
// removed and written anew the next time.
absl::Status LevelRulesFile::Store(const LevelRules& rules) {
  absl::Status status = WriteNew(EncodeLevelRules(rules));
  if (status.ok()) status = files_.Rename(new_path_, path_);
  if (!status.ok()) {
    files_.Remove(new_path_).IgnoreError();
    return status;
  }
  return files_.SyncFolder(folder_);
}

}  // namespace logboom
