#ifndef LOGBOOM_SERVER_CONFIG_YAML_SCALAR_H_
#define LOGBOOM_SERVER_CONFIG_YAML_SCALAR_H_

#include "absl/strings/string_view.h"
#include "server/config/yaml_node.h"

namespace logboom {

// The value of an unquoted scalar, by the rules of PyYAML's SafeLoader
// (yaml/resolver.py, yaml/constructor.py). `at` is left alone.
YamlNode ResolvePlainScalar(absl::string_view text);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_YAML_SCALAR_H_
