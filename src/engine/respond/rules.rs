//! Reply rules: which frames are answered, and with what.

use super::verdicts::RuleVerdicts;
use crate::codec::{Frame, FrameKind, FramingRule, Verdict};
use crate::talk::rules::RuleSet;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::Arc;

/// Which frames a rule matches. It looks at the content of a frame: without delimiters, header and escapes
/// ([`FramingRule::content`]), but with a check at the end of the payload.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum When {
    /// Every frame.
    #[default]
    Any,
    /// The content is these bytes.
    Equals(Arc<[u8]>),
    /// The content contains these bytes.
    Contains(Arc<[u8]>),
}

/// What is sent back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The whole frame as on the wire. With [`When::Any`] also bytes that are no good frame, so that no byte is lost: separators,
    /// junk, frames with a wrong check, and the unfinished rest when the peer shuts down its write side.
    Echo,
    /// The whole frame as on the wire, with a–z replaced by A–Z. As with an echo under a condition, a start flag that the frame shares with
    /// the previous one is added.
    Upper,
    /// Exactly these bytes: no delimiter, length or check is added.
    Fixed(Arc<[u8]>),
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReplyRule {
    /// The frames that the rule matches.
    pub when: When,
    /// The answer.
    pub then: Reply,
}

/// How a session answers: the first rule that matches a frame answers it. Without rules nothing is answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replies {
    /// The rules, in order of precedence.
    pub rules: Vec<ReplyRule>,
    /// Cuts each TCP stream, and each datagram by itself, into frames. With [`FramingRule::as_received`] each read of a stream and
    /// each datagram is a frame.
    pub framing: FramingRule,
    /// The rules of a talk file. They replace the list and its framing rule.
    pub talk: Option<TalkRules>,
}

/// Compiled rules of a talk file, shared by all who hold them, and who gets their verdicts.
#[derive(Clone, Debug)]
pub struct TalkRules(pub Arc<RuleSet>, pub Option<RuleVerdicts>);

impl PartialEq for TalkRules {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for TalkRules {}

impl From<Arc<RuleSet>> for Replies {
    /// Answers by the rules of a talk file.
    fn from(set: Arc<RuleSet>) -> Self {
        Self { framing: set.framing().clone(), talk: Some(TalkRules(set, None)), ..Self::default() }
    }
}

impl Replies {
    /// With a list for what the rules of the talk file decide about each frame.
    #[must_use]
    pub fn with_verdicts(mut self, verdicts: RuleVerdicts) -> Self {
        if let Some(talk) = &mut self.talk {
            talk.1 = Some(verdicts);
        }
        self
    }
}

impl From<Reply> for Replies {
    /// Answers each read and each datagram.
    fn from(then: Reply) -> Self {
        Self { rules: vec![ReplyRule { when: When::Any, then }], framing: FramingRule::as_received(), talk: None }
    }
}

impl From<Reply> for Box<Replies> {
    fn from(then: Reply) -> Self {
        Self::new(then.into())
    }
}

/// Received bytes between two cuts of the framing rule.
pub(super) struct Received<'a> {
    /// All bytes, as on the wire.
    pub(super) bytes: &'a [u8],
    /// The content, if it is a frame without a wrong check.
    content: Option<Cow<'a, [u8]>>,
}

impl<'a> Received<'a> {
    pub(super) fn new(framing: &FramingRule, frame: &Frame, bytes: &'a [u8]) -> Self {
        let is_good = frame.kind == FrameKind::Frame && frame.verdict.is_none_or(Verdict::is_ok);
        let content = is_good.then(|| framing.content(bytes.get(frame.payload_within()).unwrap_or(bytes)));
        Self { bytes, content }
    }
}

impl ReplyRule {
    /// The bytes that a copy of the frame consists of. An unconditional echo returns each received byte once. Other copies may leave
    /// out the previous frame, so they contain the start flag that the frame shares with it.
    pub(super) fn copied<'a>(&self, received: &Received<'a>, framing: &FramingRule) -> Cow<'a, [u8]> {
        let returns_all = self.when == When::Any && self.then == Reply::Echo;
        let is_copy = !matches!(self.then, Reply::Fixed(_));
        let flag = match received.content {
            Some(_) if is_copy && !returns_all => framing.shared_flag(received.bytes),
            _ => &[],
        };
        if flag.is_empty() { Cow::Borrowed(received.bytes) } else { Cow::Owned([flag, received.bytes].concat()) }
    }

    /// Whether the rule matches. Only an unconditional echo matches bytes that are not a valid frame.
    pub(super) fn fits(&self, received: &Received<'_>) -> bool {
        match (&self.when, &received.content) {
            (When::Any, None) => self.then == Reply::Echo,
            (When::Any, Some(_)) => true,
            (When::Equals(bytes), Some(content)) => **content == **bytes,
            (When::Contains(bytes), Some(content)) => memmem::find(content, bytes).is_some(),
            (When::Equals(_) | When::Contains(_), None) => false,
        }
    }
}
