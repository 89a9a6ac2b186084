#ifndef LOGBOOM_TESTS_PROTO_WIRE_LENIENT_PARSER_H_
#define LOGBOOM_TESTS_PROTO_WIRE_LENIENT_PARSER_H_

#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>

#include "absl/strings/string_view.h"

namespace logboom::testing {

// Protobuf's own parser of LogBatch, made to overlook what CheckBatch overlooks
// or limits otherwise: every string is declared as bytes (no UTF-8 check), and
// the recursion limit is out of the way.
class LenientParser {
 public:
  LenientParser();

  bool Accepts(absl::string_view batch);

 private:
  google::protobuf::DescriptorPool pool_;
  google::protobuf::DynamicMessageFactory factory_;
  const google::protobuf::Message* prototype_;
};

}  // namespace logboom::testing

#endif  // LOGBOOM_TESTS_PROTO_WIRE_LENIENT_PARSER_H_
