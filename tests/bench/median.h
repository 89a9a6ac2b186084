#ifndef LOGBOOM_TESTS_BENCH_MEDIAN_H_
#define LOGBOOM_TESTS_BENCH_MEDIAN_H_

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace logboom {

// The least of `values`, of which there is one at least, that the fraction `p`
// of them does not exceed (nearest rank); 0.5 gives the median, 1 the greatest.
template <typename T>
T Percentile(std::vector<T> values, double p) {
  const auto rank = std::ceil(p * static_cast<double>(values.size()));
  const auto at =
      std::clamp(static_cast<size_t>(rank), size_t{1}, values.size());
  std::nth_element(values.begin(), values.begin() + (at - 1), values.end());
  return values[at - 1];
}

template <typename T>
T Median(std::vector<T> values) {
  return Percentile(std::move(values), 0.5);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_MEDIAN_H_
