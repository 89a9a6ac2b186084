#include "server/ingest/otlp/otlp_service.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "opentelemetry/proto/collector/logs/v1/logs_service.grpc.pb.h"
#include "proto/wire/record_writer.h"
#include "server/ingest/grpc/grpc_server.h"
#include "tests/testing/export_client.h"
#include "tests/testing/fake_journal.h"
#include "tests/testing/gzip_bytes.h"
#include "tests/testing/raw_publish_client.h"

namespace logboom {
namespace {

using ::testing::HasSubstr;

constexpr int64_t kBatchBytes = 64 << 10;

// `records` under one scope of one resource, encoded.
std::string ExportOf(const std::vector<std::string>& records) {
  std::string request;
  MessageWriter writer(&request);
  const OpenField resource_logs = writer.Begin(1);
  const OpenField scope_logs = writer.Begin(2);
  for (const std::string& record : records) writer.Bytes(2, record);
  writer.End(scope_logs);
  writer.End(resource_logs);
  return request;
}

std::string RecordOf(absl::string_view text) {
  std::string record;
  RecordWriter(&record).BodyText(text);
  return record;
}

// Its body's length passes its end.
const char kBrokenRecord[] = "\x2a\x7f";

bool IsUnderWay(const std::future<ExportOutcome>& call) {
  return call.wait_for(std::chrono::seconds(0)) == std::future_status::timeout;
}

// One Export of one record, begun at once.
class CancellableExport {
 public:
  explicit CancellableExport(const std::string& address)
      : stub_(opentelemetry::proto::collector::logs::v1::LogsService::NewStub(
            grpc::CreateChannel(address, grpc::InsecureChannelCredentials()))),
        request_(MakeExport()) {
    stub_->async()->Export(
        &context_, &request_, &response_,
        [this](grpc::Status status) { ended_.set_value(std::move(status)); });
  }

  // How it ended.
  grpc::Status Cancel() {
    context_.TryCancel();
    return ended_.get_future().get();
  }

 private:
  const std::unique_ptr<
      opentelemetry::proto::collector::logs::v1::LogsService::Stub>
      stub_;
  grpc::ClientContext context_;
  const ExportRequest request_;
  ExportResponse response_;
  std::promise<grpc::Status> ended_;
};

class OtlpServiceTest : public ::testing::Test {
 protected:
  void Start(IngestOptions options = {.batch_bytes = kBatchBytes}) {
    ingest_ = std::make_unique<Ingest>(options, &journal_, [this] {
      return absl::UnixEpoch() + absl::Seconds(seconds_.load());
    });
    absl::StatusOr<std::unique_ptr<GrpcServer>> server = GrpcServer::Start(
        {.address = {"127.0.0.1", 0}, .retry_after = absl::Milliseconds(1500)},
        ingest_.get());
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    client_ = std::make_unique<ExportClient>(server_->address());
  }

  // Over a journal that stores at once.
  void StartStoring(IngestOptions options = {.batch_bytes = kBatchBytes}) {
    Start(options);
    journal_.CompleteAllFromNowOn();
  }

  void TearDown() override {
    server_ = nullptr;
    journal_.Stop();
  }

  int64_t Counted(LossReason reason) { return journal_.ledger().count(reason); }

  // It is to try again, and when.
  static void ExpectRetry(const ExportOutcome& outcome) {
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::UNAVAILABLE)
        << outcome.status.error_message();
    EXPECT_EQ(outcome.retry_delay, absl::Milliseconds(1500));
    EXPECT_EQ(outcome.retry_delay_in_metadata, absl::Milliseconds(1500));
  }

  // It is never to send this again, nothing of it is stored, and that is
  // counted.
  void ExpectRefused(
      const ExportOutcome& outcome, absl::string_view why,
      grpc::StatusCode code = grpc::StatusCode::INVALID_ARGUMENT) {
    EXPECT_EQ(outcome.status.error_code(), code);
    EXPECT_THAT(outcome.status.error_message(), HasSubstr(std::string(why)));
    EXPECT_FALSE(outcome.retry_delay.has_value());
    EXPECT_FALSE(outcome.retry_delay_in_metadata.has_value());
    EXPECT_EQ(journal_.appends(), 0u);
    EXPECT_EQ(Counted(LossReason::kBatchRejected), ++refused_);
  }

  // Until so many calls wait for room.
  void WaitForWaiting(size_t calls) {
    const absl::Time deadline = absl::Now() + absl::Minutes(1);
    while (ingest_->admission().waiting() != calls) {
      ASSERT_LT(absl::Now(), deadline);
      absl::SleepFor(absl::Milliseconds(1));
    }
  }

  FakeJournal journal_;
  std::atomic<int> seconds_{0};  // admission's clock
  int64_t refused_ = 0;
  std::unique_ptr<Ingest> ingest_;
  std::unique_ptr<GrpcServer> server_;
  std::unique_ptr<ExportClient> client_;
};

TEST_F(OtlpServiceTest, ARequestIsStoredAsItCame) {
  Start();
  ExportRequest request = MakeExport(2);
  auto& record = *request.mutable_resource_logs(0)
                      ->mutable_scope_logs(0)
                      ->mutable_log_records(1);
  record.set_time_unix_nano(5);
  record.set_severity_number(
      opentelemetry::proto::logs::v1::SEVERITY_NUMBER_WARN);
  auto call = client_->Start(request);
  ASSERT_TRUE(journal_.WaitForAppends(1));
  const PendingEntry entry = journal_.entry(0);
  EXPECT_EQ(entry.payload, request.SerializeAsString());
  EXPECT_EQ(entry.kind, EntryKind::kOtlp);
  EXPECT_TRUE(entry.anonymous);
  EXPECT_EQ(entry.sequence, 0u);
  EXPECT_TRUE(entry.resource.empty()) << "it is in the payload";
  EXPECT_EQ(entry.record_count, 2u);
  EXPECT_EQ(entry.severities, 1u << 0 | 1u << 13);
  EXPECT_EQ(entry.max_time_unix_nano, 5u);
  journal_.Complete(0);
  EXPECT_TRUE(call.get().status.ok());
}

TEST_F(OtlpServiceTest, ItIsAnsweredWhenItIsSynced) {
  Start();
  auto call = client_->Start(MakeExport());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(journal_.depth(0), AckDepth::kSynced);
  EXPECT_TRUE(IsUnderWay(call));
  journal_.Complete(0);
  const ExportOutcome outcome = call.get();
  EXPECT_TRUE(outcome.status.ok());
  EXPECT_FALSE(outcome.response.has_partial_success());
}

TEST_F(OtlpServiceTest, ManyRequestsAreUnderWayAtOnceInAnyOrder) {
  constexpr int kCalls = 20;
  Start();
  std::vector<std::future<ExportOutcome>> calls;
  for (int i = 0; i < kCalls; ++i)
    calls.push_back(client_->Start(MakeExport()));
  ASSERT_TRUE(journal_.WaitForAppends(kCalls));
  for (int i = kCalls; i > 0; --i) journal_.Complete(i - 1);
  for (auto& call : calls) EXPECT_TRUE(call.get().status.ok());
}

TEST_F(OtlpServiceTest, ARequestWithoutRecordsSucceedsAndStoresNothing) {
  Start();
  ExportRequest resource_only = MakeExport(0);
  ASSERT_FALSE(resource_only.SerializeAsString().empty());
  for (const ExportRequest& request : {ExportRequest(), resource_only}) {
    const ExportOutcome outcome = client_->Export(request);
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    EXPECT_FALSE(outcome.response.has_partial_success());
  }
  EXPECT_EQ(journal_.appends(), 0u);
}

TEST_F(OtlpServiceTest, AMalformedRecordCostsOnlyItself) {
  Start();
  const std::string one = RecordOf("one");
  const std::string two = RecordOf("two");
  auto call = std::async(std::launch::async, [&] {
    return client_->ExportBytes(
        ExportOf({one, kBrokenRecord, two, kBrokenRecord}));
  });
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(journal_.entry(0).payload, ExportOf({one, two}));
  EXPECT_EQ(journal_.entry(0).record_count, 2u);
  EXPECT_EQ(Counted(LossReason::kRecordRejected), 0) << "not answered yet";
  journal_.Complete(0);
  const ExportOutcome outcome = call.get();
  ASSERT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_EQ(outcome.response.partial_success().rejected_log_records(), 2);
  EXPECT_THAT(outcome.response.partial_success().error_message(),
              HasSubstr("resource_logs 0, scope_logs 0, record 1, byte "));
  EXPECT_EQ(Counted(LossReason::kRecordRejected), 2);
  EXPECT_EQ(Counted(LossReason::kBatchRejected), 0);
}

// It comes again, whole.
TEST_F(OtlpServiceTest, MalformedRecordsOfARequestThatFailsAreNotCounted) {
  Start();
  auto call = std::async(std::launch::async, [&] {
    return client_->ExportBytes(ExportOf({RecordOf("one"), kBrokenRecord}));
  });
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Fail(0, absl::InternalError("disk full"));
  ExpectRetry(call.get());
  EXPECT_TRUE(journal_.ledger().totals().empty());
}

TEST_F(OtlpServiceTest, ARequestOfMalformedRecordsOnlyIsRefused) {
  Start();
  ExpectRefused(client_->ExportBytes(ExportOf({kBrokenRecord, kBrokenRecord})),
                "resource_logs 0, scope_logs 0, record 0, byte ");
}

TEST_F(OtlpServiceTest, DamageAroundTheRecordsCostsTheRequest) {
  Start();
  const std::string good = ExportOf({RecordOf("one")});
  ExpectRefused(client_->ExportBytes(good + "\x0a\x7f"), "request, byte ");
  ExpectRefused(client_->ExportBytes(good + std::string("\x0a\x02\x12\x7f", 4)),
                "resource_logs 1, byte ");
}

TEST_F(OtlpServiceTest, TextsThatAreNotUtf8AndOddIdsCostNothing) {
  StartStoring();
  std::string record;
  RecordWriter writer(&record);
  writer.BodyText("\xff\xfe");
  writer.TraceId("short");
  writer.SpanId(std::string(100, 's'));
  const ExportOutcome outcome = client_->ExportBytes(ExportOf({record}));
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  EXPECT_FALSE(outcome.response.has_partial_success());
  EXPECT_EQ(journal_.entry(0).payload, ExportOf({record}));
}

TEST_F(OtlpServiceTest, ARequestOverTheLimitIsRefusedWithTheLimit) {
  Start();
  ExpectRefused(
      client_->ExportBytes(ExportOf({RecordOf(std::string(kBatchBytes, 'a'))})),
      "at most 65536 are taken");
  EXPECT_EQ(
      client_
          ->ExportBytes(ExportOf({RecordOf(std::string(3 * kBatchBytes, 'a'))}))
          .status.error_code(),
      grpc::StatusCode::RESOURCE_EXHAUSTED)
      << "gRPC's own limit";
}

TEST_F(OtlpServiceTest, WithoutRoomItWaits) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 100});
  auto first = client_->Start(MakeExport(50));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto second = client_->Start(MakeExport());
  WaitForWaiting(1);
  EXPECT_TRUE(IsUnderWay(second));
  EXPECT_EQ(journal_.appends(), 1u);
  journal_.CompleteAllFromNowOn();
  journal_.Complete(0);
  EXPECT_TRUE(first.get().status.ok());
  EXPECT_TRUE(second.get().status.ok()) << "there is room";
}

TEST_F(OtlpServiceTest, WithoutRoomForLongItIsToBeTriedAgain) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 100});
  auto first = client_->Start(MakeExport(50));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto second = client_->Start(MakeExport());
  WaitForWaiting(1);
  seconds_ += absl::ToInt64Seconds(Admission::kLongestWait);
  const ExportOutcome outcome = second.get();
  ExpectRetry(outcome);
  EXPECT_THAT(outcome.status.error_message(), HasSubstr("no room"));
  EXPECT_EQ(ingest_->admission().waiting(), 0u);
  journal_.CompleteAllFromNowOn();
  journal_.Complete(0);
  EXPECT_TRUE(first.get().status.ok());
  EXPECT_TRUE(client_->Export(MakeExport()).status.ok()) << "there is room";
}

TEST_F(OtlpServiceTest, WhenTooManyWaitForRoomItIsToBeTriedAgain) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 100});
  auto first = client_->Start(MakeExport(50));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  std::vector<std::future<ExportOutcome>> waiting;
  for (size_t i = 0; i < Admission::kMostWaitingCalls; ++i) {
    waiting.push_back(client_->Start(MakeExport()));
  }
  WaitForWaiting(Admission::kMostWaitingCalls);
  ExpectRetry(client_->Export(MakeExport()));
  journal_.CompleteAllFromNowOn();
  journal_.Complete(0);
  for (auto& call : waiting) EXPECT_TRUE(call.get().status.ok());
}

TEST_F(OtlpServiceTest, ACallThatIsCancelledWhileItWaitsLeavesTheQueue) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 100});
  auto first = client_->Start(MakeExport(50));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  CancellableExport second(server_->address());
  WaitForWaiting(1);
  second.Cancel();
  WaitForWaiting(0);
  EXPECT_EQ(journal_.appends(), 1u);
  journal_.Complete(0);
  EXPECT_TRUE(first.get().status.ok());
}

TEST_F(OtlpServiceTest, ACallWithoutARequestIsRefused) {
  Start();
  const auto channel = grpc::CreateChannel(server_->address(),
                                           grpc::InsecureChannelCredentials());
  grpc::ClientContext context;
  grpc::ByteBuffer response;
  // A unary call's client always writes one.
  const grpc::internal::RpcMethod method(
      "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
      grpc::internal::RpcMethod::CLIENT_STREAMING);
  const std::unique_ptr<grpc::ClientWriter<grpc::ByteBuffer>> call(
      grpc::internal::ClientWriterFactory<grpc::ByteBuffer>::Create(
          channel.get(), method, &context, &response));
  call->WritesDone();
  EXPECT_EQ(call->Finish().error_code(), grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(OtlpServiceTest, WhatIsNotStoredIsToBeTriedAgain) {
  Start();
  auto call = client_->Start(MakeExport());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  journal_.Fail(0, absl::InternalError("disk full"));
  const ExportOutcome outcome = call.get();
  ExpectRetry(outcome);
  EXPECT_THAT(outcome.status.error_message(), HasSubstr("disk full"));
  journal_.Stop();
  ExpectRetry(client_->Export(MakeExport()));
}

TEST_F(OtlpServiceTest, WhileDrainingItIsToBeTriedAgain) {
  Start();
  OtlpService draining(ingest_.get(), absl::Milliseconds(1500));
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(),
                           &port);
  builder.RegisterService(&draining);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  draining.Drain();
  ExpectRetry(
      ExportClient(absl::StrCat("127.0.0.1:", port)).Export(MakeExport()));
  server->Shutdown();
}

// It was CANCELLED, which an SDK does not try again.
TEST_F(OtlpServiceTest, AShutdownAnswersWhatWaitsForRoom) {
  Start({.batch_bytes = kBatchBytes, .ingest_bytes = 100});
  auto first = client_->Start(MakeExport(50));
  ASSERT_TRUE(journal_.WaitForAppends(1));
  auto second = client_->Start(MakeExport());
  WaitForWaiting(1);
  std::thread stopping(
      [this] { server_->Shutdown(absl::Now() + absl::Minutes(1)); });
  ExpectRetry(second.get());
  journal_.Complete(0);
  EXPECT_TRUE(first.get().status.ok());
  stopping.join();
}

TEST_F(OtlpServiceTest, AShutdownAnswersWhatIsUnderWay) {
  Start();
  auto call = client_->Start(MakeExport());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  std::thread stopping(
      [this] { server_->Shutdown(absl::Now() + absl::Minutes(1)); });
  journal_.Complete(0);
  EXPECT_TRUE(call.get().status.ok());
  stopping.join();
}

TEST_F(OtlpServiceTest, AClientThatGoesMidFlightDoesNoHarm) {
  Start();
  CancellableExport call(server_->address());
  ASSERT_TRUE(journal_.WaitForAppends(1));
  EXPECT_EQ(call.Cancel().error_code(), grpc::StatusCode::CANCELLED);
  journal_.Complete(0);
  server_ = nullptr;  // returns: the call has ended here too
}

TEST_F(OtlpServiceTest, GzipIsTaken) {
  StartStoring();
  const ExportRequest request = MakeExport(200);
  const ExportClient compressing(server_->address(), GRPC_COMPRESS_GZIP);
  ASSERT_TRUE(compressing.Export(request).status.ok());
  EXPECT_EQ(journal_.entry(0).payload, request.SerializeAsString());
}

TEST_F(OtlpServiceTest, DamagedGzipIsRefused) {
  Start();
  const std::string whole = testing::Gzip(MakeExport(200).SerializeAsString());
  ExpectRefused(client_->ExportBytes(whole.substr(0, whole.size() - 1)),
                "not a whole gzip stream");
  ExpectRefused(client_->ExportBytes(whole + "x"), "something follows it");
}

TEST_F(OtlpServiceTest, OtherCompressionsAreRefused) {
  Start();
  const ExportClient compressing(server_->address(), GRPC_COMPRESS_DEFLATE);
  EXPECT_EQ(compressing.Export(MakeExport(200)).status.error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

// In KiB; since the last ResetPeak().
int64_t PeakResident() {
  std::ifstream status("/proc/self/status");
  int64_t kib = 0;
  for (std::string line; std::getline(status, line);) {
    absl::string_view text = line;
    if (!absl::ConsumePrefix(&text, "VmHWM:")) continue;
    absl::ConsumeSuffix(&text, "kB");
    EXPECT_TRUE(absl::SimpleAtoi(text, &kib));
  }
  return kib;
}
void ResetPeak() { std::ofstream("/proc/self/clear_refs") << 5; }

// Goal: what inflates to far more than is taken costs no more memory than what
// is taken. Method: a MiB that inflates to a GiB, and the process's peak.
TEST_F(OtlpServiceTest, AGzipBombIsRefusedWithoutBeingInflated) {
  Start({});
  const std::string bomb = testing::GzipBomb(1024);
  ASSERT_LT(bomb.size(), size_t{2} << 20);
  ResetPeak();
  const int64_t before = PeakResident();
  ExpectRefused(client_->ExportBytes(bomb), "inflates to more than",
                grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_LT(PeakResident() - before, 64 << 10);
}

TEST_F(OtlpServiceTest, ReflectionListsAndDescribesIt) {
  Start();
  const std::string method =
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo";
  const std::string service =
      "opentelemetry.proto.collector.logs.v1.LogsService";
  EXPECT_THAT(CallUnary(server_->address(), method, "\x3a\x01*").value_or(""),
              HasSubstr(service));
  std::string file_containing_symbol;
  MessageWriter(&file_containing_symbol).Bytes(4, service);
  EXPECT_THAT(CallUnary(server_->address(), method, file_containing_symbol)
                  .value_or(""),
              HasSubstr("ExportLogsPartialSuccess"));
}

}  // namespace
}  // namespace logboom
