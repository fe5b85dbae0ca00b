//! Carries over what files of version 1 store in another form.

use super::SessionSetup;
use crate::codec::wrap::{Appended, Tail};
use crate::codec::{ChecksumKind, Wrap};
use crate::settings::columns;
use serde_json::{Map, Value, json};

/// Names of the checks that version 1 could append, with their names in the catalogue. Their byte order was the usual one.
const CHECKS: [(&str, &str); 7] = [
    ("sum8", "SUM-8"),
    ("negative-sum8", "NEG-SUM-8"),
    ("xor8", "XOR-8"),
    ("crc16-modbus", "CRC-16/MODBUS"),
    ("crc16-xmodem", "CRC-16/XMODEM"),
    ("crc16-ccitt-false", "CRC-16/IBM-3740"),
    ("crc32", "CRC-32/ISO-HDLC"),
];

/// Converts a file of version 1. What cannot be converted keeps its form and is reported as invalid later.
pub(super) fn carry_over(file: &mut Value) {
    let sessions = file.get_mut("sessions").and_then(Value::as_array_mut);
    for session in sessions.into_iter().flatten().filter_map(Value::as_object_mut) {
        udp_target(session);
        columns::carry_over(session);
        suffix(session);
        history(session);
    }
}

/// The first files stored the target of a UDP session in the fields for a client's remote address. These fields were never empty:
/// their initial value was not typed by the user.
fn udp_target(session: &mut Map<String, Value>) {
    if session.get("protocol").and_then(Value::as_str) != Some("udp") || session.contains_key("target_address") {
        return;
    }
    let start = SessionSetup::default();
    let typed =
        ["remote_address", "remote_port"].map(|key| session.get(key).and_then(Value::as_str).map(str::to_owned));
    if let [Some(address), Some(port)] = typed
        && (&address, &port) != (&start.remote_address, &start.remote_port)
    {
        session.insert("target_address".into(), address.into());
        session.insert("target_port".into(), port.into());
    }
}

/// The suffix of each send was one line end or one check.
fn suffix(session: &mut Map<String, Value>) {
    let Some(append) = session.remove("append") else { return };
    let wrap = wrap_of(&append).and_then(|wrap| serde_json::to_value(wrap).ok()).unwrap_or(append);
    session.insert("wrap".into(), wrap);
}

fn wrap_of(append: &Value) -> Option<Wrap> {
    if let Some(name) = append.get("checksum") {
        let (_, name) = CHECKS.iter().find(|(old, _)| name == old)?;
        return ChecksumKind::by_name(name).map(|kind| Wrap::checked(Appended::new(kind)));
    }
    Some(match append.as_str()? {
        "none" => Wrap::default(),
        "cr" => Wrap::ending(Tail::Cr),
        "lf" => Wrap::ending(Tail::Lf),
        "cr-lf" => Wrap::ending(Tail::CrLf),
        _ => return None,
    })
}

/// Sent texts were stored with their format only. They were sent again with the escapes and the suffix that the session then had.
fn history(session: &mut Map<String, Value>) {
    let rest = ["escapes", "wrap"].map(|key| (key, session.get(key).cloned()));
    let Some(history) = session.get_mut("history").and_then(Value::as_array_mut) else { return };
    for entry in history {
        if let Some([Value::String(text), Value::Bool(hex)]) = entry.as_array().map(Vec::as_slice) {
            let mut message = json!({ "text": text, "hex": hex });
            for (key, value) in &rest {
                if let (Some(value), Some(message)) = (value, message.as_object_mut()) {
                    message.insert((*key).into(), value.clone());
                }
            }
            *entry = message;
        }
    }
}
