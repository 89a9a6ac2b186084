#include "server/ingest/publish/in_flight_appends.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace logboom {
namespace {

// Goal: an ack never passes over a batch that is not stored. Method: all orders
// in which four batches can complete.
TEST(InFlightAppendsTest, SettlesUpToTheFirstThatIsNotStored) {
  const std::vector<uint64_t> numbers = {2, 3, 7, 8};
  std::vector<size_t> order = {0, 1, 2, 3};
  do {
    InFlightAppends appends;
    std::vector<InFlightAppends::Ticket> tickets;
    for (const uint64_t number : numbers) {
      tickets.push_back(appends.Add(number, 10));
    }
    std::vector<bool> stored(numbers.size());
    for (const size_t next : order) {
      appends.Stored(tickets[next]);
      stored[next] = true;
      const size_t whole =
          std::find(stored.begin(), stored.end(), false) - stored.begin();
      EXPECT_EQ(appends.settled(), whole == 0 ? 0 : numbers[whole - 1]);
    }
    EXPECT_TRUE(appends.empty());
    EXPECT_EQ(appends.bytes(), 0);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST(InFlightAppendsTest, ChargesEmptyBatchesToo) {
  InFlightAppends appends;
  const InFlightAppends::Ticket ticket = appends.Add(1, 0);
  EXPECT_EQ(appends.bytes(), InFlightAppends::kOverheadBytes);
  appends.Add(2, 100);
  EXPECT_EQ(appends.bytes(), 2 * InFlightAppends::kOverheadBytes + 100);
  appends.Stored(ticket);
  EXPECT_EQ(appends.bytes(), InFlightAppends::kOverheadBytes + 100);
}

}  // namespace
}  // namespace logboom
