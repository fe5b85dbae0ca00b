//! Text that users type and paste.

use super::{Input, assert_explained, reading};
use wirebench::capture::items::{Filter, Sieve};
use wirebench::codec::checksum::Places;
use wirebench::codec::escape::{self, EscapeError};
use wirebench::codec::safe;
use wirebench::codec::{
    Check, Checksum, Encoding, FramingRule, HexError, Pattern, PatternError, PatternSource, Piece, StreamDecoder,
    Verdict, hex, hexdump,
};
use wirebench::model::{Endpoint, HostPort};
use wirebench::words;

/// Input: text.
pub fn hex(data: &[u8]) {
    let text = Input(data).text();
    let read = hex::parse(&text);
    if hexdump::dump(&text).is_none() {
        assert_eq!(hexdump::parse(&text).map(|typed| typed.bytes), read);
    }
    match &read {
        Ok(bytes) => {
            assert!(bytes.len() <= text.len());
            for written in [hex::lower(bytes), hex::spaced_lower(bytes), hex::spaced_upper(bytes)] {
                assert_eq!(hex::parse(&written).as_ref(), Ok(bytes));
            }
            let in_space = format!("\u{FEFF}\t{text}\r\n");
            assert_eq!(hex::parse(&in_space).as_ref(), Ok(bytes), "surrounding white space must be ignored");
        }
        Err(error @ HexError::BadDigit { character, position }) => {
            assert_eq!(text.chars().nth(*position), Some(*character));
            assert_explained(|lang| words::hex_error(error, lang));
        }
    }
    wildcards(&text);
}

/// Hex to search for is parsed like hex to send, with `?` for a digit.
fn wildcards(text: &str) {
    let digits = text.replace(['?', '？'], "1");
    match (Pattern::new(&PatternSource::Hex(text.to_owned())), hex::parse(&digits)) {
        (Ok(pattern), Ok(bytes)) => assert_eq!(pattern.reach(), bytes.len(), "{text:?}"),
        (Err(PatternError::Hex(found)), Err(expected)) => assert_eq!(found, expected, "{text:?}"),
        (Err(PatternError::Empty), Ok(bytes)) => assert!(bytes.is_empty()),
        (Err(PatternError::OnlyWildcards), Ok(bytes)) => assert!(!bytes.is_empty()),
        (Err(PatternError::TooLong), Ok(bytes)) => assert!(bytes.len() > Pattern::LEN_MAX),
        (found, expected) => panic!("{text:?}: {found:?}, without wildcards {expected:?}"),
    }
}

/// Input: an encoding, then text, or bytes.
pub fn escapes(data: &[u8]) {
    let mut input = Input(data);
    let encoding = input.encoding();
    assert_escaped(input.0, encoding);
    let text = input.text();
    let error = match escape::encode_escaped(&text, encoding) {
        Ok(bytes) => return assert_escaped(&bytes, encoding),
        Err(error) => error,
    };
    assert_explained(|lang| words::escape_error(&error, lang));
    match error {
        EscapeError::Bad { text: bad, position } => {
            let from_there: String = text.chars().skip(position).collect();
            assert!(bad.starts_with('\\') && from_there.starts_with(&bad), "{bad:?} at {position} of {text:?}");
        }
        EscapeError::Encode(error) => {
            let there = text.chars().nth(error.position);
            assert!(there == Some(error.character) || there == Some('\\'), "{error:?} in {text:?}");
        }
    }
}

/// Any bytes can be escaped, are then safe to show, and can be parsed again.
fn assert_escaped(bytes: &[u8], encoding: Encoding) {
    let written = escape::escape(bytes, encoding);
    assert!(!written.chars().any(safe::is_hidden), "{written:?}");
    assert_eq!(escape::encode_escaped(&written, encoding).as_deref(), Ok(bytes), "{written:?} in {}", encoding.name());
}

/// Input: an endpoint; also its first line as a host and the rest as a port.
pub fn endpoint(data: &[u8]) {
    let mut input = Input(data);
    let (whole, host, port) = (Input(data).text(), input.line(), input.text());
    match whole.parse::<Endpoint>() {
        Ok(endpoint) => {
            let shown = endpoint.to_string();
            assert_eq!(shown.parse::<Endpoint>().as_ref(), Ok(&endpoint), "{shown:?}");
            assert_host(&endpoint.at);
        }
        Err(error) => assert_explained(|lang| words::endpoint_error(&error, lang)),
    }
    for from_form in [HostPort::from_fields(&host, &port), HostPort::new(&whole, 1), whole.parse()] {
        match from_form {
            Ok(at) => assert_host(&at),
            Err(error) => assert_explained(|lang| words::endpoint_error(&error, lang)),
        }
    }
}

fn assert_host(at: &HostPort) {
    let shown = at.to_string();
    assert_eq!(shown.parse::<HostPort>().as_ref(), Ok(at), "{shown:?}");
    assert_eq!(HostPort::new(&at.host, at.port).as_ref(), Ok(at));
    assert!(!at.host.is_empty() && !shown.chars().any(|c| c.is_control() || c.is_whitespace()), "{shown:?}");
    if let Some(address) = at.literal() {
        assert_eq!(address.port(), at.port);
    }
}

/// Input: a framing rule or a check, a line feed, a frame.
pub fn rule(data: &[u8]) {
    let mut input = Input(data);
    let text = input.line();
    match text.parse::<FramingRule>() {
        Ok(rule) => {
            let shown = rule.to_string();
            assert_eq!(shown.parse::<FramingRule>().as_ref(), Ok(&rule), "{text:?} as {shown:?}");
            let stored = serde_json::to_string(&rule).expect("a rule is a text");
            let read = serde_json::from_str::<FramingRule>(&stored).expect("what was stored");
            // A preset stored by earlier versions becomes the current one.
            assert!(read == rule || read.preset_name() == Some("nmea"), "{shown:?} was stored, {read} is read");
            if let Some(name) = rule.preset_name() {
                assert_eq!(FramingRule::preset(name).as_ref(), Some(&rule));
            }
            let verdict = rule.verify(input.0);
            assert!(rule.check.is_some() || verdict.is_none());
            assert!(rule.content(input.0).len() <= input.0.len());
        }
        Err(error) => assert_explained(|lang| words::rule_error(&error, lang)),
    }
    match text.parse::<Check>() {
        Ok(check) => {
            let shown = check.to_string();
            assert_eq!(shown.parse::<Check>(), Ok(check), "{text:?} as {shown:?}");
            let verdict = check.verifier().verify(input.0);
            match check.places_in(input.0) {
                Places::Found { covered, value } => {
                    assert!(covered.end.max(value.end) <= input.0.len());
                    assert!(verdict.is_some_and(|verdict| verdict != Verdict::TooShort));
                }
                Places::TooShort => assert_eq!(verdict, Some(Verdict::TooShort)),
                Places::NoValue => assert!(verdict.is_none() && check.until.is_some()),
            }
        }
        Err(error) => assert_explained(|lang| words::rule_error(&error, lang)),
    }
}

/// Input: an encoding, then a filter.
pub fn filter(data: &[u8]) {
    let mut input = Input(data);
    let encoding = input.encoding();
    let text = input.text();
    let filter = match Filter::parse(&text, encoding) {
        Ok(filter) => filter,
        Err(error) => return assert_explained(|lang| words::rule_error(&error, lang)),
    };
    assert_eq!(Filter::parse(&format!(" {text} "), encoding).as_ref(), Ok(&filter));
    let opposite = Filter { inverted: !filter.inverted, ..filter.clone() };
    let (mut sieve, mut opposite) = match (Sieve::new(filter.clone()), Sieve::new(opposite)) {
        (Ok(sieve), Ok(opposite)) => (sieve, opposite),
        (Err(error), Err(_)) => return assert_explained(|lang| words::pattern_error(&error, lang)),
        (one, other) => panic!("{one:?} but {other:?}"),
    };
    let (reader, records) = reading::sample();
    for (record, bytes) in records {
        let lets = sieve.lets_record(reader, record, Some(bytes), false);
        assert!(lets || !filter.is_empty());
        let lets_opposite = opposite.lets_record(reader, record, Some(bytes), false);
        assert!(filter.matching.is_none() || !(lets && lets_opposite), "{text:?}");
    }
}

/// Input: a kind, an encoding, a pattern, a line feed, the bytes to search.
pub fn pattern(data: &[u8]) {
    let mut input = Input(data);
    let (kind, encoding, text) = (input.byte(), input.encoding(), input.line());
    let source = match kind % 4 {
        0 => PatternSource::Text { text, encoding, ignore_case: false },
        1 => PatternSource::Text { text, encoding, ignore_case: true },
        2 => PatternSource::Hex(text),
        _ => PatternSource::Regex(text),
    };
    let pattern = match Pattern::new(&source) {
        Ok(pattern) => pattern,
        Err(error) => return assert_explained(|lang| words::pattern_error(&error, lang)),
    };
    let bytes = input.0;
    let mut from = 0;
    while let Some(found) = pattern.find_at(bytes, from) {
        assert!(found.start >= from && found.start < found.end && found.end <= bytes.len(), "{found:?} from {from}");
        if pattern.is_bounded() {
            assert!(found.len() <= pattern.reach(), "{found:?} with a reach of {}", pattern.reach());
            let decided = bytes.len().min(found.start + pattern.reach());
            assert_eq!(pattern.find_at(&bytes[..decided], from).as_ref(), Some(&found), "{source:?} in its reach");
        }
        from = found.end;
    }
    if let PatternSource::Text { text, encoding, .. } = &source {
        let written = encoding.encode(text).expect("it is valid as a pattern");
        let (mut begins, mut at) = (std::collections::HashSet::new(), 0);
        StreamDecoder::new(*encoding).feed(bytes, &mut |piece| match piece {
            Piece::Char(_, len) => {
                begins.insert(at);
                at += usize::from(len);
            }
            Piece::Invalid(_) => at += 1,
        });
        let mut from = 0;
        while let Some(found) = pattern.find_at(bytes, from) {
            assert!(begins.contains(&found.start), "{text:?} in {} at {found:?} is no text", encoding.name());
            from = found.end;
        }
        assert_eq!(pattern.find_at(&written, 0).map(|found| found.start), Some(0), "{text:?} in itself");
    }
}

/// Input: the form of the text, an encoding, a checksum, text.
pub fn send(data: &[u8]) {
    let mut input = Input(data);
    let (form, encoding, sum) = (input.byte(), input.encoding(), input.byte());
    let text = input.text();
    let mut bytes = match form % 3 {
        0 => hex::parse(&text).ok(),
        1 => escape::encode_escaped(&text, encoding).ok(),
        _ => match encoding.encode(&text) {
            Ok(bytes) => {
                let mut decoder = StreamDecoder::new(encoding);
                let mut again = String::new();
                decoder.feed_text(&bytes, &mut again);
                decoder.finish_text(&mut again);
                assert_eq!(again, text, "the sent text must be the typed text");
                Some(bytes)
            }
            Err(error) => {
                assert_eq!(text.chars().nth(error.position), Some(error.character));
                return assert_explained(|lang| words::encode_error(&error, lang));
            }
        },
    };
    if let Some(bytes) = &mut bytes {
        let sum = Checksum::ALL[usize::from(sum) % Checksum::ALL.len()].compute(bytes);
        assert!((1..=8).contains(&sum.len()));
        bytes.extend(sum);
    }
}
