#ifndef LOGBOOM_SERVER_CONFIG_DICT_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_DICT_CONFIG_H_

#include "server/config/config_value.h"
#include "server/logging/logging_options.h"

namespace logboom {

// Loads the `logging:` section: what CPython 3.11's logging.config.dictConfig
// does with the same dictionary in a fresh process, as data. Everything it
// accepts dictConfig accepts too. Stricter than dictConfig in that unknown keys
// and what is not supported yet are reported, at the place where they stand.
//
// Whatever is reported, every handler of the file is in the result, so that
// references to it can be checked.
LoggingOptions LoadDictConfig(const ConfigValue& value);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_DICT_CONFIG_H_
