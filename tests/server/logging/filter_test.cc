#include "server/logging/filter.h"

#include "gtest/gtest.h"

namespace logboom {
namespace {

TEST(FilterTest, PassesTheNameItselfAndWhatIsBelowIt) {
  EXPECT_TRUE(FilterPasses("shop", "shop"));
  EXPECT_TRUE(FilterPasses("shop", "shop.cart"));
  EXPECT_TRUE(FilterPasses("shop", "shop."));
}

TEST(FilterTest, RefusesNeighboursAndAncestors) {
  EXPECT_FALSE(FilterPasses("shop", "shopping"));
  EXPECT_FALSE(FilterPasses("shop.cart", "shop"));
  EXPECT_FALSE(FilterPasses("shop", "root"));
  EXPECT_FALSE(FilterPasses("shop", ""));
}

TEST(FilterTest, AnEmptyNamePassesAll) {
  EXPECT_TRUE(FilterPasses("", "shop"));
  EXPECT_TRUE(FilterPasses("", ""));
}

TEST(FilterTest, EveryFilterOfAListMustPass) {
  EXPECT_TRUE(FiltersPass({}, "a"));
  EXPECT_TRUE(FiltersPass({"a", "a.b"}, "a.b.c"));
  EXPECT_FALSE(FiltersPass({"a", "b"}, "a.b"));
}

}  // namespace
}  // namespace logboom
