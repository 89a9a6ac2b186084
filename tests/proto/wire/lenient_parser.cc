#include "tests/proto/wire/lenient_parser.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/io/coded_stream.h>

#include <memory>

#include "logboom/v1/ingest.pb.h"

namespace logboom::testing {
namespace {

using google::protobuf::DescriptorProto;
using google::protobuf::FieldDescriptorProto;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;

FileDescriptorProto WithoutUtf8Check(const FileDescriptor* file) {
  FileDescriptorProto copy;
  file->CopyTo(&copy);
  for (DescriptorProto& message : *copy.mutable_message_type()) {
    for (FieldDescriptorProto& field : *message.mutable_field()) {
      if (field.type() == FieldDescriptorProto::TYPE_STRING) {
        field.set_type(FieldDescriptorProto::TYPE_BYTES);
      }
    }
  }
  return copy;
}

}  // namespace

LenientParser::LenientParser() {
  const FileDescriptor* const kFiles[] = {
      google::protobuf::Duration::descriptor()->file(),
      v1::LogRecord::descriptor()->file(), v1::LogBatch::descriptor()->file()};
  for (const FileDescriptor* file : kFiles) {
    pool_.BuildFile(WithoutUtf8Check(file));
  }
  prototype_ = factory_.GetPrototype(
      pool_.FindMessageTypeByName(v1::LogBatch::descriptor()->full_name()));
}

bool LenientParser::Accepts(absl::string_view batch) {
  const std::unique_ptr<google::protobuf::Message> message(prototype_->New());
  google::protobuf::io::CodedInputStream in(
      reinterpret_cast<const uint8_t*>(batch.data()),
      static_cast<int>(batch.size()));
  in.SetRecursionLimit(100000);
  return message->ParseFromCodedStream(&in) && in.ConsumedEntireMessage();
}

}  // namespace logboom::testing
