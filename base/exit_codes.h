#ifndef LOGBOOM_BASE_EXIT_CODES_H_
#define LOGBOOM_BASE_EXIT_CODES_H_

namespace logboom {

// Exit codes of both programs.
inline constexpr int kExitDone = 0;
inline constexpr int kExitFailed = 1;  // a bad configuration included
inline constexpr int kExitMisused = 2;

}  // namespace logboom

#endif  // LOGBOOM_BASE_EXIT_CODES_H_
