#ifndef LOGBOOM_SERVER_CONFIG_DICT_CONFIG_VALUE_H_
#define LOGBOOM_SERVER_CONFIG_DICT_CONFIG_VALUE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "server/config/config_value.h"

namespace logboom {

// Values of a dictConfig, as CPython 3.11's logging/config.py takes them. Each
// reports what it refuses and then returns nullopt.

// A string. Those that dictConfig converts into objects (ext://, cfg://) are
// refused: a configuration runs no code and refers to nothing outside itself.
std::optional<std::string> PythonString(const ConfigValue& value);

// logging._checkLevel: a level's name in exact case or a number, no boolean.
std::optional<int32_t> PythonLevel(const ConfigValue& value);

// A list of names of which each stands in `names`; the others are reported
// where they stand and left out. `what` is what they name: "handler". Gives the
// names' indices. Null is the empty list.
std::vector<int> PythonReferences(const ConfigValue& value,
                                  const std::vector<std::string>& names,
                                  absl::string_view what);

// One such name.
std::optional<int> PythonReference(const ConfigValue& value,
                                   const std::vector<std::string>& names,
                                   absl::string_view what);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_DICT_CONFIG_VALUE_H_
