//! What is put around a payload, in words.

use super::{Lang, Text, grouped};
use crate::codec::framing::BuildError;
use crate::codec::wrap::{Head, OwnBytes, Tail};
use crate::codec::{ChecksumKind, Wrap, WrapError, hex};

/// Bytes of the user's own that a summary shows.
const OWN_SHOWN: usize = 4;

/// The parts in the order in which they are sent: `2B length + CRC-16/MODBUS + CRLF`.
#[must_use]
pub fn wrap_summary(wrap: &Wrap, lang: Lang) -> String {
    if wrap.as_framing {
        return Text::SameAsFraming.of(lang).to_owned();
    }
    let head = match &wrap.head {
        Head::None => None,
        Head::Length(length) => Some(lang.texts().length_field_head(length.width.bytes())),
        Head::Bytes(own) => Some(own_bytes(own)),
    };
    let tail = match &wrap.tail {
        Tail::None => None,
        Tail::Cr => Some("CR".to_owned()),
        Tail::Lf => Some("LF".to_owned()),
        Tail::CrLf => Some("CRLF".to_owned()),
        Tail::Bytes(own) => Some(own_bytes(own)),
    };
    let checks = |is_behind: bool| {
        let those = wrap.checks.iter().filter(move |check| check.is_behind_tail == is_behind);
        those.map(|check| check.kind.name().to_owned())
    };
    let parts = head.into_iter().chain(checks(false)).chain(tail).chain(checks(true));
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { lang.texts().wrap_none().to_owned() } else { parts.join(" + ") }
}

fn own_bytes(own: &OwnBytes) -> String {
    let bytes = own.as_slice();
    let more = if bytes.len() > OWN_SHOWN { " …" } else { "" };
    format!("{}{more}", hex::spaced_upper(&bytes[..bytes.len().min(OWN_SHOWN)]))
}

/// The sizes of what goes out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composition {
    /// Bytes of the head.
    pub head: usize,
    /// The head is a length field.
    pub is_length: bool,
    /// Bytes of the payload.
    pub body: usize,
    /// The checks, and their bytes.
    pub checks: Vec<(ChecksumKind, usize)>,
    /// Bytes of the tail.
    pub tail: usize,
    /// How many peers get all of it.
    pub peers: u64,
}

/// `length 2 + 6 + CRC 2 = 10 bytes, × 6 peers = 60 bytes`.
#[must_use]
pub fn composition(of: &Composition, lang: Lang) -> String {
    let texts = lang.texts();
    let check_len = of.checks.iter().map(|(_, len)| len).sum();
    let total = [of.head, of.body, check_len, of.tail].iter().fold(0_u64, |sum, len| sum.saturating_add(*len as u64));
    let mut words = String::new();
    if of.head > 0 {
        words.push_str(&texts.head_size(of.is_length, of.head));
        words.push_str(" + ");
    }
    if total > of.body as u64 {
        words.push_str(&grouped(of.body as u64));
        for (kind, len) in &of.checks {
            words.push_str(&format!(" + {} {len}", short_name(*kind)));
        }
        if of.tail > 0 {
            words.push_str(&format!(" + {}", texts.tail_size(of.tail)));
        }
        words.push_str(" = ");
    }
    words.push_str(&texts.bytes(total));
    if of.peers > 1 {
        words.push_str(&texts.times_peers(of.peers, total.saturating_mul(of.peers)));
    }
    words
}

/// `CRC` for every CRC, else the name.
fn short_name(kind: ChecksumKind) -> &'static str {
    if kind.name().starts_with("CRC") { "CRC" } else { kind.name() }
}

/// Why a framing rule has no frame with a content.
#[must_use]
pub fn build_error(error: &BuildError, lang: Lang) -> String {
    lang.texts().build_error(error)
}

/// Why a payload cannot be wrapped.
#[must_use]
pub fn wrap_error(error: &WrapError, lang: Lang) -> String {
    match error {
        WrapError::TooLong { len, width } => {
            let most = u64::MAX >> (u64::BITS as usize - (width * 8).clamp(1, 64));
            lang.texts().too_long_for_length(*len, *width, most)
        }
        WrapError::Range { len } => lang.texts().range_outside(*len),
        WrapError::Frame(error) => build_error(error, lang),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::ChecksumKind;
    use crate::codec::wrap::{Appended, LengthHead};

    #[test]
    fn a_summary_names_the_parts_in_the_order_sent() {
        let sum = Appended::new(ChecksumKind::by_name("SUM-8").unwrap());
        let own = |bytes: &[u8]| OwnBytes::new(bytes).unwrap();
        let modbus = Appended::new(ChecksumKind::by_name("CRC-16/MODBUS").unwrap());
        for (wrap, expected) in [
            (Wrap::default(), "None"),
            (Wrap { tail: Tail::Bytes(OwnBytes::default()), ..Wrap::default() }, "None"),
            (Wrap::ending(Tail::CrLf), "CRLF"),
            (Wrap { as_framing: true, ..Wrap::checked(modbus) }, "Same as framing"),
            (Wrap::checked(modbus), "CRC-16/MODBUS"),
            (Wrap { checks: vec![sum, modbus], ..Wrap::default() }, "SUM-8 + CRC-16/MODBUS"),
            (
                Wrap { head: Head::Length(LengthHead::default()), checks: vec![modbus], ..Wrap::ending(Tail::Cr) },
                "2B length + CRC-16/MODBUS + CR",
            ),
            (
                Wrap {
                    head: Head::Bytes(own(&[0xAA, 0x55])),
                    checks: vec![Appended { is_behind_tail: true, ..modbus }],
                    ..Wrap::ending(Tail::Bytes(own(&[1, 2, 3, 4, 5])))
                },
                "AA 55 + 01 02 03 04 … + CRC-16/MODBUS",
            ),
        ] {
            assert_eq!(wrap_summary(&wrap, Lang::En), expected);
        }
    }

    #[test]
    fn a_composition_is_a_sum() {
        let crc: Vec<_> = ChecksumKind::by_name("CRC-16/MODBUS").map(|kind| (kind, 2)).into_iter().collect();
        let all = Composition { head: 2, is_length: true, body: 6, checks: crc, tail: 0, peers: 6 };
        assert_eq!(composition(&all, Lang::ZhCn), "长度头 2 + 6 + CRC 2 = 10 字节，× 6 个对端 = 60 字节");
        assert_eq!(composition(&all, Lang::En), "length 2 + 6 + CRC 2 = 10 bytes, × 6 peers = 60 bytes");
        let plain = Composition { head: 0, is_length: false, body: 1200, checks: Vec::new(), tail: 0, peers: 1 };
        assert_eq!(composition(&plain, Lang::En), "1,200 bytes");
        assert_eq!(composition(&Composition { tail: 2, body: 5, ..plain }, Lang::ZhCn), "5 + 尾 2 = 7 字节");
    }

    #[test]
    fn a_content_that_cannot_be_a_frame_gets_a_sentence() {
        let error = |rule: &str, content: &[u8]| {
            rule.parse::<crate::codec::FramingRule>().expect(rule).build(content).expect_err(rule)
        };
        for (rule, content, en, zh) in [
            (
                "line",
                &b"a\nb"[..],
                "The content contains 0A, which the framing rule reserves",
                "内容含有 0A，它是分包规则的标记",
            ),
            (
                "modbus-tcp",
                &[0; 300],
                "The frame has 306 bytes, more than the maximum of 260",
                "帧长 306 字节，超过上限 260",
            ),
            (
                "modbus-rtu",
                &[1, 3],
                "The content is not a Modbus RTU message of address, function code and data",
                "内容不是 Modbus RTU 报文（地址、功能码和数据）",
            ),
        ] {
            let error = error(rule, content);
            assert_eq!(build_error(&error, Lang::En), en);
            assert_eq!(build_error(&error, Lang::ZhCn), zh);
        }
    }

    #[test]
    fn an_error_names_the_largest_length() {
        let words = wrap_error(&WrapError::TooLong { len: 70_000, width: 2 }, Lang::En);
        assert_eq!(words, "Length 70,000 does not fit: a length field of 2 bytes holds at most 65,535");
        assert!(wrap_error(&WrapError::TooLong { len: 256, width: 1 }, Lang::ZhCn).contains("上限 255"));
    }
}
