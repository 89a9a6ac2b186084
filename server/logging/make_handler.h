#ifndef LOGBOOM_SERVER_LOGGING_MAKE_HANDLER_H_
#define LOGBOOM_SERVER_LOGGING_MAKE_HANDLER_H_

#include <memory>

#include "server/logging/handler.h"
#include "server/logging/logging_options.h"

namespace logboom {

// The handler that `options` describe, not yet open; nullptr for a NullHandler,
// which handles records by doing nothing and so needs no runner.
std::unique_ptr<Handler> MakeHandler(const HandlerOptions& options);

// logging.lastResort: WARNING and above to stderr, the message only. Its name
// is its cursor's, too.
HandlerOptions LastResortOptions();

}  // namespace logboom

#endif  // LOGBOOM_SERVER_LOGGING_MAKE_HANDLER_H_
