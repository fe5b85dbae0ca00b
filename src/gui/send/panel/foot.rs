//! The contents of the foot line: the bytes to send with a summary, or the reason why nothing can be sent.

use super::{repeat, strip};
use crate::codec::hex;
use crate::gui::context::Panels;
use crate::gui::network::form::Field;
use crate::gui::send::compose::{ComposeError, Payload};
use crate::gui::send::state::{Composed, TargetChoice};
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::model::Protocol;
use crate::words::{self, Text};

/// The foot line.
#[derive(Default)]
pub struct Foot {
    /// Its text.
    pub words: String,
    /// The text is an error.
    pub is_wrong: bool,
    /// The bytes shown before the text.
    pub payload: Option<Payload>,
    /// The text for screen readers, if it is more than the visible text.
    pub spoken: String,
}

impl Foot {
    fn saying(words: String) -> Self {
        Self { words, ..Self::default() }
    }

    fn wrong(words: String) -> Self {
        Self { words, is_wrong: true, ..Self::default() }
    }
}

/// The current contents.
pub fn of(panels: &Panels<'_>, session: &mut Session, wrong: Option<&ComposeError>) -> Foot {
    let lang = panels.lang;
    // A repeat continues with the last valid content.
    let repeated = session.send.active.as_ref().filter(|active| active.repeats);
    let repeated = repeated.map(|active| match &active.recipe {
        Some(recipe) => sentences::still_repeating_text(recipe.text(), lang),
        None => sentences::still_repeating(&active.payload, lang),
    });
    if let Some(error) = wrong {
        let mut words = error.words(lang);
        if let Some(repeated) = repeated {
            words = format!("{words}  {repeated}");
        }
        return Foot::wrong(words);
    }
    if let Some(words) = failed(panels, session) {
        return Foot::wrong(words);
    }
    if let Some((sent, total)) = session.send.cancelled {
        return Foot::saying(words::send_cancelled(sent, total, lang));
    }
    let udp = session.setup.protocol == Protocol::Udp;
    // An empty datagram is sent too, and the bytes of a wrap alone.
    if session.send.is_empty(&session.setup) && session.setup.wrap.is_empty() {
        return match repeated.filter(|_| !udp) {
            Some(repeated) => Foot::saying(repeated),
            None if udp && session.state.is_open() => Foot::saying(panels.text(Text::EmptyDatagram).to_owned()),
            None => Foot::default(),
        };
    }
    ready(panels, session)
}

/// The error of the send box or of the last send.
fn failed(panels: &Panels<'_>, session: &Session) -> Option<String> {
    let lang = panels.lang;
    let error = |field| session.errors.get(field).map(|error| error.words(lang));
    let target = error(Field::TargetAddress).filter(|_| session.send.target == TargetChoice::Address);
    let repeat = || repeat::wrong(session).into_iter().next().map(|(_, error)| error.words(lang));
    let send = || session.send.failure.as_ref().map(|error| words::error_sentence(error, lang));
    target.or_else(repeat).or_else(send)
}

fn ready(panels: &Panels<'_>, session: &mut Session) -> Foot {
    let lang = panels.lang;
    let peers = strip::receivers(session);
    let Composed::Ready(payload) = session.send.composed(&session.setup, panels.wake) else {
        return Foot::saying(panels.text(Text::ReadingPaste).to_owned());
    };
    let mut words = words::composition(&payload.sizes(peers), lang);
    let payload = payload.clone();
    // A pasted chip is too long to be scanned in each frame.
    let is_typed_hex = session.setup.send_hex && session.send.chip().is_none();
    if payload.is_dump {
        words = format!("{words} · {}", words::hexdump_sentence(lang));
    } else if let Some(digit) = is_typed_hex.then(|| hex::odd_digit(&session.setup.draft)).flatten() {
        words = format!("{words} · {}", lang.texts().odd_digit(digit));
    }
    Foot { words, payload: Some(payload), ..Foot::default() }
}
