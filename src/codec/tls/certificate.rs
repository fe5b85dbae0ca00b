//! Certificates as people read them (RFC 5280).

use super::der::{Der, GENERALIZED_TIME, INTEGER, OBJECT, SEQUENCE, SET, UTC_TIME, object, text, time};
use crate::model::TlsCertificate;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The most names that are listed.
const NAMES: usize = 64;
/// The most characters of a name.
const NAME_LEN: usize = 256;

/// The context-specific tags of a certificate.
const VERSION: u8 = 0xA0;
const EXTENSIONS: u8 = 0xA3;
/// The kinds of a general name.
const MAIL: u8 = 0x81;
const DNS: u8 = 0x82;
const URI: u8 = 0x86;
const ADDRESS: u8 = 0x87;

const SUBJECT_ALTERNATIVE_NAME: &str = "2.5.29.17";
const RSA: &str = "1.2.840.113549.1.1.1";
const ELLIPTIC_CURVE: &str = "1.2.840.10045.2.1";

/// Short names of the parts of a distinguished name (RFC 4514 section 3), others as numbers.
const PARTS: &[(&str, &str)] = &[
    ("2.5.4.3", "CN"),
    ("2.5.4.5", "serialNumber"),
    ("2.5.4.6", "C"),
    ("2.5.4.7", "L"),
    ("2.5.4.8", "ST"),
    ("2.5.4.9", "STREET"),
    ("2.5.4.10", "O"),
    ("2.5.4.11", "OU"),
    ("0.9.2342.19200300.100.1.25", "DC"),
    ("1.2.840.113549.1.9.1", "emailAddress"),
];

const CURVES: &[(&str, &str)] = &[
    ("1.2.840.10045.3.1.7", "EC P-256"),
    ("1.3.132.0.34", "EC P-384"),
    ("1.3.132.0.35", "EC P-521"),
    ("1.2.156.10197.1.301", "SM2"),
];

const KEYS: &[(&str, &str)] = &[("1.3.101.112", "Ed25519"), ("1.3.101.113", "Ed448"), ("1.2.840.10040.4.1", "DSA")];

fn known(list: &[(&str, &str)], id: &str) -> String {
    list.iter().find(|(known, _)| *known == id).map_or(id, |(_, name)| name).to_owned()
}

/// SHA-256 of a certificate in DER form, in lower-case hex.
#[must_use]
pub fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        write!(hex, "{byte:02x}").ok();
        hex
    })
}

/// The fields of a certificate in DER form. Of one that cannot be read, only the fingerprint is known.
#[must_use]
pub fn certificate(der: &[u8]) -> TlsCertificate {
    TlsCertificate { sha256: fingerprint(der), ..fields(der).unwrap_or_default() }
}

fn fields(der: &[u8]) -> Option<TlsCertificate> {
    let mut signed = Der(Der(der).expect(SEQUENCE)?);
    let mut fields = Der(signed.expect(SEQUENCE)?);
    fields.optional(VERSION);
    fields.expect(INTEGER)?; // serial number
    fields.expect(SEQUENCE)?; // signature algorithm
    let issuer = distinguished_name(fields.expect(SEQUENCE)?);
    let mut validity = Der(fields.expect(SEQUENCE)?);
    let mut moment = || validity.next().filter(|(tag, _)| matches!(*tag, UTC_TIME | GENERALIZED_TIME));
    let (not_before, not_after) = (moment()?, moment()?);
    let subject = distinguished_name(fields.expect(SEQUENCE)?);
    let key = key(Der(fields.expect(SEQUENCE)?)).unwrap_or_default();
    let mut names = Vec::new();
    // Identifiers of issuer and subject, which nobody uses, may lie between.
    while let Some((tag, content)) = fields.next() {
        if tag == EXTENSIONS {
            names = alternative_names(content).unwrap_or_default();
        }
    }
    Some(TlsCertificate {
        subject,
        issuer,
        not_before: time(not_before.0, not_before.1)?,
        not_after: time(not_after.0, not_after.1)?,
        names,
        key,
        sha256: String::new(),
    })
}

fn cut(text: String) -> String {
    if text.len() <= NAME_LEN { text } else { text.chars().take(NAME_LEN).collect() }
}

/// `CN=device, O=Example`.
fn distinguished_name(content: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut sets = Der(content);
    while let Some(set) = sets.expect(SET).filter(|_| parts.len() < NAMES) {
        let mut pairs = Der(set);
        while let Some(pair) = pairs.expect(SEQUENCE).filter(|_| parts.len() < NAMES) {
            let mut pair = Der(pair);
            let (Some(kind), Some((tag, value))) = (pair.expect(OBJECT), pair.next()) else { continue };
            parts.push(format!("{}={}", known(PARTS, &object(kind)), text(tag, value)));
        }
    }
    cut(parts.join(", "))
}

/// Algorithm and size of a public key.
fn key(mut info: Der<'_>) -> Option<String> {
    let mut algorithm = Der(info.expect(SEQUENCE)?);
    let id = object(algorithm.expect(OBJECT)?);
    if id == ELLIPTIC_CURVE {
        return Some(known(CURVES, &object(algorithm.expect(OBJECT)?)));
    }
    if id != RSA {
        return Some(known(KEYS, &id));
    }
    // A bit string, whose first byte is the number of unused bits.
    let (_, bits) = info.next()?;
    let mut numbers = Der(Der(bits.get(1..)?).expect(SEQUENCE)?);
    let modulus = numbers.expect(INTEGER)?;
    let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
    let leading = modulus.get(zeros).map_or(0, |byte| byte.leading_zeros() as usize);
    Some(format!("RSA {}", (modulus.len() - zeros) * 8 - leading))
}

fn alternative_names(content: &[u8]) -> Option<Vec<String>> {
    let mut extensions = Der(Der(content).expect(SEQUENCE)?);
    while let Some(extension) = extensions.expect(SEQUENCE) {
        let mut extension = Der(extension);
        if object(extension.expect(OBJECT)?) != SUBJECT_ALTERNATIVE_NAME {
            continue;
        }
        // Whether it is critical may lie between.
        let mut value = extension.next()?;
        if let Some(next) = extension.next() {
            value = next;
        }
        let mut all = Der(Der(value.1).expect(SEQUENCE)?);
        let names = std::iter::from_fn(|| all.next()).take(NAMES).filter_map(|(tag, content)| name(tag, content));
        return Some(names.collect());
    }
    None
}

fn name(tag: u8, content: &[u8]) -> Option<String> {
    match tag {
        DNS | MAIL | URI => Some(cut(text(tag, content))),
        ADDRESS => match content.len() {
            4 => content.first_chunk::<4>().map(|octets| Ipv4Addr::from(*octets).to_string()),
            16 => content.first_chunk::<16>().map(|octets| Ipv6Addr::from(*octets).to_string()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By `openssl req -x509 -newkey rsa:1024 -days 3650 -subj "/C=DE/O=\u{8BBE}\u{5907} GmbH/CN=device.local" -addext
    /// subjectAltName=DNS:device.local,IP:10.0.0.9,IP:fe80::1`.
    const DEVICE: &[u8] = include_bytes!("device.der");

    #[test]
    fn a_certificate_of_openssl_is_read() {
        let read = certificate(DEVICE);
        assert_eq!(read.subject, "C=DE, O=\u{8BBE}\u{5907} GmbH, CN=device.local");
        assert_eq!(read.issuer, read.subject);
        assert_eq!(read.names, ["device.local", "10.0.0.9", "fe80::1"]);
        assert_eq!((read.key.as_str(), read.not_after - read.not_before), ("RSA 1024", 3650 * 86_400));
        assert_eq!(read.sha256, fingerprint(DEVICE));
        for len in 0..DEVICE.len() {
            assert_ne!(certificate(&DEVICE[..len]).sha256, read.sha256);
        }
    }
}
