#ifndef LOGBOOM_TESTS_BENCH_OWN_CHANNEL_H_
#define LOGBOOM_TESTS_BENCH_OWN_CHANNEL_H_

#include <grpcpp/channel.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

namespace logboom {

// A channel with a connection of its own, where gRPC would share one.
inline std::shared_ptr<grpc::Channel> NewOwnChannel(
    const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace logboom

#endif  // LOGBOOM_TESTS_BENCH_OWN_CHANNEL_H_
