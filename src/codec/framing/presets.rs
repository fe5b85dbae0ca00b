//! Rules by the names of the protocols they are for.

use super::FramingRule;

/// A rule with a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// What it is. The words for it are in `words::rule_fields`.
    pub id: PresetId,
    /// Its name in the text form.
    pub name: &'static str,
    /// The rule as text. A preset that is a plain rule names itself.
    pub rule: &'static str,
    /// Where the protocol is defined.
    pub source: &'static str,
}

/// Every preset.
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
    // Transaction, protocol 0, length of what follows; at most 260 bytes.
    preset(
        PresetId::ModbusTcp,
        "modbus-tcp",
        "len:offset=4,size=2,endian=big,mark=0000@2,max=260",
        "MODBUS Messaging on TCP/IP V1.0b, 3.1.3",
    ),
    // By function code, length and CRC, since a stream keeps no silence.
    preset(PresetId::ModbusRtu, "modbus-rtu", "rtu+CRC-16/MODBUS", "MODBUS over serial line V1.02, 2.5.1"),
    preset(PresetId::Line, "line", "line", ""),
    // $…*hh CR LF, and ! for encapsulated sentences (AIS). Many devices leave out *hh, or CR.
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
];

const fn preset(id: PresetId, name: &'static str, rule: &'static str, source: &'static str) -> Preset {
    Preset { id, name, rule, source }
}

impl Preset {
    /// It has the name of the rule that it is, and so adds nothing to the list of rules.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.name == self.rule
    }
}

impl FramingRule {
    /// The rule of a preset.
    #[must_use]
    pub fn preset(name: &str) -> Option<Self> {
        PRESETS.iter().find(|preset| preset.name.eq_ignore_ascii_case(name)).and_then(|preset| preset.rule.parse().ok())
    }

    /// The name of the preset that is this rule.
    #[must_use]
    pub fn preset_name(&self) -> Option<&'static str> {
        PRESETS.iter().map(|preset| preset.name).find(|name| Self::preset(name).as_ref() == Some(self))
    }
}
