#ifndef LOGBOOM_SERVER_CONFIG_YAML_NODE_H_
#define LOGBOOM_SERVER_CONFIG_YAML_NODE_H_

#include <cstdint>
#include <string>
#include <vector>

namespace logboom {

// A place in a file; both count from 1, columns in bytes.
struct Location {
  int line = 1;
  int column = 1;
};

inline bool IsBefore(const Location& a, const Location& b) {
  return a.line < b.line || (a.line == b.line && a.column < b.column);
}

// One value of a YAML document with the place where it stands. Plain data, of
// the type that Python's yaml.safe_load would give it (YAML 1.1: a plain `off`
// is false, `010` is 8), so that a file means the same to both.
struct YamlNode {
  enum class Kind {
    kNull,
    kBool,
    kInt,
    kFloat,
    kString,
    kOther,  // a plain date, base-60 number, `=` or `<<`: to be quoted
    kList,
    kMap,
  };
  struct Entry;

  Kind kind = Kind::kNull;
  Location at;
  std::string text;      // scalars: without quotes, escapes resolved
  bool boolean = false;  // kBool
  // kInt; beyond 64 bits the nearest that fits.
  int64_t integer = 0;
  std::vector<YamlNode> items;  // kList
  // kMap, in file order; a key may be of any scalar kind and stand twice.
  std::vector<Entry> entries;
};

struct YamlNode::Entry {
  YamlNode key;
  YamlNode value;
};

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_YAML_NODE_H_
