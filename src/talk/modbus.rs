//! A Modbus server with a table of registers: functions 1–6, 15 and 16 of the Modbus Application Protocol V1.1b3.
//!
//! It sees the content of a frame, unit and PDU, so Modbus TCP and RTU are the same here. An address that the table does not have is
//! exception 2, a wrong count or value exception 3, every other function exception 1.

use super::eval::{Number, Value, write};
use super::tree::{Float, Int, Type};
use crate::codec::Encoding;
use std::collections::BTreeMap;

/// Most rows of a table.
const MOST_ROWS: usize = 1 << 20;

const ILLEGAL_FUNCTION: u8 = 1;
const ILLEGAL_ADDRESS: u8 = 2;
const ILLEGAL_VALUE: u8 = 3;

/// The registers of a server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registers {
    coils: BTreeMap<u16, bool>,
    inputs: BTreeMap<u16, bool>,
    input_registers: BTreeMap<u16, u16>,
    holding_registers: BTreeMap<u16, u16>,
}

/// A row of the file that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its line, counted from 1.
    pub line: usize,
    /// What is written there.
    pub written: String,
}

impl Registers {
    /// Reads a table: a row `TABLE,ADDRESS,VALUE[,TYPE]` for each value. TABLE is `coil`, `discrete`, `input` or `holding`; addresses begin
    /// at 0; TYPE is `u16` (the usual one), `i16`, `u32`, `i32`, `u64`, `i64`, `f32` or `f64`, with `le` behind it for the lowest word
    /// first. Empty lines, lines that begin with `#` and a first line of titles are skipped.
    ///
    /// # Errors
    /// The first row that is none.
    pub fn parse(csv: &str) -> Result<Self, BadRow> {
        let mut table = Self::default();
        let csv = csv.strip_prefix('\u{FEFF}').unwrap_or(csv);
        for (index, line) in csv.lines().enumerate() {
            let row = line.trim();
            if row.is_empty() || row.starts_with('#') {
                continue;
            }
            let fields: Vec<&str> = row.split([',', ';', '\t']).map(|field| field.trim().trim_matches('"')).collect();
            let is_title = index == 0 && fields.get(1).is_some_and(|field| Number::of(field).is_none());
            if !is_title && (index >= MOST_ROWS || table.add(&fields).is_none()) {
                return Err(BadRow { line: index + 1, written: row.chars().take(80).collect() });
            }
        }
        Ok(table)
    }

    fn add(&mut self, fields: &[&str]) -> Option<()> {
        let (kind, address, value, form) = match *fields {
            [kind, address, value] | [kind, address, value, ""] => (kind, address, value, "u16"),
            [kind, address, value, form] => (kind, address, value, form),
            _ => return None,
        };
        let address = u16::try_from(Number::of(address)?.whole()?).ok()?;
        let bit = || match value {
            "0" | "false" | "off" => Some(false),
            "1" | "true" | "on" => Some(true),
            _ => None,
        };
        let registers = match kind {
            "coil" => {
                self.coils.insert(address, bit()?);
                return Some(());
            }
            "discrete" => {
                self.inputs.insert(address, bit()?);
                return Some(());
            }
            "input" => &mut self.input_registers,
            "holding" => &mut self.holding_registers,
            _ => return None,
        };
        let words = words(value, form)?;
        address.checked_add(u16::try_from(words.len() - 1).ok()?)?;
        registers.extend((address..=u16::MAX).zip(words));
        Some(())
    }

    /// The answer to a request: unit and PDU. `None`: it is too short to be one.
    #[must_use]
    pub fn answer(&mut self, request: &[u8]) -> Option<Vec<u8>> {
        let [unit, function, body @ ..] = request else { return None };
        Some(match self.carry_out(*function, body) {
            Ok(answer) => [&[*unit, *function][..], &answer].concat(),
            Err(exception) => vec![*unit, *function | 0x80, exception],
        })
    }

    fn carry_out(&mut self, function: u8, body: &[u8]) -> Result<Vec<u8>, u8> {
        match function {
            1 => read_bits(&self.coils, body),
            2 => read_bits(&self.inputs, body),
            3 => read_words(&self.holding_registers, body),
            4 => read_words(&self.input_registers, body),
            5 => self.write_coil(body),
            6 => self.write_register(body),
            15 => self.write_coils(body),
            16 => self.write_registers(body),
            _ => Err(ILLEGAL_FUNCTION),
        }
    }

    fn write_coil(&mut self, body: &[u8]) -> Result<Vec<u8>, u8> {
        let (address, value) = two_words(body)?;
        let is_on = match value {
            0xFF00 => true,
            0 => false,
            _ => return Err(ILLEGAL_VALUE),
        };
        *self.coils.get_mut(&address).ok_or(ILLEGAL_ADDRESS)? = is_on;
        Ok(body.to_vec())
    }

    fn write_register(&mut self, body: &[u8]) -> Result<Vec<u8>, u8> {
        let (address, value) = two_words(body)?;
        *self.holding_registers.get_mut(&address).ok_or(ILLEGAL_ADDRESS)? = value;
        Ok(body.to_vec())
    }

    fn write_coils(&mut self, body: &[u8]) -> Result<Vec<u8>, u8> {
        let (head, bytes) = head_and_bytes(body)?;
        let (from, count) = two_words(head)?;
        if !(1..=1968).contains(&count) || bytes.len() != usize::from(count).div_ceil(8) {
            return Err(ILLEGAL_VALUE);
        }
        let addresses = addresses(&self.coils, from, count)?;
        for (index, address) in addresses.enumerate() {
            self.coils.insert(address, bytes[index / 8] >> (index % 8) & 1 == 1);
        }
        Ok(head.to_vec())
    }

    fn write_registers(&mut self, body: &[u8]) -> Result<Vec<u8>, u8> {
        let (head, bytes) = head_and_bytes(body)?;
        let (from, count) = two_words(head)?;
        if !(1..=123).contains(&count) || bytes.len() != usize::from(count) * 2 {
            return Err(ILLEGAL_VALUE);
        }
        let addresses = addresses(&self.holding_registers, from, count)?;
        for (address, word) in addresses.zip(bytes.chunks_exact(2)) {
            self.holding_registers.insert(address, u16::from_be_bytes([word[0], word[1]]));
        }
        Ok(head.to_vec())
    }
}

/// The registers of a value, the highest word first unless the type ends with `le`.
fn words(value: &str, form: &str) -> Option<Vec<u16>> {
    let (name, is_little) = form.strip_suffix("le").map_or((form, false), |name| (name, true));
    let bytes = name.get(1..)?.parse::<usize>().ok().filter(|bits| matches!(bits, 16 | 32 | 64))? / 8;
    let form = match name.get(..1)? {
        "u" => Type::Int(Int { bytes, is_signed: false, is_little: false }),
        "i" => Type::Int(Int { bytes, is_signed: true, is_little: false }),
        "f" if bytes > 2 => Type::Float(Float { bytes, is_little: false }),
        _ => return None,
    };
    let value = Value::text(value);
    let mut written = Vec::new();
    write(&value, &form, None, Encoding::UTF_8, &mut written).ok()?;
    let mut words: Vec<u16> = written.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    if is_little {
        words.reverse();
    }
    Some(words)
}

fn two_words(body: &[u8]) -> Result<(u16, u16), u8> {
    match *body {
        [a, b, c, d] => Ok((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]))),
        _ => Err(ILLEGAL_VALUE),
    }
}

/// Address and count, and the bytes behind their length.
fn head_and_bytes(body: &[u8]) -> Result<(&[u8], &[u8]), u8> {
    let (head, rest) = body.split_at_checked(4).ok_or(ILLEGAL_VALUE)?;
    match rest.split_first() {
        Some((len, bytes)) if usize::from(*len) == bytes.len() => Ok((head, bytes)),
        _ => Err(ILLEGAL_VALUE),
    }
}

/// The addresses of a range that the table has completely.
fn addresses<T>(table: &BTreeMap<u16, T>, from: u16, count: u16) -> Result<std::ops::RangeInclusive<u16>, u8> {
    let last = from.checked_add(count - 1).ok_or(ILLEGAL_ADDRESS)?;
    match table.range(from..=last).count() == usize::from(count) {
        true => Ok(from..=last),
        false => Err(ILLEGAL_ADDRESS),
    }
}

fn read_bits(table: &BTreeMap<u16, bool>, body: &[u8]) -> Result<Vec<u8>, u8> {
    let (from, count) = two_words(body)?;
    if !(1..=2000).contains(&count) {
        return Err(ILLEGAL_VALUE);
    }
    let range = addresses(table, from, count)?;
    let mut bytes = vec![0; usize::from(count).div_ceil(8)];
    for (index, (_, is_on)) in table.range(range).enumerate() {
        bytes[index / 8] |= u8::from(*is_on) << (index % 8);
    }
    Ok([&[bytes.len() as u8][..], &bytes].concat())
}

fn read_words(table: &BTreeMap<u16, u16>, body: &[u8]) -> Result<Vec<u8>, u8> {
    let (from, count) = two_words(body)?;
    if !(1..=125).contains(&count) {
        return Err(ILLEGAL_VALUE);
    }
    let range = addresses(table, from, count)?;
    let mut answer = vec![(count * 2) as u8];
    answer.extend(table.range(range).flat_map(|(_, word)| word.to_be_bytes()));
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::hex;

    const TABLE: &str = "table,address,value,type
# the pump
coil,0,1
coil,1,0
coil,2,on
discrete,9,true
holding,0,0x1234
holding,1,-2,i16
holding,2,230.5,f32
input,100,70000,u32
input,102,70000,u32le
";

    fn answer(table: &mut Registers, request: &str) -> String {
        let request = hex::parse(request).expect("hex");
        table.answer(&request).map_or_else(|| "nothing".to_owned(), |answer| hex::spaced_upper(&answer))
    }

    #[test]
    fn requests_read_and_write_the_table() {
        let mut table = Registers::parse(TABLE).expect("a table");
        for (request, expected) in [
            ("01 01 0000 0003", "01 01 01 05"),
            ("01 02 0009 0001", "01 02 01 01"),
            ("01 03 0000 0004", "01 03 08 12 34 FF FE 43 66 80 00"),
            ("01 04 0064 0004", "01 04 08 00 01 11 70 11 70 00 01"),
            ("01 05 0001 FF00", "01 05 00 01 FF 00"),
            ("01 0F 0000 0003 01 02", "01 0F 00 00 00 03"),
            ("01 01 0000 0003", "01 01 01 02"),
            ("01 06 0000 ABCD", "01 06 00 00 AB CD"),
            ("01 10 0001 0002 04 0001 0002", "01 10 00 01 00 02"),
            ("01 03 0000 0003", "01 03 06 AB CD 00 01 00 02"),
        ] {
            assert_eq!(answer(&mut table, request), expected, "{request}");
        }
    }

    #[test]
    fn wrong_requests_get_the_exception_of_the_specification() {
        let mut table = Registers::parse(TABLE).expect("a table");
        let before = table.clone();
        for (request, expected) in [
            ("01 2B 0E 01 00", "01 AB 01"),
            ("01 03 0003 0002", "01 83 02"),
            ("01 03 FFFF 0002", "01 83 02"),
            ("01 03 0000 0000", "01 83 03"),
            ("01 03 0000 007E", "01 83 03"),
            ("01 03 0000", "01 83 03"),
            ("01 01 0000 07D1", "01 81 03"),
            ("01 05 0000 0001", "01 85 03"),
            ("01 05 0009 FF00", "01 85 02"),
            ("01 06 0009 0000", "01 86 02"),
            ("01 0F 0000 0003 02 0200", "01 8F 03"),
            ("01 10 0003 0002 04 0001 0002", "01 90 02"),
            ("01 10 0000 0002 04 0001", "01 90 03"),
            ("01", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(answer(&mut table, request), expected, "{request}");
        }
        assert_eq!(table, before, "a refused request changes nothing");
    }

    #[test]
    fn a_wrong_row_is_named() {
        for (csv, line) in [
            ("coil,0,1\ncoil,x,1", 2),
            ("coil,0,2", 1),
            ("holding,0,65536", 1),
            ("holding,65535,1,u32", 1),
            ("holding,0,1,f16", 1),
            ("what,0,1", 1),
            ("holding,0", 1),
        ] {
            assert_eq!(Registers::parse(csv).map_err(|row| row.line), Err(line), "{csv}");
        }
        assert!(Registers::parse("\u{FEFF}表,地址,值\r\nholding;5;7\r\n").is_ok());
    }
}
