//! Converts the send box to the bytes to send.

use crate::codec::escape::{self, EscapeError};
use crate::codec::safe::is_hidden;
use crate::codec::wrap::Head;
use crate::codec::{ChecksumKind, EncodeError, Encoding, FramingRule, HexError, Wrap, WrapError, hex, hexdump};
use crate::engine::{Make, Unmade};
use crate::settings::SessionSetup;
use crate::talk::template::{Notation, Template, TemplateError, Values, may_have_fields};
use crate::words::{self, Lang};
use std::ops::Range;
use std::sync::Arc;

/// How text is converted to bytes: the settings of a session that a payload depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Format {
    pub hex: bool,
    pub escapes: bool,
    /// Fields such as `{{n}}` are replaced by their values.
    pub variables: bool,
    pub encoding: Encoding,
    pub wrap: Wrap,
    /// The framing rule of the session if the wrap uses it.
    pub framing: FramingRule,
}

impl Format {
    /// The format of a session.
    pub fn of(setup: &SessionSetup) -> Self {
        let framing =
            if setup.wrap.as_framing { setup.rule().in_encoding(setup.encoding) } else { FramingRule::default() };
        let wrap = setup.wrap.clone();
        Self {
            hex: setup.send_hex,
            escapes: setup.escapes,
            variables: setup.variables,
            encoding: setup.encoding,
            wrap,
            framing,
        }
    }
}

/// A payload ready to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payload {
    /// All bytes, including those around the text.
    pub bytes: Arc<[u8]>,
    /// The bytes before the text.
    pub head: Range<usize>,
    /// The bytes of the text.
    pub body: Range<usize>,
    /// The checks after the text, or the first of them.
    pub check: Range<usize>,
    /// The algorithms of the checks, and whether the head is a length field.
    pub kinds: (Vec<ChecksumKind>, bool),
    /// The tail.
    pub tail: Range<usize>,
    /// The checks behind the tail, where there are others before it.
    pub last_check: Range<usize>,
    /// Which bytes come from variables, where this is known.
    pub fields: Vec<Range<usize>>,
    /// Makes the bytes of each round; `None`: they are always the same.
    pub recipe: Option<Recipe>,
    /// The text was a hexdump, of which only the bytes were used.
    pub is_dump: bool,
}

impl Payload {
    /// The sizes of the parts.
    pub fn sizes(&self, peers: u64) -> words::Composition {
        let (kinds, is_length) = &self.kinds;
        let len = self.check.len() + self.last_check.len();
        let checks = match kinds.as_slice() {
            _ if len == 0 => Vec::new(),
            // In a frame it may be written with escapes.
            [only] => vec![(*only, len)],
            several => several.iter().map(|kind| (*kind, kind.bytes())).collect(),
        };
        words::Composition {
            head: self.head.len(),
            is_length: *is_length,
            body: self.body.len(),
            checks,
            tail: self.tail.len(),
            peers,
        }
    }

    /// The bytes of a part.
    pub fn part(&self, range: &Range<usize>) -> &[u8] {
        self.bytes.get(range.clone()).unwrap_or_default()
    }
}

/// Why the text is not a payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComposeError {
    Hex(HexError),
    Escape(EscapeError),
    Encode(EncodeError),
    Wrap(WrapError),
    Template(TemplateError),
}

impl ComposeError {
    /// The message in the foot line, with the position.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Hex(error) => words::hex_error(error, lang),
            Self::Escape(error) => words::escape_error(error, lang),
            Self::Encode(error) => words::encode_error(error, lang),
            Self::Wrap(error) => words::wrap_error(error, lang),
            Self::Template(error) => words::template_error(error, lang),
        }
    }

    /// The position in the text, in characters from 0; `None`: the error is not in the text.
    pub fn position(&self) -> Option<usize> {
        match self {
            Self::Hex(HexError::BadDigit { position, .. })
            | Self::Escape(EscapeError::Bad { position, .. } | EscapeError::Encode(EncodeError { position, .. }))
            | Self::Encode(EncodeError { position, .. }) => Some(*position),
            Self::Template(error) => Some(error.position()),
            Self::Wrap(_) => None,
        }
    }
}

/// Builds the payload of `text`, and where its variables are replaced, that of round `round`. `counted`: the counter of the first round
/// and the seed of random numbers.
///
/// # Errors
/// See [`compose`]; a variable is wrong or has no value.
pub fn compose_round(text: &str, format: &Format, counted: (u64, u64), round: u64) -> Result<Payload, ComposeError> {
    if !is_template(text, format) {
        return compose(text, format);
    }
    Recipe::new(text, format, counted).map_err(ComposeError::Template)?.payload(round)
}

/// Builds the payload of `text`, whose variables stay as they are written.
///
/// # Errors
/// The first error in the text (hex, escape or encoding), or an error of the bytes around it.
pub fn compose(text: &str, format: &Format) -> Result<Payload, ComposeError> {
    let mut is_dump = false;
    let body = if format.hex {
        let typed = hexdump::parse(text).map_err(ComposeError::Hex)?;
        is_dump = typed.is_dump;
        typed.bytes
    } else if format.escapes {
        escape::encode_escaped(text, format.encoding).map_err(ComposeError::Escape)?
    } else {
        format.encoding.encode(text).map_err(ComposeError::Encode)?
    };
    finish(&body, is_dump, format)
}

/// Wraps the bytes of a text.
///
/// # Errors
/// The bytes around it do not fit.
fn finish(body: &[u8], is_dump: bool, format: &Format) -> Result<Payload, ComposeError> {
    // Hex has no encoding, so a line end is ASCII.
    let encoding = if format.hex { Encoding::UTF_8 } else { format.encoding };
    let wrap = &format.wrap;
    let sent = wrap.build(body, encoding, &format.framing).map_err(ComposeError::Wrap)?;
    let is_length = !wrap.as_framing && matches!(wrap.head, Head::Length(_));
    let kinds = (wrap.sent_checks(&format.framing), is_length);
    let (head, body, check, tail) = (sent.head, sent.payload, sent.check, sent.tail);
    let last_check = sent.last_check;
    let bytes = sent.bytes.into();
    Ok(Payload { bytes, head, body, check, kinds, tail, last_check, fields: Vec::new(), recipe: None, is_dump })
}

/// The text of the box and what becomes of it.
#[derive(Clone, Debug)]
pub struct Recipe(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    format: Format,
    template: Template,
    /// The counter in the first round.
    first: u64,
    seed: u64,
}

impl PartialEq for Recipe {
    /// They have the same text and format. They need not count alike.
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text && self.0.format == other.0.format
    }
}

impl Eq for Recipe {}

/// Whether the text is a template in this format.
pub fn is_template(text: &str, format: &Format) -> bool {
    let has_brace = !format.hex && format.escapes && text.contains("\\{");
    format.variables && (may_have_fields(text) || has_brace)
}

/// The text of hex or of an encoding, with or without escapes.
fn notation(format: &Format) -> Notation {
    match (format.hex, format.escapes) {
        (true, _) => Notation::Hex,
        (false, true) => Notation::Escaped,
        (false, false) => Notation::Plain,
    }
}

impl Recipe {
    /// Reads a text with variables.
    ///
    /// # Errors
    /// It is no template.
    pub fn new(text: &str, format: &Format, (first, seed): (u64, u64)) -> Result<Self, TemplateError> {
        let template = Template::parse(text, notation(format), format.encoding)?;
        Ok(Self(Arc::new(Inner { text: text.to_owned(), format: format.clone(), template, first, seed })))
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The counter in the first round.
    pub fn first(&self) -> u64 {
        self.0.first
    }

    /// The payload of a round.
    ///
    /// # Errors
    /// A field has no value, or the content cannot be wrapped.
    pub fn payload(&self, round: u64) -> Result<Payload, ComposeError> {
        let Inner { format, template, first, seed, .. } = &*self.0;
        let encoding = format.encoding;
        let mut values = Values::new(first.saturating_add(round), *seed, encoding);
        let made = template.made(&mut values).map_err(ComposeError::Template)?;
        let mut payload = finish(&made.bytes, false, format)?;
        // A framing rule may write the content in another form, for example with escapes.
        if payload.part(&payload.body) == made.bytes {
            let start = payload.body.start;
            payload.fields = made.fields.into_iter().map(|field| field.start + start..field.end + start).collect();
        }
        payload.recipe = template.has_fields().then(|| self.clone());
        Ok(payload)
    }
}

impl Make for Recipe {
    fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade> {
        self.payload(round).map(|payload| payload.bytes).map_err(|error| {
            let n = self.first().saturating_add(round);
            let written = match error {
                ComposeError::Template(TemplateError::Field { field, .. }) => format!("{field} (n = {n})"),
                _ => format!("n = {n}"),
            };
            Unmade { written }
        })
    }
}

/// Converts a draft to the other format so that the bytes to send stay the same, and returns whether it uses escapes. What
/// cannot be converted stays as typed.
pub fn converted(draft: &str, before: &Format) -> (String, bool) {
    if before.hex {
        let Ok(hexdump::Typed { bytes, .. }) = hexdump::parse(draft) else {
            return (draft.to_owned(), before.escapes);
        };
        if !before.escapes
            && let Some(text) = plain_text(&bytes, before.encoding)
        {
            return (text, false);
        }
        return (escape::escape(&bytes, before.encoding), true);
    }
    let plain = Format { wrap: Wrap::default(), framing: FramingRule::default(), ..before.clone() };
    let whole = compose(draft, &plain).or_else(|_| compose(draft, &Format { escapes: false, ..plain }));
    let text = match whole {
        Ok(payload) => hex::spaced_upper(&payload.bytes),
        // Converts the characters that the encoding has; the others are marked as errors.
        Err(_) => {
            let of = |character: char| match before.encoding.encode(character.encode_utf8(&mut [0; 4])) {
                Ok(bytes) => hex::spaced_upper(&bytes),
                Err(_) => character.to_string(),
            };
            draft.chars().map(of).collect::<Vec<_>>().join(" ")
        }
    };
    (text, before.escapes)
}

/// Bytes as text without escapes, if a text box can hold it and it converts back to the same bytes.
fn plain_text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let text = encoding.decode(bytes);
    let is_seen = |character: char| character == '\n' || !is_hidden(character);
    (text.chars().all(is_seen) && encoding.encode(&text).is_ok_and(|again| again == bytes)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::wrap::{Appended, LengthHead, LengthWidth, Tail};
    use proptest::prelude::*;

    fn format(hex: bool, wrap: Wrap) -> Format {
        Format {
            hex,
            escapes: false,
            variables: false,
            encoding: Encoding::UTF_8,
            wrap,
            framing: FramingRule::default(),
        }
    }

    #[test]
    fn the_payload_is_the_text_and_the_bytes_around_it() {
        let modbus = ChecksumKind::by_name("CRC-16/MODBUS").map(Appended::new).into_iter().collect();
        let wrap = Wrap { head: Head::Length(LengthHead::default()), checks: modbus, ..Wrap::ending(Tail::Lf) };
        let payload = compose("01 03 00 00 00 0A", &format(true, wrap)).unwrap();
        assert_eq!(&*payload.bytes, [0, 6, 1, 3, 0, 0, 0, 0x0A, 0xC5, 0xCD, 0x0A]);
        assert_eq!((payload.part(&payload.check), payload.part(&payload.tail)), (&[0xC5, 0xCD][..], &[0x0A][..]));
        let payload = compose("你好", &format(false, Wrap::ending(Tail::CrLf))).unwrap();
        assert_eq!((&*payload.bytes, payload.body), ("你好\r\n".as_bytes(), 0..6));
        let utf_16 = Encoding::by_name("UTF-16LE").unwrap();
        let payload = compose("a", &Format { encoding: utf_16, ..format(false, Wrap::ending(Tail::Cr)) }).unwrap();
        assert_eq!(&*payload.bytes, b"a\0\r\0");
    }

    #[test]
    fn a_wrap_as_the_framing_follows_the_rule_of_the_session() {
        let setup = |framing: &str| SessionSetup {
            framing: framing.parse().unwrap(),
            wrap: Wrap::same_as_framing(),
            send_hex: true,
            ..SessionSetup::default()
        };
        let payload = compose("01 03 00 00 00 0A", &Format::of(&setup("modbus-rtu"))).unwrap();
        assert_eq!(payload.part(&payload.check), [0xC5, 0xCD]);
        assert_eq!(payload.sizes(1).checks.first().map(|(kind, len)| (kind.name(), *len)), Some(("CRC-16/MODBUS", 2)));
        let payload = compose("01 03", &Format::of(&setup("modbus-tcp"))).unwrap();
        assert_eq!((payload.part(&payload.head), payload.sizes(1).checks), (&[0, 0, 0, 0, 0, 2][..], Vec::new()));
        // A check for received frames is that of sent ones, too.
        let checked = SessionSetup { verify: Some("SUM-8".parse().unwrap()), ..setup("line") };
        assert_eq!(&*compose("01 02", &Format::of(&checked)).unwrap().bytes, [1, 2, 3, 0x0A]);
        let error = compose("0A", &Format::of(&setup("line"))).unwrap_err();
        assert_eq!((error.position(), error.words(Lang::En).contains("0A")), (None, true));
    }

    #[test]
    fn the_position_of_an_invalid_digit_is_known() {
        let error = compose("01 0G", &format(true, Wrap::default())).unwrap_err();
        assert_eq!(error.position(), Some(4));
    }

    #[test]
    fn a_text_too_long_for_its_length_field_is_reported() {
        let length = LengthHead { width: LengthWidth::One, ..LengthHead::default() };
        let wrap = Wrap { head: Head::Length(length), ..Wrap::default() };
        let error = compose(&"a".repeat(256), &format(false, wrap)).unwrap_err();
        assert_eq!((error.position(), error.words(Lang::En).contains("256")), (None, true));
    }

    #[test]
    fn a_pasted_hexdump_is_sent_without_its_offsets_and_text() {
        let dump = "0000   48 54 54 50 2f 31 2e 31   HTTP/1.1\n0008   0d 0a   ..";
        let payload = compose(dump, &format(true, Wrap::ending(Tail::Cr))).unwrap();
        assert_eq!((&*payload.bytes, payload.is_dump), (&b"HTTP/1.1\r\n\r"[..], true));
        let as_hex = format(true, Wrap::default());
        assert!(!compose("0000 48 54", &as_hex).unwrap().is_dump);
        assert_eq!(converted(dump, &as_hex), ("HTTP/1.1\\r\\n".to_owned(), true));
    }

    #[test]
    fn a_draft_is_converted_between_text_and_hex() {
        let format =
            |hex, escapes, encoding| Format { escapes, encoding, ..self::format(hex, Wrap::ending(Tail::CrLf)) };
        let (utf_8, gbk) = (Encoding::UTF_8, Encoding::GBK);
        for (draft, before, expected) in [
            ("Hello", format(false, false, utf_8), ("48 65 6C 6C 6F", false)),
            ("中国", format(false, false, gbk), ("D6 D0 B9 FA", false)),
            ("a\\r\\n", format(false, true, utf_8), ("61 0D 0A", true)),
            ("a\\q", format(false, true, utf_8), ("61 5C 71", true)),
            ("a€😀", format(false, false, Encoding::BIG5), ("61 A3 E1 😀", false)),
            ("48 65 6c", format(true, false, utf_8), ("Hel", false)),
            ("D6D0B9FA", format(true, false, gbk), ("中国", false)),
            ("61 0D 0A", format(true, false, utf_8), ("a\\r\\n", true)),
            ("FF 00 41", format(true, false, utf_8), ("\\xFF\\x00A", true)),
            ("5C 6E", format(true, true, utf_8), ("\\\\n", true)),
            ("no hex", format(true, false, utf_8), ("no hex", false)),
            ("", format(true, false, utf_8), ("", false)),
        ] {
            let (text, escapes) = converted(draft, &before);
            assert_eq!((text.as_str(), escapes), expected, "{draft}");
        }
    }

    fn formats() -> impl Strategy<Value = Format> {
        let mut wraps = vec![Wrap::default()];
        wraps.extend([Tail::Cr, Tail::Lf, Tail::CrLf].map(Wrap::ending));
        wraps.extend(ChecksumKind::all().map(|kind| Wrap::checked(Appended::new(kind))));
        let encoding = prop::sample::select(Encoding::all());
        (any::<bool>(), any::<bool>(), encoding, prop::sample::select(wraps))
            .prop_map(|(hex, escapes, encoding, wrap)| Format { escapes, encoding, ..format(hex, wrap) })
    }

    proptest! {
        #[test]
        fn a_converted_draft_sends_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..40), format in formats()) {
            let format = Format { wrap: Wrap::default(), ..format };
            let (text, escapes) = converted(&hex::spaced_upper(&bytes), &Format { hex: true, ..format.clone() });
            let as_text = Format { hex: false, escapes, ..format };
            prop_assert_eq!(&*compose(&text, &as_text).unwrap().bytes, &bytes[..]);
            let (again, _) = converted(&text, &as_text);
            prop_assert_eq!(again, hex::spaced_upper(&bytes));
        }

        #[test]
        fn a_text_is_sent_as_typed_or_its_first_error_is_shown(
            text in "\\PC{0,20}|[0-9a-f x,$h]{0,20}|([a你é]|\\\\[nrtx0-9u]){0,12}",
            format in formats(),
        ) {
            match compose(&text, &format) {
                Ok(payload) => {
                    prop_assert_eq!(payload.body.len() == payload.bytes.len(), format.wrap.is_empty());
                    if !format.hex && !format.escapes {
                        prop_assert_eq!(format.encoding.decode(payload.part(&payload.body)), text);
                    }
                }
                Err(error) => {
                    prop_assert!(error.position().is_some_and(|at| at < text.chars().count()), "{:?}", error);
                    prop_assert!(!error.words(Lang::ZhCn).is_empty() && !error.words(Lang::En).is_empty());
                }
            }
        }
    }
}
