#include "server/control/producer_description.h"

#include "proto/wire/record_view.h"

namespace logboom {
namespace {

using Kind = AnyValueView::Kind;

absl::string_view TextOf(absl::string_view resource, absl::string_view key) {
  const auto value = MapView(resource, 1).Find(key);
  if (!value || value->kind() != Kind::kString) return "";
  return value->string_value();
}

std::string Shortened(absl::string_view text) {
  return std::string(text.substr(0, ProducerDescription::kMaxBytes));
}

}  // namespace

absl::string_view ServiceOf(absl::string_view resource) {
  return TextOf(resource, "service.name");
}

ProducerDescription DescribeProducer(absl::string_view resource) {
  ProducerDescription described;
  described.service = Shortened(ServiceOf(resource));
  described.instance = Shortened(TextOf(resource, "service.instance.id"));
  described.host = Shortened(TextOf(resource, "host.name"));
  const auto pid = MapView(resource, 1).Find("process.pid");
  if (pid && pid->kind() == Kind::kInt) described.pid = pid->int_value();
  return described;
}

}  // namespace logboom
