"""A Modbus server of pymodbus. Arguments: `socket` or `rtu`. Prints its port; ends with its standard input."""
import asyncio, os, sys

from pymodbus.framer import FramerType
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice


async def main():
    def block(values, datatype):
        return [SimData(0, values=values, datatype=datatype)]

    coils = block([True, False, True, True] + [False] * 28, DataType.BITS)
    inputs = block([False, True, True] + [False] * 29, DataType.BITS)
    holding = block(list(range(1000, 1020)), DataType.REGISTERS)
    device = SimDevice(1, (coils, inputs, holding, block([0x435C, 0x8000, 7], DataType.REGISTERS)))
    server = ModbusTcpServer(device, framer=FramerType(sys.argv[1]), address=("127.0.0.1", 0))
    await server.serve_forever(background=True)
    print(server.transport.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main())
