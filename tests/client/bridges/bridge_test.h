#ifndef LOGBOOM_TESTS_CLIENT_BRIDGES_BRIDGE_TEST_H_
#define LOGBOOM_TESTS_CLIENT_BRIDGES_BRIDGE_TEST_H_

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "absl/time/clock.h"
#include "logboom/client.h"
#include "tests/testing/received_records.h"

namespace logboom {

// A client whose records a server in this process keeps.
class BridgeTest : public ::testing::Test {
 protected:
  // What was logged so far, as it arrived.
  std::vector<v1::LogRecord> Arrived() {
    EXPECT_TRUE(client_->Flush(absl::Now() + absl::Minutes(1)).ok());
    return server_.records();
  }

  ReceivedRecords server_;
  const std::unique_ptr<Client> client_ =
      Client::Create({.server = server_.address()});
};

}  // namespace logboom

#endif  // LOGBOOM_TESTS_CLIENT_BRIDGES_BRIDGE_TEST_H_
