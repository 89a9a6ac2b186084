#ifndef LOGBOOM_SERVER_CONFIG_ERROR_LIST_H_
#define LOGBOOM_SERVER_CONFIG_ERROR_LIST_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/config/yaml_node.h"

namespace logboom {

// The errors of one file, collected so that all are reported at once.
class ErrorList {
 public:
  explicit ErrorList(absl::string_view file) : file_(file) {}

  // `path` names the value: `listen.grpc`; '' is the whole file.
  void Add(const Location& at, absl::string_view path,
           absl::string_view message);

  bool empty() const { return errors_.empty(); }

  // A line each, `file:line:col: path: message`, in file order, none twice (an
  // alias can show one mistake twice); without a line end after the last.
  std::string ToString() const;

 private:
  struct Error {
    Location at;
    std::string text;
  };

  const std::string file_;
  std::vector<Error> errors_;
};

// `text` in quotes for a message: control characters escaped, cut at 80 bytes.
std::string Quote(absl::string_view text);

// `text` with control characters as \xNN: a message of another part, which may
// quote the file, stays one line.
std::string OneLine(absl::string_view text);

// "a, b, c": what is accepted. The first ten, and how many more there are.
std::string Listed(const std::vector<std::string>& names);

// ", did you mean 'NAME'?" with the name nearest to `text`, when one of the
// first hundred is near; else ''.
std::string DidYouMean(absl::string_view text,
                       const std::vector<std::string>& names);

}  // namespace logboom

#endif  // LOGBOOM_SERVER_CONFIG_ERROR_LIST_H_
