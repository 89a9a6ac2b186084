// Goal: a producer is described by what its resource says, however odd, and by
// a bounded part of it.

#include "server/control/producer_description.h"

#include <gtest/gtest.h>

#include <string>

#include "logboom/v1/ingest.pb.h"

namespace logboom {
namespace {

v1::AnyValue* Add(v1::Resource* resource, const std::string& key) {
  v1::KeyValue& attribute = *resource->add_attributes();
  attribute.set_key(key);
  return attribute.mutable_value();
}

TEST(ProducerDescriptionTest, ReadsWhatTheConventionsName) {
  v1::Resource resource;
  Add(&resource, "other")->set_string_value("x");
  Add(&resource, "service.name")->set_string_value("billing");
  Add(&resource, "service.instance.id")->set_string_value("one");
  Add(&resource, "host.name")->set_string_value("web1");
  Add(&resource, "process.pid")->set_int_value(4711);
  const std::string bytes = resource.SerializeAsString();
  const ProducerDescription described = DescribeProducer(bytes);
  EXPECT_EQ(described.service, "billing");
  EXPECT_EQ(described.instance, "one");
  EXPECT_EQ(described.host, "web1");
  EXPECT_EQ(described.pid, 4711);
  EXPECT_EQ(ServiceOf(bytes), "billing");
}

TEST(ProducerDescriptionTest, ValuesOfOtherTypesSayNothing) {
  v1::Resource resource;
  Add(&resource, "service.name")->set_int_value(5);
  Add(&resource, "process.pid")->set_string_value("5");
  const ProducerDescription described =
      DescribeProducer(resource.SerializeAsString());
  EXPECT_EQ(described.service, "");
  EXPECT_EQ(described.pid, 0);
  EXPECT_EQ(DescribeProducer("").host, "");
}

TEST(ProducerDescriptionTest, KeepsABoundedPart) {
  v1::Resource resource;
  const std::string name(ProducerDescription::kMaxBytes + 44, 'x');
  Add(&resource, "service.name")->set_string_value(name);
  const std::string bytes = resource.SerializeAsString();
  EXPECT_EQ(DescribeProducer(bytes).service.size(),
            ProducerDescription::kMaxBytes);
  EXPECT_EQ(ServiceOf(bytes), name);
}

}  // namespace
}  // namespace logboom
