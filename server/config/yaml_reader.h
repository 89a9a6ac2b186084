#ifndef LOGBOOM_SERVER_CONFIG_YAML_READER_H_
#define LOGBOOM_SERVER_CONFIG_YAML_READER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/config/yaml_node.h"

namespace logboom {

// What one file may cost, whatever is in it. A hostile file is refused at the
// place where it passes one of these.
inline constexpr int64_t kMaxYamlBytes = int64_t{1} << 20;
inline constexpr int kMaxYamlDepth = 32;
inline constexpr int kMaxYamlNodes = 50'000;      // aliases' copies included
inline constexpr int64_t kMaxYamlText = 4 << 20;  // bytes, copies included

// Reads one YAML document; JSON is YAML. An empty text gives a null. Aliases
// are copied and merge keys (`<<: *base`, `<<: [*a, *b]`) resolved, so the tree
// is what PyYAML's safe_load gives, but for keys that stand twice: they are
// kept, for the caller to refuse. Tags other than !!str are refused.
//
// The one place where yaml-cpp is used: no exception of it gets out.
// Errors: INVALID_ARGUMENT, `LINE:COLUMN: what is wrong`, the first one found.
absl::StatusOr<YamlNode> ReadYaml(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_YAML_READER_H_
