// Goal: a function's name is what a reader of the source calls it, whichever
// compiler spelt its signature. Method: signatures as GCC 12 and Clang 16 give
// them for the same functions, and this compiler's own.
#include "client/call_site.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <source_location>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "logboom/v1/record.pb.h"

namespace logboom {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::IsEmpty;

struct Spelling {
  const char* signature;
  const char* name;
};
void PrintTo(const Spelling& spelling, std::ostream* out) {
  *out << spelling.signature;
}

class FunctionNameTest : public ::testing::TestWithParam<Spelling> {};

TEST_P(FunctionNameTest, IsTheQualifiedNameAlone) {
  EXPECT_EQ(FunctionName(GetParam().signature), GetParam().name);
}

INSTANTIATE_TEST_SUITE_P(
    Gcc, FunctionNameTest,
    ::testing::Values(
        Spelling{"int main()", "main"},
        Spelling{"void shop::{anonymous}::Anon(int)",
                 "shop::{anonymous}::Anon"},
        Spelling{"void shop::{anonymous}::Hid::M()",
                 "shop::{anonymous}::Hid::M"},
        Spelling{"shop::Cart::Cart()", "shop::Cart::Cart"},
        Spelling{"shop::Cart::~Cart()", "shop::Cart::~Cart"},
        Spelling{"void shop::Cart::Add(int) const", "shop::Cart::Add"},
        Spelling{"static int shop::Cart::S(std::vector<int>)", "shop::Cart::S"},
        Spelling{"bool shop::Cart::operator<(const shop::Cart&) const",
                 "shop::Cart::operator<"},
        Spelling{"shop::Cart& shop::Cart::operator<<(int)",
                 "shop::Cart::operator<<"},
        Spelling{"void shop::Cart::operator()(int)", "shop::Cart::operator()"},
        Spelling{"shop::Cart::operator bool() const",
                 "shop::Cart::operator bool"},
        Spelling{"shop::Cart::operator std::vector<int>() const",
                 "shop::Cart::operator std::vector"},
        Spelling{"shop::Cart* shop::Cart::operator->()",
                 "shop::Cart::operator->"},
        Spelling{"int shop::Cart::operator[](int)", "shop::Cart::operator[]"},
        Spelling{"static void* shop::Cart::operator new(size_t)",
                 "shop::Cart::operator new"},
        Spelling{"bool shop::Cart::operator>(const shop::Cart&) &&",
                 "shop::Cart::operator>"},
        Spelling{"bool shop::Cart::operator>=(const shop::Cart&) const &",
                 "shop::Cart::operator>="},
        Spelling{"auto shop::Cart::operator<=>(int) const",
                 "shop::Cart::operator<=>"},
        Spelling{"void shop::Cart::operator,(int)", "shop::Cart::operator,"},
        Spelling{"void shop::Cart::In::T(U) [with U = int]",
                 "shop::Cart::In::T"},
        Spelling{"T shop::Box<T>::Get(U) [with U = int; T = std::map<int, "
                 "std::__cxx11::basic_string<char> >]",
                 "shop::Box::Get"},
        Spelling{"shop::Box<int>::L()::<lambda(auto:11)> [with auto:11 = int]",
                 "shop::Box::L::<lambda>"},
        Spelling{"bool shop::Box<T>::operator<(int) [with T = int]",
                 "shop::Box::operator<"},
        Spelling{"std::map<T, std::vector<T> > shop::Free(T (&)[N]) [with T = "
                 "int; int N = 3]",
                 "shop::Free"},
        Spelling{"void shop::Show(const T&) [with T = char [6]]", "shop::Show"},
        Spelling{"void (* shop::RetFn(Fn))(int)", "shop::RetFn"},
        Spelling{"void (* shop::RetFn2(int))(char)", "shop::RetFn2"},
        Spelling{"decltype(auto) shop::DA()", "shop::DA"},
        Spelling{"long double shop::operator\"\"_km(long double)",
                 "shop::operator\"\"_km"},
        Spelling{"const char* shop::CP(const char*, long unsigned int)",
                 "shop::CP"},
        Spelling{"int shop::Box<int>::* shop::MP()", "shop::MP"},
        Spelling{"<lambda()>", "<lambda>"},
        Spelling{"main()::<lambda()>", "main::<lambda>"},
        Spelling{"main()::<lambda(int)> mutable", "main::<lambda>"},
        Spelling{"main()::<lambda()>::<lambda()>", "main::<lambda>::<lambda>"},
        Spelling{"main()::<lambda(auto:12 ...)> [with auto:12 = {int, "
                 "double}]",
                 "main::<lambda>"},
        Spelling{"void main()::Local::F(std::vector<std::pair<int, char> >)",
                 "main::Local::F"}));

INSTANTIATE_TEST_SUITE_P(
    Clang, FunctionNameTest,
    ::testing::Values(
        Spelling{"void shop::(anonymous namespace)::Anon(int)",
                 "shop::(anonymous namespace)::Anon"},
        Spelling{"void shop::(anonymous namespace)::Hid::M()",
                 "shop::(anonymous namespace)::Hid::M"},
        Spelling{"void (anonymous namespace)::Anon(int)",
                 "(anonymous namespace)::Anon"},
        Spelling{"Cart &shop::Cart::operator<<(int)", "shop::Cart::operator<<"},
        Spelling{"bool shop::Cart::operator bool() const",
                 "shop::Cart::operator bool"},
        Spelling{"std::vector<int> shop::Cart::operator vector() const",
                 "shop::Cart::operator vector"},
        Spelling{"Cart *shop::Cart::operator->()", "shop::Cart::operator->"},
        Spelling{"static void *shop::Cart::operator new(size_t)",
                 "shop::Cart::operator new"},
        Spelling{"T shop::Box<std::map<int, std::basic_string<char>>>::Get(U) "
                 "[T = std::map<int, std::basic_string<char>>, U = int]",
                 "shop::Box::Get"},
        Spelling{"auto shop::Box<int>::L()::(anonymous "
                 "class)::operator()(auto) const [T = int, x:auto = int]",
                 "shop::Box::L::<lambda>::operator()"},
        Spelling{"T shop::Box<int>::operator int() [T = int]",
                 "shop::Box::operator int"},
        Spelling{"std::map<T, std::vector<T>> shop::Free(T (&)[N]) [T = int, N "
                 "= 3]",
                 "shop::Free"},
        Spelling{"void shop::Show(const T &) [T = char[6]]", "shop::Show"},
        Spelling{"void (*shop::RetFn2(int))(char)", "shop::RetFn2"},
        Spelling{"const char *shop::CP(const char *, unsigned long)",
                 "shop::CP"},
        Spelling{"int Box<int>::*shop::MP()", "shop::MP"},
        Spelling{"auto (anonymous class)::operator()() const",
                 "<lambda>::operator()"},
        Spelling{"auto main()::(anonymous class)::operator()(int)",
                 "main::<lambda>::operator()"},
        Spelling{"auto main()::(anonymous class)::operator()()::(anonymous "
                 "class)::operator()() const",
                 "main::<lambda>::operator()::<lambda>::operator()"},
        Spelling{"auto main()::(anonymous class)::operator()(auto...) const "
                 "[xs:auto = <int, double>]",
                 "main::<lambda>::operator()"}));

// Names in which a word of the language is a part of a longer one.
INSTANTIATE_TEST_SUITE_P(
    Words, FunctionNameTest,
    ::testing::Values(
        Spelling{"void db::join_operator<T>::Run(int) [with T = int]",
                 "db::join_operator::Run"},
        Spelling{"operator_result db::Plan::Next(int)", "db::Plan::Next"},
        Spelling{"void operators::Run()", "operators::Run"},
        Spelling{"void plain", "plain"}, Spelling{"plain", "plain"},
        Spelling{"", ""}));

TEST(FunctionNameOfAnyTest, TextIsTaken) {
  for (const char* text : {"(",
                           "<",
                           ">",
                           ")",
                           "]",
                           "[",
                           " ",
                           "  ",
                           "operator",
                           "operator<",
                           "<lambda",
                           "(anonymous class)",
                           "(anonymous namespace",
                           " []",
                           "&",
                           "*",
                           "a b(",
                           "f(<)",
                           "f<(>",
                           "const",
                           " const",
                           "[]]"}) {
    SCOPED_TRACE(text);
    EXPECT_LE(FunctionName(text).size(), 40u);
  }
}

std::source_location Here(
    std::source_location where = std::source_location::current()) {
  return where;
}

template <typename T>
struct Box {
  static std::vector<T> Find(const T&) {
    where = Here();
    return {};
  }
  bool operator<(int) const {
    where = Here();
    return true;
  }
  static inline std::source_location where;
};

TEST(FunctionNameOfThisCompilerTest, IsFoundToo) {
  Box<std::string>::Find("");
  EXPECT_THAT(FunctionName(Box<std::string>::where.function_name()),
              EndsWith("::Box::Find"));
  (void)(Box<int>() < 1);
  EXPECT_THAT(FunctionName(Box<int>::where.function_name()),
              EndsWith("::Box::operator<"));
}

std::vector<std::string> Attributes(absl::string_view encoded) {
  v1::LogRecord record;
  EXPECT_TRUE(
      record.ParseFromArray(encoded.data(), static_cast<int>(encoded.size())));
  std::vector<std::string> shown;
  for (const v1::KeyValue& pair : record.attributes()) {
    shown.push_back(
        pair.value().has_int_value()
            ? absl::StrCat(pair.key(), "=", pair.value().int_value())
            : absl::StrCat(pair.key(), "='", pair.value().string_value(), "'"));
  }
  return shown;
}

TEST(EncodeCallSiteTest, HasTheConventionsNames) {
  EXPECT_THAT(Attributes(EncodeCallSite("a/b.cc", 17, "N::F")),
              ElementsAre("code.file.path='a/b.cc'", "code.line.number=17",
                          "code.function.name='N::F'"));
}

TEST(EncodeCallSiteTest, LeavesOutWhatIsNotKnown) {
  EXPECT_THAT(Attributes(EncodeCallSite("", 0, "")), IsEmpty());
  EXPECT_THAT(Attributes(EncodeCallSite("a.cc", 0, "")),
              ElementsAre("code.file.path='a.cc'"));
  EXPECT_THAT(Attributes(EncodeCallSite("", UINT32_MAX, "")),
              ElementsAre("code.line.number=4294967295"));
}

TEST(EncodedCallSiteTest, IsOfThePlaceAndKept) {
  std::vector<absl::string_view> encoded;
  std::source_location where;
  for (int i = 0; i < 2; ++i) {
    where = Here();
    encoded.push_back(EncodedCallSite(where));
  }
  EXPECT_EQ(encoded[0].data(), encoded[1].data());
  EXPECT_EQ(encoded[0], EncodeCallSite(where.file_name(), where.line(),
                                       FunctionName(where.function_name())));
}

TEST(EncodedCallSiteTest, FunctionsOnOneLineDoNotShareAPlace) {
  // clang-format off
  struct A { static std::source_location F() { return Here(); } }; struct B { static std::source_location F() { return Here(); } };
  // clang-format on
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(Attributes(EncodedCallSite(A::F()))[2], EndsWith("A::F'"));
    EXPECT_THAT(Attributes(EncodedCallSite(B::F()))[2], EndsWith("B::F'"));
  }
}

TEST(EncodedCallSiteTest, AllThreadsFindTheSameBytes) {
  const std::source_location where = Here();
  std::vector<absl::string_view> found(4);
  std::vector<std::thread> threads;
  for (absl::string_view& view : found) {
    threads.emplace_back([&view, where] { view = EncodedCallSite(where); });
  }
  for (std::thread& thread : threads) thread.join();
  for (const absl::string_view view : found) {
    EXPECT_EQ(view.data(), found[0].data());
  }
}

}  // namespace
}  // namespace logboom
