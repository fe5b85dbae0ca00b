//! Patterns that are a regular expression.

use super::Captures;
use super::settled::Automaton;
use crate::codec::Encoding;
use crate::talk::eval::{Fault, FaultKind, Value};
use crate::talk::tree::{self, Span};
use std::borrow::Cow;
use std::sync::Arc;

/// Most memory of a compiled expression, in bytes.
const SIZE_LIMIT: usize = 4 << 20;

/// A compiled expression.
#[derive(Debug)]
pub(super) struct Regex {
    kind: Kind,
    /// Finds out in a stream whether a match can still change. Missing if the expression has a Unicode word boundary.
    automaton: Option<Automaton>,
    pub span: Span,
}

#[derive(Debug)]
enum Kind {
    /// Over the decoded text.
    Text(regex::Regex),
    /// Over the bytes.
    Bytes(regex::bytes::Regex),
}

impl Regex {
    pub fn new(regex: &tree::Regex) -> Result<Self, Fault> {
        let bad = |error: &regex::Error| Fault::new(FaultKind::BadRegex(one_line(&error.to_string())), regex.span);
        let kind = if regex.is_bytes {
            let mut builder = regex::bytes::RegexBuilder::new(&regex.source);
            builder.unicode(false).case_insensitive(regex.ignore_case).size_limit(SIZE_LIMIT);
            Kind::Bytes(builder.dot_matches_new_line(regex.dot_matches_line_end).build().map_err(|error| bad(&error))?)
        } else {
            let mut builder = regex::RegexBuilder::new(&regex.source);
            builder.case_insensitive(regex.ignore_case).size_limit(SIZE_LIMIT);
            Kind::Text(builder.dot_matches_new_line(regex.dot_matches_line_end).build().map_err(|error| bad(&error))?)
        };
        Ok(Self { kind, automaton: Automaton::new(regex), span: regex.span })
    }

    pub fn is_over_text(&self) -> bool {
        matches!(self.kind, Kind::Text(_))
    }

    pub fn automaton(&self) -> Result<&Automaton, Fault> {
        self.automaton.as_ref().ok_or_else(|| Fault::new(FaultKind::StreamRegex, self.span))
    }

    pub fn names(&self) -> Vec<Arc<str>> {
        match &self.kind {
            Kind::Text(regex) => regex.capture_names().flatten().map(Arc::from).collect(),
            Kind::Bytes(regex) => regex.capture_names().flatten().map(Arc::from).collect(),
        }
    }

    /// The named groups of the first match in a frame.
    pub fn find(&self, bytes: &[u8], encoding: Encoding) -> Option<Captures> {
        match &self.kind {
            Kind::Text(_) => {
                let text = match std::str::from_utf8(bytes) {
                    Ok(text) if encoding == Encoding::UTF_8 => Cow::Borrowed(text),
                    _ => Cow::Owned(encoding.decode(bytes)),
                };
                self.captures(text.as_bytes()).map(|(_, captures)| captures)
            }
            Kind::Bytes(_) => self.captures(bytes).map(|(_, captures)| captures),
        }
    }

    /// The first match in decoded text or bytes.
    pub fn captures(&self, haystack: &[u8]) -> Option<(std::ops::Range<usize>, Captures)> {
        match &self.kind {
            Kind::Text(regex) => {
                let found = regex.captures(std::str::from_utf8(haystack).ok()?)?;
                let named = regex.capture_names().flatten();
                let values = named.filter_map(|name| Some((name.into(), Value::text(found.name(name)?.as_str()))));
                Some((found.get(0)?.range(), values.collect()))
            }
            Kind::Bytes(regex) => {
                let found = regex.captures(haystack)?;
                let named = regex.capture_names().flatten();
                let values = named.filter_map(|name| Some((name.into(), Value::bytes(found.name(name)?.as_bytes()))));
                Some((found.get(0)?.range(), values.collect()))
            }
        }
    }
}

/// The message of the parser, whose picture takes several lines.
fn one_line(message: &str) -> String {
    let last = message.lines().map(str::trim).rfind(|line| !line.is_empty()).unwrap_or(message);
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
