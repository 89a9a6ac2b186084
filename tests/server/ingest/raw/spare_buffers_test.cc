#include "server/ingest/raw/spare_buffers.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace logboom {
namespace {

constexpr size_t kBytes = 1000;

TEST(SpareBuffersTest, GivesBackTheMemoryThatItWasGiven) {
  SpareBuffers spares(kBytes);
  std::string buffer = spares.Take();
  EXPECT_GE(buffer.capacity(), kBytes);
  buffer.assign(kBytes, 'x');
  const void* const memory = buffer.data();
  spares.Give(std::move(buffer));
  const std::string again = spares.Take();
  EXPECT_EQ(again.data(), memory);
  EXPECT_TRUE(again.empty());
  EXPECT_NE(spares.Take().data(), memory);
}

TEST(SpareBuffersTest, KeepsAFewOfUsualSizeOnly) {
  SpareBuffers spares(kBytes);
  spares.Give(std::string(2 * kBytes + 1, 'l'));
  EXPECT_LE(spares.Take().capacity(), 2 * kBytes);
  std::vector<std::string> given;
  for (size_t i = 0; i < SpareBuffers::kMost + 3; ++i) {
    given.push_back(spares.Take());
  }
  std::vector<const void*> memory;
  for (std::string& buffer : given) {
    memory.push_back(buffer.data());
    spares.Give(std::move(buffer));
  }
  // The last kept comes first; what was beyond was freed.
  std::vector<std::string> taken;
  for (size_t i = SpareBuffers::kMost; i-- > 0;) {
    taken.push_back(spares.Take());
    EXPECT_EQ(taken.back().data(), memory[i]);
  }
}

}  // namespace
}  // namespace logboom
