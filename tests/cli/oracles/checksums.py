"""Prints a line for each checksum of crccheck and some data: its name, the data and the value, both in hex."""
import random

import crccheck
from crccheck.crc import ALLCRCCLASSES

dice = random.Random(20260131)
sums = [("SUM-8", crccheck.checksum.Checksum8), ("XOR-8", crccheck.checksum.ChecksumXor8)]
crcs = [(name, kind) for kind in ALLCRCCLASSES for name in kind._names]
for name, kind in sums + crcs:
    for length in (0, 1, 9, 100):
        data = bytes(dice.randrange(256) for _ in range(length))
        print(name.replace(" ", ""), "-" + data.hex(), "%x" % kind.calc(data), sep="\t")
