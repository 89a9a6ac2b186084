#ifndef LOGBOOM_BASE_STATUS_MACROS_H_
#define LOGBOOM_BASE_STATUS_MACROS_H_

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// Leaves the function with the status of `expr` unless it is OK.
#define LOGBOOM_RETURN_IF_ERROR(expr)                                 \
  do {                                                                \
    if (absl::Status status_ = (expr); !status_.ok()) return status_; \
  } while (false)

// `lhs` becomes the value of the StatusOr `expr`, or the function returns its
// status. `lhs` may declare a variable.
#define LOGBOOM_ASSIGN_OR_RETURN(lhs, expr)                                    \
  LOGBOOM_ASSIGN_OR_RETURN_IMPL_(LOGBOOM_STATUS_CONCAT_(status_or_, __LINE__), \
                                 lhs, expr)
#define LOGBOOM_ASSIGN_OR_RETURN_IMPL_(tmp, lhs, expr) \
  auto tmp = (expr);                                   \
  if (!tmp.ok()) return std::move(tmp).status();       \
  lhs = *std::move(tmp)
#define LOGBOOM_STATUS_CONCAT_(a, b) LOGBOOM_STATUS_CONCAT_IMPL_(a, b)
#define LOGBOOM_STATUS_CONCAT_IMPL_(a, b) a##b

#endif  // LOGBOOM_BASE_STATUS_MACROS_H_
