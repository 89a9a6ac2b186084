#!/usr/bin/env python3
"""What a call costs with Python's SocketHandler: socket_handler_bench.py CALLS

Prints one line in client_bench's columns. The peer only reads and discards.
"""

import logging
import logging.handlers
import socket
import sys
import threading
import time

calls = int(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))


def discard():
    peer, _ = listener.accept()
    while peer.recv(1 << 20):
        pass


threading.Thread(target=discard, daemon=True).start()
log = logging.getLogger("shop.cart.payment")
log.setLevel(logging.INFO)
log.propagate = False
log.addHandler(logging.handlers.SocketHandler("127.0.0.1", listener.getsockname()[1]))
times = []
for i in range(calls):
    before = time.perf_counter_ns()
    log.info("payment authorised", extra={"order_id": i, "amount_eur": 129.90})
    times.append(time.perf_counter_ns() - before)
times.sort()
p50, p99, p999 = (times[int(part * (calls - 1))] for part in (0.5, 0.99, 0.999))
print(f"{'Python SocketHandler, 2 values':<34} {1:>8} {p50:>8} {p99:>8} {p999:>8}")
