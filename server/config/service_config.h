#ifndef LOGBOOM_SERVER_CONFIG_SERVICE_CONFIG_H_
#define LOGBOOM_SERVER_CONFIG_SERVICE_CONFIG_H_

#include <vector>

#include "server/config/config_value.h"
#include "server/ingest/ingest_options.h"
#include "server/journal/journal_options.h"
#include "server/logging/logging_options.h"

namespace logboom {

// The sections that are the service's own and no dictConfig. Each reports what
// is wrong and leaves the default, which its output holds before, where it is.

// `tcp:`
void LoadTcp(const ConfigValue& value, IngestOptions* ingest);

// `journal:`
void LoadJournal(const ConfigValue& value, JournalOptions* journal);

// `limits:`, each within its range and together able to work.
void LoadLimits(const ConfigValue& value, IngestOptions* ingest);

// `handlers:`, where each handler starts. Its names must be handlers'.
void LoadHandlerStarts(const ConfigValue& value,
                       std::vector<HandlerOptions>* handlers);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_SERVICE_CONFIG_H_
