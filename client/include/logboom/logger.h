#ifndef LOGBOOM_LOGGER_H_
#define LOGBOOM_LOGGER_H_

#include <atomic>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <memory>
#include <source_location>
#include <span>
#include <string>
#include <string_view>

#include "logboom/level.h"
#include "logboom/record.h"
#include "logboom/value.h"

namespace logboom {

class ClientCore;
struct LoggerNode;

// One logger of a client's tree, made by Client::GetLogger. Names are dotted;
// a logger's parent is the longest existing prefix; one whose level is kNotSet
// takes its parent's: CPython's rules. A level that the server has set for a
// name counts in place of the program's own for as long as it lasts.
//
//   log.Info("payment authorised", {{"order_id", id}, {"amount_eur", 129.90}});
//
// A call below the logger's level costs one relaxed load. Any other copies the
// record, encoded, into a buffer of this thread and returns: it never waits for
// the network, and for room only as Options::when_full says. No call throws or
// fails; what becomes of a record that found no room is counted
// (Client::stats()).
//
// A handle, cheap to copy; it outlives its client: then records are counted as
// lost, and nothing else happens. One made by default logs nothing. All
// functions are thread-safe, in static constructors and destructors too.
class Logger {
 public:
  using Attributes = std::initializer_list<Attribute>;
  using Where = std::source_location;

  Logger();

  void Debug(std::string_view message, Attributes attributes = {},
             Where where = Where::current()) const noexcept {
    Log(Level::kDebug, message, Span(attributes), where);
  }
  void Info(std::string_view message, Attributes attributes = {},
            Where where = Where::current()) const noexcept {
    Log(Level::kInfo, message, Span(attributes), where);
  }
  void Warning(std::string_view message, Attributes attributes = {},
               Where where = Where::current()) const noexcept {
    Log(Level::kWarning, message, Span(attributes), where);
  }
  void Error(std::string_view message, Attributes attributes = {},
             Where where = Where::current()) const noexcept {
    Log(Level::kError, message, Span(attributes), where);
  }
  void Critical(std::string_view message, Attributes attributes = {},
                Where where = Where::current()) const noexcept {
    Log(Level::kCritical, message, Span(attributes), where);
  }

  // With an exception: its type, its what(), and those of the exceptions nested
  // in it, become exception.type, exception.message, exception.stacktrace.
  void Warning(const std::exception& exception, std::string_view message,
               Attributes attributes = {},
               Where where = Where::current()) const noexcept {
    Log(Level::kWarning, exception, message, Span(attributes), where);
  }
  void Error(const std::exception& exception, std::string_view message,
             Attributes attributes = {},
             Where where = Where::current()) const noexcept {
    Log(Level::kError, exception, message, Span(attributes), where);
  }
  void Critical(const std::exception& exception, std::string_view message,
                Attributes attributes = {},
                Where where = Where::current()) const noexcept {
    Log(Level::kCritical, exception, message, Span(attributes), where);
  }

  // At any level, with attributes made before the call.
  void Log(Level level, std::string_view message,
           std::span<const Attribute> attributes = {},
           Where where = Where::current()) const noexcept {
    if (IsEnabledFor(level)) {
      Write(level, nullptr, message, attributes, where);
    }
  }
  void Log(Level level, const std::exception& exception,
           std::string_view message, std::span<const Attribute> attributes = {},
           Where where = Where::current()) const noexcept {
    if (IsEnabledFor(level)) {
      Write(level, &exception, message, attributes, where);
    }
  }
  // A record of another logging library, if this logger's level lets it pass.
  void Log(const Record& record) const noexcept {
    if (IsEnabledFor(record.level)) Write(record);
  }

  // Whether a call at `level` would log now.
  bool IsEnabledFor(Level level) const noexcept {
    return static_cast<int32_t>(level) >=
           enabled_from_->load(std::memory_order_relaxed);
  }

  // This program's own level for this logger; kNotSet: as its parent.
  void SetLevel(Level level) const noexcept;
  Level level() const noexcept;
  // What counts now, the server's levels included.
  Level GetEffectiveLevel() const noexcept;

  // "root" for the root logger.
  const std::string& name() const noexcept;
  // GetLogger("a").GetChild("b.c") is GetLogger("a.b.c").
  Logger GetChild(std::string_view suffix) const;

 private:
  friend class Client;
  Logger(std::shared_ptr<ClientCore> core, LoggerNode* node);

  static std::span<const Attribute> Span(Attributes attributes) {
    return {attributes.begin(), attributes.size()};
  }

  // `exception` may be null.
  void Write(Level level, const std::exception* exception,
             std::string_view message, std::span<const Attribute> attributes,
             const Where& where) const noexcept;
  void Write(const Record& record) const noexcept;

  std::shared_ptr<ClientCore> core_;  // null: logs nothing
  LoggerNode* node_ = nullptr;        // owned by core_
  // The least level that is enabled. Lowest until the first call, enabled or
  // not, which starts the client.
  const std::atomic<int32_t>* enabled_from_;
};

}  // namespace logboom

#endif  // LOGBOOM_LOGGER_H_
