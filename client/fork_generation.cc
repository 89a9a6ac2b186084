#include "client/fork_generation.h"

#include <pthread.h>

#include <atomic>

namespace logboom {
namespace {

constinit std::atomic<uint32_t> generation{0};

void OnForkInChild() { generation.fetch_add(1, std::memory_order_relaxed); }

}  // namespace

uint32_t ForkGeneration() { return generation.load(std::memory_order_relaxed); }

void WatchForks() {
  static const int registered = pthread_atfork(nullptr, nullptr, OnForkInChild);
  (void)registered;
}

}  // namespace logboom
