#include "client/own_resource.h"

#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <map>

#include "absl/strings/str_cat.h"
#include "logboom/v1/record.pb.h"

namespace logboom {
namespace {

using ::testing::MatchesRegex;

std::map<std::string, std::string> Attributes(const std::string& encoded) {
  v1::Resource resource;
  EXPECT_TRUE(resource.ParseFromString(encoded));
  std::map<std::string, std::string> attributes;
  for (const v1::KeyValue& attribute : resource.attributes()) {
    EXPECT_TRUE(
        attributes
            .emplace(attribute.key(), attribute.value().ShortDebugString())
            .second)
        << attribute.key() << " is there twice";
  }
  return attributes;
}

TEST(OwnResourceTest, DescribesThisProcess) {
  auto attributes = Attributes(EncodeOwnResource("cart"));
  EXPECT_EQ(attributes.size(), 4u);
  EXPECT_EQ(attributes["service.name"], "string_value: \"cart\"");
  EXPECT_EQ(attributes["process.pid"], absl::StrCat("int_value: ", getpid()));
  EXPECT_NE(attributes["host.name"], "string_value: \"\"");
  EXPECT_THAT(
      attributes["service.instance.id"],
      MatchesRegex("string_value: \"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}"
                   "-[89ab][0-9a-f]{3}-[0-9a-f]{12}\""));
}

TEST(OwnResourceTest, TwoProgramsAreTwoInstances) {
  EXPECT_NE(EncodeOwnResource("cart"), EncodeOwnResource("cart"));
}

TEST(OwnResourceTest, AServiceWithoutANameIsTheProgram) {
  EXPECT_EQ(
      Attributes(EncodeOwnResource(""))["service.name"],
      absl::StrCat("string_value: \"", program_invocation_short_name, "\""));
}

TEST(OwnResourceTest, WhatIsGivenIsAddedOrReplaces) {
  auto attributes = Attributes(EncodeOwnResource(
      "cart", {{"host.name", "h"}, {"service.version", "1.2"}}));
  EXPECT_EQ(attributes.size(), 5u);
  EXPECT_EQ(attributes["host.name"], "string_value: \"h\"");
  EXPECT_EQ(attributes["service.version"], "string_value: \"1.2\"");
}

}  // namespace
}  // namespace logboom
