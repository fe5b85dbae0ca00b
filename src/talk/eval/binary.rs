//! Values as bytes outside of quotes: whole numbers, floats, BCD, padded text.

use super::fault::FaultKind;
use super::format::decoded;
use super::operators::bytes_of;
use super::value::{Number, Value};
use crate::codec::Encoding;
use crate::talk::tree::{self, Expr, ExprKind, Float, Int, Reading, Span, Type};

/// The number of bytes of a type, if it does not depend on anything.
#[must_use]
pub fn fixed_len(form: &Type) -> Option<usize> {
    match form {
        Type::Int(int) => Some(int.bytes),
        Type::Float(float) => Some(float.bytes),
        Type::Bcd { bytes, .. } => Some(*bytes),
        Type::Bytes(_) | Type::Text(_) => None,
    }
}

/// Appends a value as this type. `size` is the size of `bytes(n)` and `text(n)`.
///
/// # Errors
/// The value does not fit.
pub fn write(
    value: &Value,
    form: &Type,
    size: Option<usize>,
    encoding: Encoding,
    out: &mut Vec<u8>,
) -> Result<(), FaultKind> {
    let unfit = || FaultKind::DoesNotFit { value: value.to_string(), form: name(form, size) };
    match form {
        Type::Int(int) => write_int(value.whole().ok_or_else(unfit)?, *int, out).ok_or_else(unfit),
        Type::Float(float) => write_float(value.number().ok_or_else(unfit)?, *float, out).ok_or_else(unfit),
        Type::Bcd { bytes, is_little } => write_bcd(value, *bytes, *is_little, out).ok_or_else(unfit),
        Type::Bytes(_) | Type::Text(_) => {
            let bytes = match value {
                Value::Int(_) | Value::Float(_) if matches!(form, Type::Text(_)) => {
                    encoding.encode(&super::format::plain(value)).map_err(FaultKind::Encode)?.into()
                }
                value => bytes_of(value, encoding)?,
            };
            let missing = size.map_or(Some(0), |size| size.checked_sub(bytes.len())).ok_or_else(unfit)?;
            if missing > 0 && matches!(form, Type::Bytes(_)) {
                return Err(unfit());
            }
            out.extend_from_slice(&bytes);
            out.extend(std::iter::repeat_n(0, missing));
            Ok(())
        }
    }
}

fn write_int(whole: i128, int: Int, out: &mut Vec<u8>) -> Option<()> {
    let bits = (int.bytes * 8) as u32;
    let range = if int.is_signed { -(1_i128 << (bits - 1))..1_i128 << (bits - 1) } else { 0..1_i128 << bits };
    if !range.contains(&whole) {
        return None;
    }
    let bytes = whole.to_be_bytes();
    put(&bytes[bytes.len() - int.bytes..], int.is_little, out);
    Some(())
}

fn write_float(number: Number, float: Float, out: &mut Vec<u8>) -> Option<()> {
    let value = number.float();
    if float.bytes == 8 {
        put(&value.to_be_bytes(), float.is_little, out);
        return Some(());
    }
    let narrow = value as f32;
    if narrow.is_infinite() && value.is_finite() {
        return None;
    }
    put(&narrow.to_be_bytes(), float.is_little, out);
    Some(())
}

fn write_bcd(value: &Value, bytes: usize, is_little: bool, out: &mut Vec<u8>) -> Option<()> {
    let digits = match value {
        Value::Text(text) => text.to_string(),
        Value::Int(_) | Value::Float(_) => value.whole().filter(|whole| *whole >= 0)?.to_string(),
        _ => return None,
    };
    let missing = (bytes * 2).checked_sub(digits.len())?;
    if !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let digits: Vec<u8> = std::iter::repeat_n(b'0', missing).chain(digits.bytes()).map(|digit| digit - b'0').collect();
    let packed: Vec<u8> = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    put(&packed, is_little, out);
    Some(())
}

/// Appends bytes that are given with the highest first.
fn put(bytes: &[u8], is_little: bool, out: &mut Vec<u8>) {
    match is_little {
        true => out.extend(bytes.iter().rev()),
        false => out.extend_from_slice(bytes),
    }
}

/// The value of exactly these bytes; `None`: no value of the type has them (BCD with other digits).
#[must_use]
pub fn read(bytes: &[u8], form: &Type, encoding: Encoding) -> Option<Value> {
    match form {
        Type::Int(int) => {
            let unsigned = i128::from(bits_of(bytes, int.is_little));
            let bits = (int.bytes * 8) as u32;
            let is_negative = int.is_signed && unsigned >> (bits - 1) & 1 == 1;
            Some(Value::Int(if is_negative { unsigned - (1 << bits) } else { unsigned }))
        }
        Type::Float(float) => {
            let bits = bits_of(bytes, float.is_little);
            Some(Value::Float(match float.bytes {
                4 => f64::from(f32::from_bits(bits as u32)),
                _ => f64::from_bits(bits),
            }))
        }
        Type::Bcd { is_little, .. } => {
            let mut digits = String::with_capacity(bytes.len() * 2);
            for index in 0..bytes.len() {
                let byte = bytes[if *is_little { bytes.len() - 1 - index } else { index }];
                digits.push(char::from_digit(u32::from(byte >> 4), 10)?);
                digits.push(char::from_digit(u32::from(byte & 15), 10)?);
            }
            Some(Value::text(digits))
        }
        Type::Bytes(_) => Some(Value::bytes(bytes)),
        Type::Text(None) => Some(decoded(bytes, encoding)),
        // The padding is not part of the text.
        Type::Text(Some(_)) => {
            let padding = bytes.iter().rev().take_while(|byte| **byte == 0).count();
            Some(decoded(&bytes[..bytes.len() - padding], encoding))
        }
    }
}

/// At most 8 bytes as a number.
fn bits_of(bytes: &[u8], is_little: bool) -> u64 {
    let add = |all: u64, byte: &u8| all << 8 | u64::from(*byte);
    if is_little { bytes.iter().rev().fold(0, add) } else { bytes.iter().fold(0, add) }
}

/// The number that the captured characters are.
#[must_use]
pub fn read_decimal(text: &str, reading: Reading) -> Option<Value> {
    match reading {
        Reading::Dec => text.parse().ok().map(Value::Int),
        Reading::Hex => i128::from_str_radix(text, 16).ok().map(Value::Int),
        Reading::Num => Number::of(text).map(Value::from),
    }
}

/// A type as written.
pub(super) fn name(form: &Type, size: Option<usize>) -> String {
    let order = |is_little: bool| if is_little { "le" } else { "" };
    let size = size.map_or(String::new(), |size| format!("({size})"));
    match form {
        Type::Int(Int { bytes, is_signed, is_little }) => {
            format!("{}{}{}", if *is_signed { "i" } else { "u" }, bytes * 8, order(*is_little))
        }
        Type::Float(Float { bytes, is_little }) => format!("f{}{}", bytes * 8, order(*is_little)),
        Type::Bcd { bytes, is_little } => format!("bcd{bytes}{}", order(*is_little)),
        Type::Bytes(_) => format!("bytes{size}"),
        Type::Text(_) => format!("text{size}"),
    }
}

/// A type by its name, as in `pack("u16 f32le text(8)", …)`, with its size.
pub(super) fn by_name(word: &str) -> Option<(Type, Option<usize>)> {
    const LONGEST_BCD: usize = 64;
    let (base, size) = match word.strip_suffix(')').and_then(|word| word.split_once('(')) {
        Some((base, size)) => (base, Some(size.parse().ok().filter(|size| *size <= super::LONGEST)?)),
        None => (word, None),
    };
    let (stem, is_little) = base.strip_suffix("le").map_or((base, false), |stem| (stem, true));
    let digits = stem.find(|c: char| c.is_ascii_digit()).unwrap_or(stem.len());
    let (kind, number) = stem.split_at(digits);
    let form = match (kind, number.parse::<usize>().ok()) {
        ("u" | "i", Some(bits)) if bits % 8 == 0 && (8..=64).contains(&bits) => {
            Type::Int(Int { bytes: bits / 8, is_signed: kind == "i", is_little })
        }
        ("f", Some(bits @ (32 | 64))) => Type::Float(Float { bytes: bits / 8, is_little }),
        ("bcd", Some(bytes)) if (1..=LONGEST_BCD).contains(&bytes) => Type::Bcd { bytes, is_little },
        ("bytes", None) if number.is_empty() && !is_little => return Some((Type::Bytes(None), size)),
        ("text", None) if number.is_empty() && !is_little => return Some((Type::Text(size.map(sized)), size)),
        _ => return None,
    };
    if size.is_some() { None } else { Some((form, None)) }
}

fn sized(size: usize) -> Box<Expr> {
    Box::new(Expr { kind: ExprKind::Number(tree::Number::Int(size as u64)), span: Span::default() })
}
