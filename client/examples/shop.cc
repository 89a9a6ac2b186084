// Logs a few events of a shop, and waits until the server has them on disk:
//
//   shop [SERVER]        SERVER is host:port, localhost:4317 by default
#include <logboom/client.h>

#include <iostream>
#include <stdexcept>

#include "absl/time/clock.h"

int main(int argc, char** argv) {
  const auto client =
      logboom::Client::Create({.server = argc > 1 ? argv[1] : "localhost:4317",
                               .service_name = "shop"});
  const logboom::Logger log = client->GetLogger("shop.cart.payment");

  log.Info("payment authorised", {{"order_id", 4711}, {"amount_eur", 129.90}});
  log.Debug("not sent: the logger's level is INFO");
  try {
    throw std::runtime_error("card expired");
  } catch (const std::exception& error) {
    log.Error(error, "payment refused", {{"order_id", 4712}});
  }

  const absl::Status flushed = client->Flush(absl::Now() + absl::Seconds(5));
  std::cout << "acknowledged: " << client->stats().acknowledged << "\n";
  if (!flushed.ok()) std::cerr << flushed.message() << "\n";
  return flushed.ok() ? 0 : 1;
}
