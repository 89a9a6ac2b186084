#include "tests/fault/raw_frames.h"

#include "proto/wire/record_writer.h"

namespace logboom {
namespace {

constexpr uint64_t kSomeTime = 1'700'000'000'123'456'789;
constexpr int32_t kInfo = 9;

// Reserves a frame's length and returns where the frame begins.
size_t BeginFrame(std::string* out) {
  out->append(4, '\0');
  return out->size() - 4;
}

void EndFrame(size_t begin, std::string* out) {
  const size_t size = out->size() - begin - 4;
  for (size_t i = 0; i < 4; ++i) {
    (*out)[begin + i] = static_cast<char>(size >> (24 - 8 * i));
  }
}

void WriteRecord(const KnownRecord& record, std::string* out) {
  RecordWriter writer(out);
  writer.Time(kSomeTime);
  writer.SeverityNumber(kInfo);
  writer.BodyText(record.Message());
  writer.Logger(record.source.logger());
}

// Opcodes of pickle's protocol 1 (CPython's Lib/pickle.py).
class PickleWriter {
 public:
  explicit PickleWriter(std::string* out) : out_(*out) {}

  void BeginDict() { out_.append("}("); }  // EMPTY_DICT, MARK
  void EndDict() { out_.append("u."); }    // SETITEMS, STOP
  void None() { out_.push_back('N'); }
  void SmallInt(uint8_t value) {
    out_.push_back('K');  // BININT1
    out_.push_back(static_cast<char>(value));
  }
  void Text(absl::string_view text) {
    out_.push_back('X');  // BINUNICODE, a little-endian length
    for (int i = 0; i < 4; ++i) {
      out_.push_back(static_cast<char>(text.size() >> (8 * i)));
    }
    out_.append(text.data(), text.size());
  }

 private:
  std::string& out_;
};

}  // namespace

void AppendRecordFrame(const KnownRecord& record, std::string* out) {
  const size_t frame = BeginFrame(out);
  WriteRecord(record, out);
  EndFrame(frame, out);
}

void AppendBatchFrame(const KnownRecord& first, uint64_t count,
                      std::string* out) {
  const size_t frame = BeginFrame(out);
  MessageWriter batch(out);
  for (uint64_t i = 0; i < count; ++i) {
    const OpenField record = batch.Begin(kBatchRecordsField);
    WriteRecord({first.source, first.number + i}, out);
    batch.End(record);
  }
  EndFrame(frame, out);
}

void AppendPickleFrame(const KnownRecord& record, std::string* out) {
  const size_t frame = BeginFrame(out);
  PickleWriter pickle(out);
  pickle.BeginDict();
  pickle.Text("name");
  pickle.Text(record.source.logger());
  pickle.Text("msg");
  pickle.Text(record.Message());
  pickle.Text("args");
  pickle.None();
  pickle.Text("levelname");
  pickle.Text("INFO");
  pickle.Text("levelno");
  pickle.SmallInt(20);
  pickle.Text("exc_info");
  pickle.None();
  pickle.EndDict();
  EndFrame(frame, out);
}

void AppendUndecodableFrame(std::string* out) {
  const size_t frame = BeginFrame(out);
  out->append("\xff neither a pickle nor protobuf");
  EndFrame(frame, out);
}

}  // namespace logboom
