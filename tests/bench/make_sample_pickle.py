"""Writes the pickle that service_bench sends: python3 make_sample_pickle.py > sample.pickle"""
import logging
import logging.handlers
import sys

record = logging.LogRecord(
    "shop.cart.payment", logging.INFO, "/srv/shop/cart/payment.py", 214,
    "payment of order %s authorised by %s after %d attempts and a check of the stock",
    ("4711", "bank", 3), None, "authorise")
record.order_id = 4711
record.amount_eur = 129.90
handler = logging.handlers.SocketHandler("localhost", 9020)
sys.stdout.buffer.write(handler.makePickle(record)[4:])
