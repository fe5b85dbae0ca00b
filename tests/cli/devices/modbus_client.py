"""A Modbus client of pymodbus, which prints what each request got. Arguments: `socket` or `rtu`, host, port."""
import sys

from pymodbus.client import ModbusTcpClient
from pymodbus.framer import FramerType

client = ModbusTcpClient(sys.argv[2], port=int(sys.argv[3]), framer=FramerType(sys.argv[1]), timeout=20, retries=0)
assert client.connect()


def bits(answer, count):
    return "".join(str(int(bit)) for bit in answer.bits[:count])


print(1, bits(client.read_coils(0, count=4, device_id=1), 4))
print(2, bits(client.read_discrete_inputs(0, count=3, device_id=1), 3))
print(3, client.read_holding_registers(0, count=5, device_id=1).registers)
volt = client.read_input_registers(0, count=3, device_id=1).registers
print(4, round(client.convert_from_registers(volt[:2], client.DATATYPE.FLOAT32), 3), volt[2])
answer = client.write_coil(1, True, device_id=1)
print(5, answer.isError(), bits(client.read_coils(0, count=4, device_id=1), 4))
answer = client.write_register(1, 0xBEEF, device_id=1)
print(6, answer.isError(), client.read_holding_registers(1, count=1, device_id=1).registers)
answer = client.write_coils(0, [False, True, False, True], device_id=1)
print(15, answer.address, answer.count, bits(client.read_coils(0, count=4, device_id=1), 4))
answer = client.write_registers(0, [7, 8, 9], device_id=1)
print(16, answer.address, answer.count, client.read_holding_registers(0, count=3, device_id=1).registers)
for name, answer in [
    ("address", client.read_holding_registers(100, count=1, device_id=1)),
    ("range", client.read_coils(3, count=2, device_id=1)),
    ("write", client.write_register(100, 1, device_id=1)),
    ("function", client.mask_write_register(address=0, device_id=1)),
]:
    print(name, answer.isError(), answer.function_code, answer.exception_code)
client.close()
