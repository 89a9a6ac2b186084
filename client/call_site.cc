#include "client/call_site.h"

#include <algorithm>
#include <array>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "base/mutex.h"
#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr absl::string_view kAnonymous = "(anonymous namespace)";
constexpr absl::string_view kOperator = "operator";

// The length of the bracketed text that `text` begins with, both brackets
// included.
size_t BracketedSize(absl::string_view text) {
  const char open = text[0];
  const char close = open == '(' ? ')' : '>';
  int depth = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == open) ++depth;
    if (text[i] == close && --depth == 0) return i + 1;
  }
  return text.size();
}

bool IsNamesPart(char c) { return absl::ascii_isalnum(c) || c == '_'; }

// Whether the word "operator" stands at `at`, and not a part of a longer one.
bool IsOperatorAt(absl::string_view text, size_t at) {
  if (!absl::StartsWith(text.substr(at), kOperator)) return false;
  const size_t end = at + kOperator.size();
  return (at == 0 || !IsNamesPart(text[at - 1])) &&
         (end == text.size() || !IsNamesPart(text[end]));
}

// Without "[with T = int]" and "[T = int]" at the end.
absl::string_view WithoutTemplateArguments(absl::string_view signature) {
  if (!absl::EndsWith(signature, "]")) return signature;
  int depth = 0;
  for (size_t i = signature.size(); i-- > 0;) {
    if (signature[i] == ']') ++depth;
    if (signature[i] == '[' && --depth == 0) return signature.substr(0, i);
  }
  return signature;
}

// Of a function that returns a pointer to one, "void (*NAME(int))(char)", what
// is between the first brackets and its star; any other as it is.
absl::string_view WithoutReturnedFunction(absl::string_view signature) {
  size_t i = 0;
  while (i < signature.size() && signature[i] != '(') {
    i += signature[i] == '<' ? BracketedSize(signature.substr(i)) : 1;
  }
  if (i + 1 >= signature.size()) return signature;
  if (signature[i + 1] != '*' && signature[i + 1] != '&') return signature;
  const size_t size = BracketedSize(signature.substr(i));
  return signature.substr(i + 1, size - std::min<size_t>(size, 2));
}

// The operator's own symbol behind the word: "()", "<<", "[]", "->"; empty for
// a conversion, whose name goes on with a space.
absl::string_view OperatorSymbol(absl::string_view text) {
  if (absl::StartsWith(text, "()") || absl::StartsWith(text, "[]")) {
    return text.substr(0, 2);
  }
  return text.substr(0, text.find_first_not_of("<>=!+-*/%^&|~,"));
}

// Without arguments and template arguments.
std::string WithoutBrackets(absl::string_view signature) {
  std::string out;
  absl::string_view text = signature;
  while (!text.empty()) {
    absl::string_view kept;
    size_t passed;
    if (absl::StartsWith(text, kAnonymous)) {
      kept = kAnonymous;
      passed = kept.size();
    } else if (IsOperatorAt(signature, signature.size() - text.size())) {
      out += std::string(kOperator);
      text.remove_prefix(kOperator.size());
      kept = OperatorSymbol(text);
      passed = kept.size();
    } else if (absl::StartsWith(text, "<lambda")) {
      kept = "<lambda>";
      passed = BracketedSize(text);
    } else if (absl::StartsWith(text, "(lambda at") ||
               absl::StartsWith(text, "(anonymous class)")) {
      kept = "<lambda>";
      passed = BracketedSize(text);
    } else if (text[0] == '(' || text[0] == '<') {
      passed = BracketedSize(text);
    } else {
      kept = text.substr(0, 1);
      passed = 1;
    }
    out.append(kept.data(), kept.size());
    text.remove_prefix(passed);
  }
  return out;
}

// Where the name begins: behind the last space, but for those inside of names.
size_t NameBegin(absl::string_view text) {
  size_t end = text.size();
  for (size_t i = 0; i < end; ++i) {
    if (IsOperatorAt(text, i)) end = i;
  }
  size_t space;
  while ((space = text.rfind(' ', end)) != text.npos) {
    constexpr absl::string_view kInside = "(anonymous";
    if (!absl::EndsWith(text.substr(0, space), kInside)) return space + 1;
    end = space - 1;
  }
  return 0;
}

using Place = std::tuple<const char*, const char*, uint32_t>;

// Kept for good; never destroyed, so that it is there in static destructors.
struct Places {
  Mutex mu;
  absl::flat_hash_map<Place, std::unique_ptr<const std::string>> encoded
      ABSL_GUARDED_BY(mu);
};

absl::string_view Intern(const std::source_location& where) {
  static Places& places = *new Places;
  const Place place(where.file_name(), where.function_name(), where.line());
  MutexLock lock(&places.mu);
  std::unique_ptr<const std::string>& encoded = places.encoded[place];
  if (encoded == nullptr) {
    encoded = std::make_unique<const std::string>(EncodeCallSite(
        where.file_name(), where.line(), FunctionName(where.function_name())));
  }
  return *encoded;
}

// What a thread has met lately, by a hash of the place. Without a destructor,
// as the thread may log after its other thread_locals are gone.
struct Met {
  const char* file = nullptr;
  const char* function = nullptr;
  uint32_t line = 0;
  uint32_t size = 0;
  const char* encoded = nullptr;
};
thread_local constinit std::array<Met, 64> lately;

}  // namespace

std::string FunctionName(absl::string_view signature) {
  const std::string bare = WithoutBrackets(
      WithoutReturnedFunction(WithoutTemplateArguments(signature)));
  absl::string_view name = bare;
  while (absl::ConsumeSuffix(&name, " const") ||
         absl::ConsumeSuffix(&name, " volatile") ||
         absl::ConsumeSuffix(&name, " noexcept") ||
         absl::ConsumeSuffix(&name, " mutable") ||
         absl::ConsumeSuffix(&name, " &&") ||
         absl::ConsumeSuffix(&name, " &") || absl::ConsumeSuffix(&name, " ")) {
  }
  name = name.substr(NameBegin(name));
  // Clang: "int Box<int>::*shop::MP()"
  const size_t member = name.rfind("::*");
  if (member != name.npos) name.remove_prefix(member + 2);
  while (absl::ConsumePrefix(&name, "*") || absl::ConsumePrefix(&name, "&")) {
  }
  return std::string(name);
}

std::string EncodeCallSite(absl::string_view file, uint32_t line,
                           absl::string_view function) {
  std::string encoded;
  RecordWriter record(&encoded);
  if (!file.empty()) record.Attribute("code.file.path", file);
  if (line != 0) record.AttributeInt("code.line.number", line);
  if (!function.empty()) record.Attribute("code.function.name", function);
  return encoded;
}

absl::string_view EncodedCallSite(const std::source_location& where) {
  const size_t hash =
      (reinterpret_cast<uintptr_t>(where.file_name()) >> 3) ^ where.line();
  Met& met = lately[hash % lately.size()];
  if (met.file != where.file_name() || met.line != where.line() ||
      met.function != where.function_name()) {
    const absl::string_view encoded = Intern(where);
    met = {where.file_name(), where.function_name(), where.line(),
           static_cast<uint32_t>(encoded.size()), encoded.data()};
  }
  return {met.encoded, met.size};
}

}  // namespace logboom
