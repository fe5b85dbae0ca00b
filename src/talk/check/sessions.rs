//! The sessions of a file and the lines that belong to them.

use super::plain;
use crate::codec::framing::Boundary;
use crate::codec::{Encoding, FramingRule};
use crate::model::Endpoint;
use crate::talk::error::{Error, ErrorKind};
use crate::talk::tree::{File, ItemKind, Name, Rule, Send, Session, Span, Text, TextPiece, TopKind, Trigger};
use crate::talk::vocabulary::near;

/// One session as far as the checks need it.
struct One {
    name: Option<String>,
    /// The framing rule with its text; `None` if there is none, or one with fields.
    rule: Option<(FramingRule, String)>,
    has_frame: bool,
    /// Bytes arrive as a stream.
    is_stream: bool,
}

/// The sessions of a file.
pub(super) struct Sessions(Vec<One>);

fn each(file: &File) -> impl Iterator<Item = &Session> {
    file.tops.iter().filter_map(|top| match &top.kind {
        TopKind::Session(session) => Some(session),
        _ => None,
    })
}

/// The value of an option.
fn option<'a>(session: &'a Session, name: &str) -> Option<&'a Text> {
    let option = session.options.iter().find(|option| option.name.value == name)?;
    option.values.first().map(crate::talk::tree::Argument::text)
}

impl Sessions {
    pub(super) fn of(file: &File) -> Self {
        let one = |session: &Session| {
            let frame = option(session, "frame");
            let text = frame.and_then(plain);
            let scheme = session.endpoint.pieces.first();
            One {
                name: session.name.as_ref().map(|name| name.value.clone()),
                rule: text.and_then(|text| Some((text.parse().ok()?, text.to_owned()))),
                has_frame: frame.is_some(),
                is_stream: !matches!(scheme, Some(TextPiece::Chars(text)) if text.starts_with("udp:")),
            }
        };
        Self(each(file).map(one).collect())
    }

    /// Reports what is wrong with the sessions themselves.
    pub(super) fn report(&self, file: &File, errors: &mut Vec<Error>) {
        for session in each(file) {
            if session.name.is_none() && self.0.len() > 1 {
                errors.push(Error { kind: ErrorKind::UnnamedSession, span: session.role.span });
            }
            for address in [Some(&session.endpoint), session.onward.as_ref()].into_iter().flatten() {
                if let Some(Err(error)) = plain(address).map(str::parse::<Endpoint>) {
                    errors.push(Error { kind: ErrorKind::BadAddress(error), span: address.span });
                }
            }
            if let Some(text) = option(session, "frame")
                && let Some(Err(error)) = plain(text).map(str::parse::<FramingRule>)
            {
                errors.push(Error { kind: ErrorKind::BadRule(error), span: text.span });
            }
            if let Some(text) = option(session, "encoding")
                && let Some(name) = plain(text).filter(|name| Encoding::by_name(name).is_none())
            {
                errors.push(Error { kind: ErrorKind::UnknownEncoding(name.to_owned()), span: text.span });
            }
        }
    }

    /// Reports a rule without session, and a rule on the bytes of a stream without frames.
    pub(super) fn report_rule(&self, rule: &Rule, errors: &mut Vec<Error>) {
        if let Some(kind) = self.wrong(rule.session.as_ref(), false) {
            let span = rule.session.as_ref().map_or(rule.head, |name| name.span);
            errors.push(Error { kind, span });
            return;
        }
        let Trigger::Pattern(pattern) = &rule.trigger else { return };
        if self.find(rule.session.as_ref()).is_some_and(|one| one.is_stream && !one.has_frame) {
            errors.push(Error { kind: ErrorKind::RuleNeedsFrame, span: pattern.span });
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|one| one.name.as_deref() == Some(name))
    }

    pub(super) fn near(&self, name: &str) -> Option<String> {
        near(name, self.0.iter().filter_map(|one| one.name.as_deref())).map(str::to_owned)
    }

    /// The error of a line that names this session, or none.
    pub(super) fn wrong(&self, name: Option<&Name>, is_free: bool) -> Option<ErrorKind> {
        match name {
            Some(name) if self.has(&name.value) => None,
            Some(name) => Some(ErrorKind::UnknownSession { name: name.value.clone(), near: self.near(&name.value) }),
            None if is_free || self.0.len() < 2 => None,
            None => self.0.iter().find_map(|one| one.name.clone()).map(|first| ErrorKind::WhichSession { first }),
        }
    }

    /// The session of a line.
    fn find(&self, name: Option<&Name>) -> Option<&One> {
        match (name, self.0.as_slice()) {
            (Some(name), all) => all.iter().find(|one| one.name.as_deref() == Some(name.value.as_str())),
            (None, [only]) => Some(only),
            (None, _) => None,
        }
    }

    /// The framing rule that adds a line end, and the item of the send that ends with the same.
    pub(super) fn line_end_twice(&self, send: &Send, session: Option<&Name>) -> Option<(String, Span)> {
        let (rule, text) = self.find(session)?.rule.as_ref()?;
        let end = match &rule.boundary {
            Boundary::Line { keep: false } => b"\n".as_slice(),
            Boundary::Delimiter { bytes, keep: false } => bytes,
            _ => return None,
        };
        let last = send.items.last().filter(|_| send.raw.is_none())?;
        let bytes: Vec<u8> = match &last.kind {
            ItemKind::Hex(hex) => hex.iter().map(|byte| byte.value).collect(),
            ItemKind::Text(text) => match text.pieces.last()? {
                TextPiece::Chars(chars) => chars.as_bytes().to_vec(),
                TextPiece::Bytes(bytes) => bytes.clone(),
                TextPiece::Insert(_) | TextPiece::Capture(_) => return None,
            },
            _ => return None,
        };
        bytes.ends_with(end).then(|| (text.clone(), last.span))
    }
}
