#include "server/config/dict_config.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/config/dict_config_value.h"
#include "server/config/formatter_config.h"
#include "server/config/handler_config.h"

namespace logboom {
namespace {

void CheckVersion(const ConfigValue& section, const ConfigValue* version) {
  if (section.node().kind != YamlNode::Kind::kMap) return;
  if (version == nullptr) {
    section.Error("the key 'version' is missing; accepted: version: 1");
    return;
  }
  const YamlNode& node = version->node();
  if (node.kind != YamlNode::Kind::kInt || node.integer != 1) {
    version->WrongType("1");
  }
}

void CheckIncremental(const ConfigValue* value) {
  if (value == nullptr || value->is_null()) return;
  if (value->Bool().value_or(false)) {
    value->Error(
        "changing a running configuration is not supported yet; accepted: "
        "false");
  }
}

// Accepted and without effect: a server starts with no loggers to disable.
void CheckDisableExisting(const ConfigValue* value) {
  if (value != nullptr && !value->is_null()) value->Bool();
}

void LoadFormatters(const ConfigValue* value, DictConfigNames* names) {
  if (value == nullptr) return;
  const auto entries = value->Entries();
  if (!entries.has_value()) return;
  for (const ConfigValue::Named& entry : *entries) {
    names->formatter_names.push_back(entry.name);
    names->formatters.push_back(LoadFormatter(entry.value));
  }
}

void LoadFilterNames(const ConfigValue* value, DictConfigNames* names) {
  if (value == nullptr) return;
  const auto entries = value->Entries();
  if (!entries.has_value()) return;
  for (const ConfigValue::Named& entry : *entries) {
    const ConfigMap map(entry.value, {"name"},
                        {{"()", "nothing in a configuration may run code"}});
    const ConfigValue* name = map.Get("name");
    names->filter_names.push_back(entry.name);
    names->filters.push_back(
        name == nullptr ? "" : PythonString(*name).value_or(""));
  }
}

// DictConfigurator.common_logger_config. May be applied to one logger more than
// once: '' and `root` under `loggers` are the root too. A level that is not
// given stays, handlers are replaced, filters are added.
void ApplyLogger(const ConfigMap& map, const DictConfigNames& names,
                 LoggerOptions* logger) {
  if (const ConfigValue* level = map.Get("level");
      level != nullptr && !level->is_null()) {
    logger->level = PythonLevel(*level).value_or(logger->level);
  }
  logger->handlers.clear();
  if (const ConfigValue* handlers = map.Get("handlers")) {
    for (const int index :
         PythonReferences(*handlers, names.handler_names, "handler")) {
      // Logger.addHandler ignores one that is attached already.
      auto& attached = logger->handlers;
      if (std::find(attached.begin(), attached.end(), index) ==
          attached.end()) {
        attached.push_back(index);
      }
    }
  }
  for (std::string& filter : LoadFilters(map.Get("filters"), names)) {
    logger->filters.push_back(std::move(filter));
  }
}

void LoadLoggers(const ConfigValue* value, const DictConfigNames& names,
                 LoggingOptions* logging) {
  if (value == nullptr) return;
  const auto entries = value->Entries();
  if (!entries.has_value()) return;
  for (const ConfigValue::Named& entry : *entries) {
    const ConfigMap map(entry.value,
                        {"level", "propagate", "handlers", "filters"});
    const bool is_root = entry.name.empty() || entry.name == "root";
    LoggerOptions* logger = &logging->root;
    if (!is_root) {
      logging->loggers.push_back(LoggerOptions{.name = entry.name});
      logger = &logging->loggers.back();
    }
    ApplyLogger(map, names, logger);
    if (const ConfigValue* propagate = map.Get("propagate");
        propagate != nullptr && !propagate->is_null()) {
      // Of the root too, where it means nothing: there is no parent.
      logger->propagate = propagate->Bool().value_or(true);
    }
  }
}

void LoadRoot(const ConfigValue* value, const DictConfigNames& names,
              LoggingOptions* logging) {
  if (value == nullptr || value->is_null()) return;
  const ConfigMap map(
      *value, {"level", "handlers", "filters"},
      {{"propagate", "the root logger has no parent to propagate to"}});
  // dictConfig leaves an empty section out.
  if (value->node().entries.empty()) return;
  ApplyLogger(map, names, &logging->root);
}

}  // namespace

LoggingOptions LoadDictConfig(const ConfigValue& value) {
  const ConfigMap map(
      value, {"version", "formatters", "filters", "handlers", "loggers", "root",
              "disable_existing_loggers", "incremental"});
  CheckVersion(value, map.Get("version"));
  CheckIncremental(map.Get("incremental"));
  CheckDisableExisting(map.Get("disable_existing_loggers"));

  LoggingOptions logging;
  DictConfigNames names;
  LoadFormatters(map.Get("formatters"), &names);
  LoadFilterNames(map.Get("filters"), &names);
  if (const ConfigValue* handlers = map.Get("handlers")) {
    logging.handlers = LoadHandlers(*handlers, names);
  }
  for (const HandlerOptions& handler : logging.handlers) {
    names.handler_names.push_back(handler.name);
  }
  LoadLoggers(map.Get("loggers"), names, &logging);
  LoadRoot(map.Get("root"), names, &logging);
  return logging;
}

}  // namespace logboom
