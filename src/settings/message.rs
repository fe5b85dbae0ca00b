//! What a user sends, as it is remembered.

use crate::codec::Wrap;
use serde::{Deserialize, Serialize};

/// Something to send: the text as typed, how it becomes bytes, and what is put around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Message {
    /// The text as typed.
    pub text: String,
    /// The text is hex.
    pub hex: bool,
    /// Escapes in the text are parsed.
    pub escapes: bool,
    /// Variables such as `{{n}}` are replaced. Messages of a version without variables were sent as written.
    #[serde(default, skip_serializing_if = "is_false")]
    pub variables: bool,
    /// What is put around the bytes.
    pub wrap: Wrap,
}

impl Default for Message {
    fn default() -> Self {
        Self { text: String::new(), hex: false, escapes: true, variables: false, wrap: Wrap::default() }
    }
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// A message that was sent, in the history of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentMessage {
    /// The message.
    #[serde(flatten)]
    pub message: Message,
    /// It stays in the history when newer messages push others out.
    #[serde(rename = "pinned")]
    pub is_pinned: bool,
}

/// Keeps the pinned messages and the newest of the others, `most` in all. The newest are first.
pub(super) fn bound(history: &mut Vec<SentMessage>, most: usize) {
    let mut excess = history.len().saturating_sub(most);
    for at in (0..history.len()).rev() {
        if excess > 0 && !history[at].is_pinned {
            history.remove(at);
            excess -= 1;
        }
    }
    history.truncate(most);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinned_messages_stay_while_others_are_pushed_out() {
        let sent = |text: &str, is_pinned| SentMessage {
            message: Message { text: text.into(), ..Message::default() },
            is_pinned,
        };
        let mut history = vec![sent("d", false), sent("c", false), sent("b", false), sent("a", true)];
        bound(&mut history, 3);
        assert_eq!(history, [sent("d", false), sent("c", false), sent("a", true)]);
        let mut pinned = vec![sent("c", true), sent("b", true), sent("a", true)];
        bound(&mut pinned, 2);
        assert_eq!(pinned, [sent("c", true), sent("b", true)]);
    }
}
