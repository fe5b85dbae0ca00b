//! Presets: rules with the names of the protocols that they frame.

use super::FramingRule;

/// A rule with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Identifies the preset. Its texts are in `words::texts::Rules`.
    pub id: PresetId,
    /// Name in the text form.
    pub name: &'static str,
    /// The rule in the text form. A preset that only names a kind of rule has that name here, too.
    pub rule: &'static str,
    /// The document that defines the protocol.
    pub source: &'static str,
}

/// Identifiers of the presets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "each is described by its entry in PRESETS")]
pub enum PresetId {
    Record,
    PyStructI,
    ModbusTcp,
    ModbusRtu,
    Line,
    Nmea,
    Slip,
    Cobs,
    StxEtx,
    Json,
    Mqtt,
    Jt808,
    ModbusAscii,
    Fix,
    Yd1363,
    Dlt645,
    Iec104,
    Gb32960,
    Mllp,
    Syslog,
    Scpi,
}

/// The presets, in menu order.
pub const PRESETS: &[Preset] = &[
    preset(PresetId::Record, "record", "record", ""),
    preset(
        PresetId::PyStructI,
        "py-struct-i",
        "len:size=4,endian=little,signed",
        "Python: struct.pack('i', n), then n bytes",
    ),
    // Transaction, protocol 0, length of the rest; at most 260 bytes.
    preset(
        PresetId::ModbusTcp,
        "modbus-tcp",
        "len:offset=4,size=2,endian=big,mark=0000@2,max=260",
        "MODBUS Messaging on TCP/IP V1.0b, 3.1.3",
    ),
    // Framed by function code, length and CRC, because a stream does not preserve the silence between frames.
    preset(PresetId::ModbusRtu, "modbus-rtu", "rtu+CRC-16/MODBUS", "MODBUS over serial line V1.02, 2.5.1"),
    preset(PresetId::Line, "line", "line", ""),
    // $…*hh CR LF; encapsulated sentences (AIS) start with !. Many devices omit *hh or CR.
    preset(
        PresetId::Nmea,
        "nmea",
        "marks:start=24|21,end=0A,restart,max=1KiB+XOR-8:from=1,form=hex,until=2A",
        "NMEA 0183",
    ),
    preset(PresetId::Slip, "slip", "slip", "RFC 1055"),
    preset(PresetId::Cobs, "cobs", "cobs", "Cheshire and Baker 1999"),
    preset(PresetId::StxEtx, "stx-etx", "marks:start=02,end=03,restart", "ASCII control characters STX and ETX"),
    preset(PresetId::Json, "json", "json", "RFC 8259"),
    // Type, then the remaining length in at most 4 bytes of 7 bits.
    preset(PresetId::Mqtt, "mqtt", "len:offset=1,size=varint4,max=256MiB", "MQTT 3.1.1, 2.2"),
    // The flag is escaped. The XOR covers the unescaped bytes between the flags.
    preset(
        PresetId::Jt808,
        "jt808",
        "marks:start=7E,end=7E,swap=7E:7D02|7D:7D01,max=4KiB+XOR-8:from=1,at=-2",
        "JT/T 808-2019, 4.4",
    ),
    // Pairs of hexadecimal digits; the LRC covers the decoded bytes; at most 513 characters.
    preset(
        PresetId::ModbusAscii,
        "modbus-ascii",
        "marks:start=3A,end=0D0A,restart,max=513+NEG-SUM-8:from=1,to=-4,at=-4,form=hex,covers=hex",
        "MODBUS over serial line V1.02, 2.5.2",
    ),
    // BeginString and BodyLength first, CheckSum with three digits last.
    preset(
        PresetId::Fix,
        "fix",
        "len:size=dec,end=01,adjust=7,mark=383D464958@0,behind=01393D,max=1MiB+SUM-8:to=-7,at=-4,form=dec",
        "FIX session layer, standard header and trailer",
    ),
    // Hexadecimal digits and the two's complement of their sum.
    preset(
        PresetId::Yd1363,
        "yd1363",
        "marks:start=7E,end=0D,restart,max=8KiB+NEG-SUM-16:from=1,to=-5,at=-5,form=hex",
        "YD/T 1363.3-2014",
    ),
    // Up to four bytes FE, 68, address, 68, control, length, data, sum, 16.
    preset(
        PresetId::Dlt645,
        "dlt645",
        "len:offset=9,size=1,adjust=2,mark=68@0,skip=FE,max=267+SUM-8:at=-2",
        "DL/T 645-2007, 5",
    ),
    // The header is start byte, length and four control bytes; the length includes the control bytes.
    preset(
        PresetId::Iec104,
        "iec104",
        "len:offset=1,size=1,header=6,adjust=-4,mark=68@0,max=255",
        "IEC 60870-5-104, 5.1",
    ),
    // ##, command, response, VIN, encryption, length, data, XOR from the command on.
    preset(
        PresetId::Gb32960,
        "gb32960",
        "len:offset=22,size=2,endian=big,adjust=1,mark=2323@0,max=65556+XOR-8:from=2",
        "GB/T 32960.3-2016, 6.2",
    ),
    preset(PresetId::Mllp, "mllp", "marks:start=0B,end=1C0D,restart", "HL7 MLLP, release 1"),
    // Some senders append LF to each message.
    preset(PresetId::Syslog, "syslog", "len:size=dec,end=20,nonzero,skip=0A,max=64KiB", "RFC 6587, 3.4.1"),
    // Blocks end by their length, other responses at LF.
    preset(PresetId::Scpi, "scpi", "len:size=scpi,skip=0D0A", "IEEE 488.2, 8.7.9"),
];

const fn preset(id: PresetId, name: &'static str, rule: &'static str, source: &'static str) -> Preset {
    Preset { id, name, rule, source }
}

impl Preset {
    /// Whether the preset only names a kind of rule, so that a list of rules already contains it.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.name == self.rule
    }
}

impl FramingRule {
    /// Finds a preset by name and parses its rule.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name)).and_then(|preset| preset.rule.parse().ok())
    }

    /// The name of the preset that equals this rule.
    #[must_use]
    pub fn preset_name(&self) -> Option<&'static str> {
        PRESETS.iter().map(|preset| preset.name).find(|name| Self::preset(name).as_ref() == Some(self))
    }
}
