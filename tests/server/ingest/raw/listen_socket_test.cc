#include "server/ingest/raw/listen_socket.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>

#include "absl/strings/str_cat.h"
#include "tests/server/ingest/raw/raw_port_client.h"

namespace logboom {
namespace {

using ::logboom::testing::RawPortClient;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(ListenTcpTest, PicksAFreePort) {
  const auto first = ListenTcp({"127.0.0.1", 0});
  const auto second = ListenTcp({"127.0.0.1", 0});
  ASSERT_TRUE(first.ok() && second.ok());
  ASSERT_THAT(*first, SizeIs(1));
  EXPECT_GT(BoundPort(first->front().get()), 0);
  EXPECT_NE(BoundPort(first->front().get()), BoundPort(second->front().get()));
}

TEST(ListenTcpTest, SaysThatAPortIsInUse) {
  const auto first = ListenTcp({"127.0.0.1", 0});
  ASSERT_TRUE(first.ok());
  const auto port = static_cast<uint16_t>(BoundPort(first->front().get()));
  const absl::Status status = ListenTcp({"127.0.0.1", port}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(std::string(status.message()),
            absl::StrCat("cannot listen on tcp 127.0.0.1:", port,
                         ": Address already in use"));
}

// A port that a server just left has connections in TIME_WAIT.
TEST(ListenTcpTest, TakesAPortAgainAtOnce) {
  auto first = ListenTcp({"127.0.0.1", 0});
  ASSERT_TRUE(first.ok());
  const int port = BoundPort(first->front().get());
  RawPortClient client = RawPortClient::Tcp(port);
  {
    UniqueFd accepted(accept(first->front().get(), nullptr, nullptr));
    ASSERT_TRUE(accepted.valid());
  }
  first->clear();
  client.FinishAndWait();
  EXPECT_TRUE(ListenTcp({"127.0.0.1", static_cast<uint16_t>(port)}).ok());
}

TEST(ListenTcpTest, ListensOnTheAddressesOfAName) {
  const auto bound = ListenTcp({"localhost", 0});
  ASSERT_TRUE(bound.ok()) << bound.status();
  EXPECT_GT(BoundPort(bound->front().get()), 0);
}

TEST(ListenTcpTest, NamesAHostItCannotResolve) {
  const absl::Status status = ListenTcp({"no.such.host.invalid", 1}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("cannot listen on tcp no.such.host.invalid:1: "));
}

TEST(ListenTcpTest, KeepsConnectionsAliveByProbes) {
  const auto bound = ListenTcp({"127.0.0.1", 0});
  ASSERT_TRUE(bound.ok());
  const RawPortClient client =
      RawPortClient::Tcp(BoundPort(bound->front().get()));
  const UniqueFd accepted(accept(bound->front().get(), nullptr, nullptr));
  int on = 0;
  socklen_t size = sizeof(on);
  ASSERT_EQ(getsockopt(accepted.get(), SOL_SOCKET, SO_KEEPALIVE, &on, &size),
            0);
  EXPECT_EQ(on, 1);
}

class UnixListenSocketTest : public ::testing::Test {
 protected:
  UnixListenSocketTest() {
    std::string folder = absl::StrCat(::testing::TempDir(), "/logboomXXXXXX");
    folder_ = mkdtemp(folder.data());
    path_ = (folder_ / "log.sock").string();
  }
  ~UnixListenSocketTest() override { std::filesystem::remove_all(folder_); }

  std::string ErrorFor(const std::string& path) {
    const absl::Status status = UnixListenSocket::Listen(path).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
    return std::string(status.message());
  }

  std::filesystem::path folder_;
  std::string path_;
};

TEST_F(UnixListenSocketTest, RemovesItsFile) {
  {
    const auto listening = UnixListenSocket::Listen(path_);
    ASSERT_TRUE(listening.ok()) << listening.status();
    EXPECT_TRUE(std::filesystem::exists(path_));
  }
  EXPECT_FALSE(std::filesystem::exists(path_));
}

// A server that was killed leaves its file behind.
TEST_F(UnixListenSocketTest, ReplacesAFileNobodyListensOn) {
  const std::string kept = (folder_ / "kept").string();
  {
    const auto killed = UnixListenSocket::Listen(path_);
    ASSERT_TRUE(killed.ok());
    std::filesystem::rename(path_, kept);
  }
  std::filesystem::rename(kept, path_);
  const auto listening = UnixListenSocket::Listen(path_);
  ASSERT_TRUE(listening.ok()) << listening.status();
  RawPortClient::Unix(path_);
}

TEST_F(UnixListenSocketTest, LeavesALiveListenerAlone) {
  const auto first = UnixListenSocket::Listen(path_);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(ErrorFor(path_), absl::StrCat("cannot listen on unix ", path_,
                                          ": another program listens on it"));
  RawPortClient::Unix(path_);
}

TEST_F(UnixListenSocketTest, LeavesOtherFilesAlone) {
  std::ofstream(path_) << "precious";
  EXPECT_THAT(ErrorFor(path_), EndsWith("exists and is not a socket"));
  EXPECT_EQ(std::filesystem::file_size(path_), 8);
}

TEST_F(UnixListenSocketTest, LeavesTheFileOfItsSuccessor) {
  auto first = UnixListenSocket::Listen(path_);
  ASSERT_TRUE(first.ok());
  std::filesystem::remove(path_);
  const auto successor = UnixListenSocket::Listen(path_);
  ASSERT_TRUE(successor.ok());
  { const UnixListenSocket gone = *std::move(first); }
  EXPECT_TRUE(std::filesystem::exists(path_));
}

TEST_F(UnixListenSocketTest, SaysWhyAPathCannotBeUsed) {
  EXPECT_THAT(ErrorFor(std::string(200, 'p')),
              HasSubstr("longer than 107 bytes"));
  EXPECT_THAT(ErrorFor((folder_ / "none" / "log.sock").string()),
              EndsWith("No such file or directory"));
}

}  // namespace
}  // namespace logboom
