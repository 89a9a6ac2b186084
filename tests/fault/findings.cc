#include "tests/fault/findings.h"

#include "absl/strings/str_cat.h"

namespace logboom {
namespace {

constexpr size_t kExamples = 10;

}  // namespace

void Findings::Add(absl::string_view what, absl::string_view example) {
  MutexLock lock(&mu_);
  Cases& cases = cases_[std::string(what)];
  ++cases.count;
  if (cases.examples.size() < kExamples) cases.examples.emplace_back(example);
}

bool Findings::empty() const {
  MutexLock lock(&mu_);
  return cases_.empty();
}

int64_t Findings::count(absl::string_view what) const {
  MutexLock lock(&mu_);
  const auto found = cases_.find(std::string(what));
  return found == cases_.end() ? 0 : found->second.count;
}

std::string Findings::ToString() const {
  MutexLock lock(&mu_);
  std::string text;
  for (const auto& [what, cases] : cases_) {
    absl::StrAppend(&text, what, ": ", cases.count, "\n");
    for (const std::string& example : cases.examples) {
      absl::StrAppend(&text, "    ", example, "\n");
    }
  }
  return text;
}

}  // namespace logboom
