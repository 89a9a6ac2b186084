// Goal: loggers made and given levels in any order have the effective levels
// that CPython's logging gives them, at each step. Method: the same random
// steps here and in one script that this test writes for Python. Left out are
// names that CPython itself takes for a part of "root" ("r", "ro", "roo":
// Manager._fixupChildren compares beginnings), and empty parts of names.
#include <gtest/gtest.h>
#include <stdio.h>

#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/logger_levels.h"
#include "tests/testing/temp_folder.h"

namespace logboom {
namespace {

constexpr int kTrees = 100;
constexpr int kStepsOfATree = 60;

struct Step {
  enum class Kind { kGet, kGetChild, kSetLevel } kind;
  std::string name;
  std::string suffix;
  int32_t level = 0;
};
using Steps = std::vector<Step>;

template <typename T>
const T& Pick(const std::vector<T>& from, std::mt19937& random) {
  return from[random() % from.size()];
}

std::string RandomName(std::mt19937& random) {
  static const std::vector<std::string> parts = {"a",    "b",    "ab",
                                                 "shop", "root", "rot"};
  std::vector<std::string> name(1 + random() % 4);
  for (std::string& part : name) part = Pick(parts, random);
  return absl::StrJoin(name, ".");
}

Steps RandomSteps(uint32_t seed) {
  static const std::vector<int32_t> levels = {0, 0, 1, 10, 15, 20, 30, 40, 60};
  std::mt19937 random(seed);
  std::vector<std::string> names = {"", "root"};
  Steps steps;
  for (int i = 0; i < kStepsOfATree; ++i) {
    Step step;
    step.kind = static_cast<Step::Kind>(random() % 3);
    step.name = random() % 2 == 0 ? Pick(names, random) : RandomName(random);
    if (step.kind == Step::Kind::kGetChild) step.suffix = RandomName(random);
    step.level = Pick(levels, random);
    names.push_back(step.name);
    steps.push_back(std::move(step));
  }
  return steps;
}

// Python's half: after each step a line with the name and effective level of
// each logger got so far, at the end of a tree also the least enabled level.
constexpr char kScript[] = R"(
import logging

def show(loggers):
    print(' '.join('%s=%d' % (name, loggers[name].getEffectiveLevel())
                   for name in sorted(loggers)))

def run(steps):
    root = logging.root = logging.Logger.root = logging.RootLogger(30)
    logging.Logger.manager = logging.Manager(root)
    loggers = {'root': root}
    for kind, name, suffix, level in steps:
        logger = logging.getLogger(name)
        loggers[logger.name] = logger
        if kind == 1:
            logger = logger.getChild(suffix)
            loggers[logger.name] = logger
        elif kind == 2:
            logger.setLevel(level)
        show(loggers)
    for name in sorted(loggers):
        print(name, min(l for l in range(70) if loggers[name].isEnabledFor(l)))

)";

std::string PythonScript(const std::vector<Steps>& trees) {
  std::string script = kScript;
  for (const Steps& steps : trees) {
    script += "run([";
    for (const Step& step : steps) {
      absl::StrAppend(&script, "(", static_cast<int>(step.kind), ",'",
                      step.name, "','", step.suffix, "',", step.level, "),");
    }
    script += "])\n";
  }
  return script;
}

std::string PythonsAnswer(const std::string& script) {
  const TempFolder folder;
  const std::string path = folder.PathOf("levels.py");
  std::ofstream(path) << script;
  FILE* const python =
      popen(absl::StrCat("'" LOGBOOM_PYTHON "' -S ", path).c_str(), "r");
  if (python == nullptr) return "";
  std::string answer;
  char part[4096];
  size_t size;
  while ((size = fread(part, 1, sizeof(part), python)) > 0) {
    answer.append(part, size);
  }
  EXPECT_EQ(pclose(python), 0);
  return answer;
}

// Our half.
class Tree {
 public:
  Tree() { levels_.Activate(); }

  std::string Run(const Steps& steps) {
    std::string shown;
    for (const Step& step : steps) {
      Take(step);
      absl::StrAppend(&shown, Show(), "\n");
    }
    for (const auto& [name, node] : nodes_) {
      absl::StrAppend(&shown, name, " ", node->enabled_from.load(), "\n");
    }
    return shown;
  }

 private:
  void Take(const Step& step) {
    LoggerNode* node = Keep(levels_.GetLogger(step.name));
    switch (step.kind) {
      case Step::Kind::kGet:
        break;
      case Step::Kind::kGetChild:
        Keep(levels_.GetChild(*node, step.suffix));
        break;
      case Step::Kind::kSetLevel:
        levels_.SetLevel(*node, step.level);
        break;
    }
  }
  LoggerNode* Keep(LoggerNode* node) {
    nodes_[node->name] = node;
    return node;
  }
  std::string Show() const {
    std::vector<std::string> shown;
    for (const auto& [name, node] : nodes_) {
      shown.push_back(absl::StrCat(name, "=", levels_.effective_level(*node)));
    }
    return absl::StrJoin(shown, " ");
  }

  LoggerLevels levels_{30};
  std::map<std::string, LoggerNode*> nodes_ = {
      {"root", levels_.GetLogger("root")}};
};

TEST(LoggerLevelsAgreementTest, EffectiveLevelsAreCPythonsAtEachStep) {
  std::vector<Steps> trees;
  for (uint32_t seed = 0; seed < kTrees; ++seed) {
    trees.push_back(RandomSteps(seed));
  }
  const std::string answer = PythonsAnswer(PythonScript(trees));
  const std::vector<absl::string_view> expected = absl::StrSplit(answer, '\n');
  size_t line = 0;
  for (uint32_t seed = 0; seed < kTrees; ++seed) {
    const std::string shown = Tree().Run(trees[seed]);
    for (const absl::string_view ours :
         absl::StrSplit(shown, '\n', absl::SkipEmpty())) {
      ASSERT_LT(line, expected.size());
      ASSERT_EQ(ours, expected[line]) << "tree " << seed << ", line " << line;
      ++line;
    }
  }
  EXPECT_EQ(line + 1, expected.size());  // behind the last newline
}

}  // namespace
}  // namespace logboom
