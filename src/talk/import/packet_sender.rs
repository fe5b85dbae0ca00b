//! `packets.ini` of Packet Sender: an INI file as Qt's `QSettings` writes it. Each packet is a section with its name; the section
//! `NAMES` has the order. Names of sections and keys are percent-encoded, values have escapes of C.

use super::{Command, Content, Imported, Why};
use crate::codec::hex;
use std::collections::BTreeMap;
use std::time::Duration;

/// The section with the names of the packets.
const NAMES: &str = "NAMES";
/// Values that Packet Sender inserts when it sends.
const MACROS: [&[u8]; 5] = [b"{{TIME}}", b"{{DATE}}", b"{{UNIXTIME}}", b"{{RANDOM}}", b"{{UNIQUE}}"];

/// The values of a packet by their names.
type Packet = BTreeMap<String, String>;

/// Whether the text is such a list.
pub(super) fn is_list(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let first = lines.find(|line| !line.is_empty() && !line.starts_with(';'));
    first.is_some_and(|line| line.starts_with('[') && line.ends_with(']'))
        && text.lines().any(|line| line.split('=').next().is_some_and(|key| key.trim_end().ends_with("hexString")))
}

/// Reads the list.
pub(super) fn read(text: &str) -> Imported {
    let (names, mut packets) = sections(text);
    let mut imported = Imported::default();
    let order = names.iter().chain(packets.keys().filter(|name| !names.contains(name))).cloned().collect::<Vec<_>>();
    for name in order {
        if let Some(packet) = packets.remove(&name) {
            take(&mut imported, &name, &packet);
        }
    }
    imported
}

/// The names in order, and the packets by name.
fn sections(text: &str) -> (Vec<String>, BTreeMap<String, Packet>) {
    let mut names: BTreeMap<u64, String> = BTreeMap::new();
    let mut packets: BTreeMap<String, Packet> = BTreeMap::new();
    let mut section = String::new();
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = match name {
                "General" => String::new(),
                "%General" => "General".to_owned(),
                name => decoded_key(name),
            };
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with(';')) else { continue };
        let key = decoded_key(key.trim());
        let whole = if section.is_empty() { key } else { format!("{section}/{key}") };
        // A name may have a slash, so the last one is the border.
        let Some((name, key)) = whole.rsplit_once('/') else { continue };
        if let Some(number) = name.strip_prefix("NAMES/").and_then(|number| number.parse().ok()) {
            names.insert(number, decoded_value(value.trim()));
        } else if name != NAMES {
            packets.entry(name.to_owned()).or_default().insert(key.to_owned(), decoded_value(value.trim()));
        }
    }
    let mut order: Vec<String> = Vec::new();
    for name in names.into_values() {
        if !order.contains(&name) || order.len() > super::MOST_COMMANDS {
            order.push(name);
        }
    }
    (order, packets)
}

/// Adds a packet.
fn take(imported: &mut Imported, section: &str, packet: &Packet) {
    let value = |key: &str| packet.get(key).map_or("", String::as_str);
    if !packet.contains_key("hexString") {
        return;
    }
    let name = if value("name").is_empty() { section } else { value("name") };
    if value("tcpOrUdp").to_ascii_lowercase().contains("http") {
        imported.leave_out(name, Why::Http);
        return;
    }
    let Ok(bytes) = hex::parse(value("hexString")) else {
        imported.leave_out(name, Why::NotHex);
        return;
    };
    imported.has_addresses |= !value("toIP").is_empty();
    if MACROS.iter().any(|name| memchr::memmem::find(&bytes, name).is_some()) {
        imported.leave_out(name, Why::Macro);
    }
    let every = match value("repeat").parse::<f64>() {
        Ok(seconds) if seconds > 0.0 => Duration::try_from_secs_f64(seconds).ok().filter(|every| every.as_millis() > 0),
        Err(_) if !value("repeat").is_empty() => {
            imported.leave_out(name, Why::Number);
            None
        }
        _ => None,
    };
    let every = every.filter(|every| *every <= Duration::from_secs(86_400 * 365));
    imported.push(Command {
        name: name.to_owned(),
        group: String::new(),
        content: Content::Bytes(bytes),
        every,
        delay: None,
    });
}

/// A name of a section or key: `%20` is a byte of Latin-1, `%U4F60` a character, `\` a slash.
fn decoded_key(text: &str) -> String {
    let mut key = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (number, len) = match c {
            '%' if rest[1..].starts_with('U') => (hex_number(rest, 2, 4), 6),
            '%' => (hex_number(rest, 1, 2), 3),
            _ => (None, 0),
        };
        if let Some(character) = number.and_then(char::from_u32) {
            key.push(character);
            rest = &rest[len..];
            continue;
        }
        key.push(if c == '\\' { '/' } else { c });
        rest = &rest[c.len_utf8()..];
    }
    key
}

fn hex_number(text: &str, from: usize, len: usize) -> Option<u32> {
    let digits = text.get(from..from + len)?;
    if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) { u32::from_str_radix(digits, 16).ok() } else { None }
}

/// A value: quotes are removed, escapes resolved.
fn decoded_value(text: &str) -> String {
    let mut value = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        match c {
            '"' => {}
            '\\' => rest = escaped(rest, &mut value),
            c => value.push(c),
        }
    }
    // An at sign begins the name of a type; a value that begins with one has two.
    match value.strip_prefix("@@") {
        Some(rest) => format!("@{rest}"),
        None => value,
    }
}

/// Resolves the escape behind a backslash. Returns what is behind it.
fn escaped<'a>(rest: &'a str, value: &mut String) -> &'a str {
    let Some(c) = rest.chars().next() else { return rest };
    let behind = &rest[c.len_utf8()..];
    match c {
        'x' => {
            // As many digits as there are, but no character has more than six.
            let len = behind.bytes().take(6).take_while(u8::is_ascii_hexdigit).count();
            let number = if len == 0 { None } else { u32::from_str_radix(&behind[..len], 16).ok() };
            value.extend(number.and_then(char::from_u32));
            return &behind[len..];
        }
        'n' => value.push('\n'),
        'r' => value.push('\r'),
        't' => value.push('\t'),
        'a' | 'b' | 'f' | 'v' | '0'..='7' => {}
        other => value.push(other),
    }
    behind
}
