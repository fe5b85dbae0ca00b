//! State of the send box: the draft or a pasted chip, its payload, and running sends.

use crate::engine::{Maker, SendContent, SendOutcome, SendProgress};
use crate::gui::send::compose::{
    ComposeError, Format, Payload, Recipe, compose, compose_round, converted, is_template,
};
use crate::gui::send::counter::Counter;
use crate::gui::send::wrap_form::WrapForm;
use crate::jobs::{Job, JobPoll, Wake};
use crate::model::{ErrorKind, NetError, PeerId, Protocol, Ticket};
use crate::settings::{Message, SessionSetup};
use crate::talk::template::may_have_fields;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longer text is not edited but shown as a chip: laying out an editor of 1 MiB costs 190 ms per keystroke.
pub const EDITOR_LIMIT: usize = SessionSetup::MAX_DRAFT_LEN;

/// The target of the next send.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TargetChoice {
    /// All peers (server), the server (client), the target of the form or, if empty, the peer that sent last (UDP).
    #[default]
    Default,
    /// The peer that sent last (UDP).
    LastSender,
    /// Every known peer (UDP; for a server the same as the default).
    All,
    /// One peer.
    Peer(PeerId),
    /// The peers selected in the list of the left column.
    Chosen,
    /// The address in the target field (UDP).
    Address,
}

/// Text too long for the editor; it is sent as a whole.
pub struct Chip {
    /// All of it.
    pub text: Arc<str>,
    /// Its first characters, on one line.
    pub head: String,
    format: Option<Format>,
    job: Option<Job<Result<Payload, ComposeError>>>,
    result: Option<Result<Payload, ComposeError>>,
}

impl Chip {
    fn new(text: &str) -> Self {
        let head = text.chars().take(48).map(|c| if crate::codec::safe::is_hidden(c) { ' ' } else { c }).collect();
        Self { text: text.into(), head, format: None, job: None, result: None }
    }
}

/// A running send.
#[derive(Clone, Debug)]
pub struct ActiveSend {
    pub ticket: Ticket,
    /// It repeats.
    pub repeats: bool,
    pub rounds: u64,
    /// Total number of rounds; `None`: until stopped.
    pub all_rounds: Option<u64>,
    pub sent_bytes: u64,
    pub total_bytes: Option<u64>,
    pub since: Instant,
    /// UDP: the address of a repeat, which later changes of the form do not affect.
    pub target: Option<String>,
    /// The bytes to send; in a repeat from its next round on.
    pub payload: Arc<[u8]>,
    /// Makes the bytes of each round; `None`: they are always the same.
    pub recipe: Option<Recipe>,
}

impl ActiveSend {
    /// What the engine sends.
    pub fn content(&self) -> SendContent {
        match &self.recipe {
            Some(recipe) => SendContent::Made(Maker::new(recipe.clone())),
            None => SendContent::Bytes(self.payload.clone()),
        }
    }
}

/// The input and its format.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Draft {
    text: String,
    hex: bool,
    escapes: bool,
}

impl Draft {
    fn of(setup: &SessionSetup) -> Self {
        Self { text: setup.draft.clone(), hex: setup.send_hex, escapes: setup.escapes }
    }
}

/// The payload of the editor's text.
struct Cached {
    format: Format,
    text: String,
    /// The counter in the first round, and the round.
    counted: (u64, u64),
    at: Instant,
    result: Result<Payload, ComposeError>,
}

/// A payload with variables is made again after this time, because it may contain the time.
const CLOCK: Duration = Duration::from_millis(200);

/// The payload as shown in the foot line.
pub enum Composed<'a> {
    /// A chip is being converted in the background.
    Working,
    /// Ready.
    Ready(&'a Payload),
    /// No payload.
    Wrong(&'a ComposeError),
}

/// The send box of a session.
#[derive(Default)]
pub struct SendBox {
    /// Repeat is selected.
    pub repeat: bool,
    /// The target.
    pub target: TargetChoice,
    /// The field of the target: an address for [`TargetChoice::Address`], else the label of the selected target.
    pub target_text: String,
    /// The wrap popover, while it is open.
    pub wrap_form: Option<WrapForm>,
    /// The filter of the history.
    pub history_filter: String,
    /// The current send.
    pub active: Option<ActiveSend>,
    /// Earlier sends that are still running, oldest first.
    earlier: Vec<ActiveSend>,
    /// Error of the last send, until the next one.
    pub failure: Option<NetError>,
    /// Progress of the last send cancelled by the user (bytes, total), until the next one.
    pub cancelled: Option<(u64, Option<u64>)>,
    chip: Option<Chip>,
    /// The draft before and after the last change of its format.
    conversion: Option<(Draft, Draft)>,
    cache: Option<Cached>,
    counter: Counter,
    /// The position in the history reached by keyboard, and the content of the box before.
    recalled: Option<(usize, Message)>,
}

impl SendBox {
    /// The pasted text, if it replaces the editor.
    pub fn chip(&self) -> Option<&Chip> {
        self.chip.as_ref()
    }

    /// Replaces the draft by a long text.
    pub fn paste(&mut self, text: &str) {
        self.chip = Some(Chip::new(text));
    }

    /// Puts the next older (true) or newer message of the history into the box. After the newest one, restores the previous
    /// content.
    pub fn step_history(&mut self, older: bool, setup: &mut SessionSetup) -> bool {
        let current = message(setup);
        let history = &setup.history;
        let next = match (&self.recalled, older) {
            // The box may still contain the message that was just sent.
            (None, true) => history.iter().position(|sent| sent.message != current),
            (None, false) => return false,
            (Some((at, _)), true) => Some(at + 1).filter(|at| *at < history.len()),
            (Some((0, before)), false) => {
                take_up(setup, before.clone());
                self.recalled = None;
                return true;
            }
            (Some((at, _)), false) => Some(at - 1),
        };
        let Some((at, sent)) = next.and_then(|at| Some((at, history.get(at)?.message.clone()))) else { return false };
        let before = self.recalled.take().map_or(current, |(_, before)| before);
        self.recalled = Some((at, before));
        take_up(setup, sent);
        true
    }

    /// The user has edited the box: the keys start at the newest message again.
    pub fn typed(&mut self) {
        self.recalled = None;
    }

    /// Back to the draft.
    pub fn remove_chip(&mut self) {
        self.chip = None;
    }

    /// Turns a draft that exceeds the editor's limit into a chip.
    pub fn bound_draft(&mut self, draft: &mut String) {
        if draft.len() > EDITOR_LIMIT {
            self.paste(draft);
            draft.clear();
        }
    }

    /// Switches the draft to hex or text, so that the same bytes are sent.
    pub fn set_hex(&mut self, hex: bool, setup: &mut SessionSetup) {
        if setup.send_hex == hex {
            return;
        }
        let before = Draft::of(setup);
        (setup.draft, setup.escapes) = converted(&setup.draft, &Format::of(setup));
        setup.send_hex = hex;
        self.failure = None;
        self.conversion = Some((before, Draft::of(setup)));
        self.bound_draft(&mut setup.draft);
    }

    /// Undoes the last change of the format if nothing was typed since. Returns false if there is none.
    pub fn undo_conversion(&mut self, setup: &mut SessionSetup) -> bool {
        let now = Draft::of(setup);
        let Some((before, _)) = self.conversion.take_if(|(_, after)| *after == now) else { return false };
        (setup.draft, setup.send_hex, setup.escapes) = (before.text, before.hex, before.escapes);
        true
    }

    /// The payload of the current content; cached, and computed in the background for a chip.
    pub fn composed(&mut self, setup: &SessionSetup, wake: &Wake) -> Composed<'_> {
        let mut format = Format::of(setup);
        let (first, round, seed) = self.counted(&setup.draft);
        if let Some(chip) = &mut self.chip {
            // What was pasted is data.
            format.variables = false;
            return chip.composed(&format, wake);
        }
        let fresh = self.cache.as_ref().is_some_and(|made| {
            let is_same = made.format == format && made.text == setup.draft;
            is_same
                && (!is_template(&made.text, &format) || made.counted == (first, round) && made.at.elapsed() < CLOCK)
        });
        if !fresh {
            let result = compose_round(&setup.draft, &format, (first, seed), round);
            let (text, counted) = (setup.draft.clone(), (first, round));
            self.cache = Some(Cached { format, text, counted, at: Instant::now(), result });
        }
        match self.cache.as_ref().map(|made| &made.result) {
            Some(Ok(payload)) => Composed::Ready(payload),
            Some(Err(error)) => Composed::Wrong(error),
            None => Composed::Working,
        }
    }

    /// The counter in the first round, the round that is sent next, and the seed of random numbers.
    fn counted(&mut self, text: &str) -> (u64, u64, u64) {
        let repeat = self.active.as_ref().filter(|active| active.repeats);
        if let Some(active) = repeat {
            let first = active.recipe.as_ref().map_or(0, Recipe::first);
            // A text that is changed during a repeat goes on counting.
            let (_, seed) = self.counter.next(text);
            return (first, active.rounds, seed);
        }
        let (first, seed) = self.counter.next(text);
        (first, 0, seed)
    }

    /// The content was sent, or a repeat of it begins.
    pub fn count(&mut self, recipe: &Recipe) {
        self.counter.set(recipe.first().saturating_add(1));
    }

    /// The new content of a repeat, if it has changed and is valid.
    pub fn changed_repeat(&mut self, setup: &SessionSetup, wake: &Wake) -> Option<(Ticket, SendContent)> {
        let ticket = self.active.as_ref().filter(|active| active.repeats)?.ticket;
        let Composed::Ready(payload) = self.composed(setup, wake) else { return None };
        let (bytes, recipe) = (payload.bytes.clone(), payload.recipe.clone());
        let active = self.active.as_mut()?;
        let is_same = match (&active.recipe, &recipe) {
            (None, None) => active.payload == bytes,
            (before, after) => before == after,
        };
        if is_same || bytes.is_empty() && setup.protocol != Protocol::Udp {
            return None;
        }
        (active.payload, active.recipe) = (bytes, recipe);
        Some((ticket, active.content()))
    }

    /// The box is empty.
    pub fn is_empty(&self, setup: &SessionSetup) -> bool {
        self.chip.is_none() && setup.draft.is_empty()
    }

    /// Starts another send; earlier ones continue.
    pub fn begin(&mut self, send: ActiveSend) {
        (self.failure, self.cancelled) = (None, None);
        self.earlier.extend(self.active.replace(send));
    }

    /// The tickets of all running sends.
    pub fn tickets(&self) -> Vec<Ticket> {
        self.earlier.iter().chain(&self.active).map(|send| send.ticket).collect()
    }

    /// Forgets all running sends.
    pub fn forget_active(&mut self) {
        self.active = None;
        self.earlier.clear();
    }

    fn take(&mut self, ticket: Ticket) -> Option<ActiveSend> {
        if let Some(at) = self.earlier.iter().position(|send| send.ticket == ticket) {
            return Some(self.earlier.remove(at));
        }
        let ended = self.active.take_if(|active| active.ticket == ticket)?;
        self.active = self.earlier.pop();
        Some(ended)
    }

    /// Handles the end of a send. Returns true if it was sent from this box.
    pub fn finished(&mut self, ticket: Ticket, outcome: &SendOutcome) -> bool {
        let Some(active) = self.take(ticket) else { return false };
        if let Some(recipe) = active.recipe.as_ref().filter(|_| active.repeats) {
            self.counter.set(recipe.first().saturating_add(outcome.rounds));
        }
        match &outcome.result {
            Err(error) if error.kind == ErrorKind::Cancelled && active.repeats => {}
            Err(error) if error.kind == ErrorKind::Cancelled => {
                let (sent, total) = self.cancelled.unwrap_or((0, Some(0)));
                let total = total.zip(active.total_bytes).map(|(all, this)| all + this);
                self.cancelled = Some((sent + outcome.sent_bytes, total));
                self.failure = None;
            }
            Err(error) => (self.failure, self.cancelled) = (Some(error.clone()), None),
            Ok(()) => {}
        }
        true
    }

    /// Handles the progress of a send.
    pub fn progressed(&mut self, told: &SendProgress) {
        let mut sends = self.earlier.iter_mut().chain(&mut self.active);
        if let Some(send) = sends.find(|send| send.ticket == told.ticket) {
            (send.sent_bytes, send.total_bytes, send.rounds) = (told.sent_bytes, told.total_bytes, told.rounds);
        }
    }
}

impl Chip {
    fn composed(&mut self, format: &Format, wake: &Wake) -> Composed<'_> {
        if self.format.as_ref() != Some(format) {
            self.format = Some(format.clone());
            let background = format.clone();
            self.result = None;
            let text = self.text.clone();
            match Job::start("compose", wake.clone(), move |_| compose(&text, &background)) {
                Ok(job) => self.job = Some(job),
                // Without a thread: a slow frame is better than no payload.
                Err(_) => (self.job, self.result) = (None, Some(compose(&self.text, format))),
            }
        }
        if let Some(job) = &mut self.job {
            match job.poll() {
                JobPoll::Done(result) => (self.job, self.result) = (None, Some(result)),
                JobPoll::Gone => self.job = None,
                JobPoll::Running => {}
            }
        }
        match &self.result {
            Some(Ok(payload)) => Composed::Ready(payload),
            Some(Err(error)) => Composed::Wrong(error),
            None => Composed::Working,
        }
    }
}

/// The draft as a message.
pub fn message(setup: &SessionSetup) -> Message {
    // Without a field the switch has no effect. So it does not make two messages of one.
    let variables = is_template(&setup.draft, &Format::of(setup));
    Message {
        text: setup.draft.clone(),
        hex: setup.send_hex,
        escapes: setup.escapes,
        variables,
        wrap: setup.wrap.clone(),
    }
}

/// Puts a message into the box.
pub fn take_up(setup: &mut SessionSetup, message: Message) {
    (setup.draft, setup.send_hex, setup.escapes) = (message.text, message.hex, message.escapes);
    setup.wrap = message.wrap;
    if may_have_fields(&setup.draft) {
        setup.variables = message.variables;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Wrap;
    use crate::codec::wrap::Tail;

    #[test]
    fn the_history_has_each_message_once_newest_first() {
        let mut setup = SessionSetup::default();
        for text in ["a", "b", "a", ""] {
            setup.draft = text.into();
            setup.remember(message(&setup));
        }
        let texts =
            |setup: &SessionSetup| setup.history.iter().map(|sent| sent.message.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&setup), ["a", "b"]);
        setup.draft = "x".repeat(SessionSetup::MAX_HISTORY_TEXT_LEN + 1);
        setup.remember(message(&setup));
        assert_eq!(setup.history.len(), 2);
        // The bytes around the text are part of a message.
        (setup.draft, setup.wrap) = ("a".into(), Wrap::ending(Tail::CrLf));
        setup.remember(message(&setup));
        assert_eq!(texts(&setup), ["a", "a", "b"]);
        let oldest = setup.history[1].message.clone();
        take_up(&mut setup, oldest);
        assert_eq!((setup.draft.as_str(), setup.wrap.is_empty()), ("a", true));
    }

    #[test]
    fn keys_walk_the_history_and_come_back_to_the_draft() {
        let mut setup = SessionSetup::default();
        let mut send = SendBox::default();
        for text in ["old", "new"] {
            setup.draft = text.into();
            setup.remember(message(&setup));
        }
        setup.draft = "draft".into();
        let mut step = |older, expected: &str, moved| {
            assert_eq!((send.step_history(older, &mut setup), setup.draft.as_str()), (moved, expected));
        };
        step(false, "draft", false);
        step(true, "new", true);
        step(true, "old", true);
        step(true, "old", false);
        step(false, "new", true);
        step(false, "draft", true);
        // The message that was just sent is skipped.
        setup.draft = "new".into();
        assert!(send.step_history(true, &mut setup) && setup.draft == "old");
    }

    fn begun(send: &mut SendBox, ticket: u64) {
        let payload: Arc<[u8]> = vec![0; 10].into();
        send.begin(ActiveSend {
            ticket: Ticket(ticket),
            repeats: false,
            rounds: 0,
            all_rounds: Some(1),
            sent_bytes: 0,
            total_bytes: Some(10),
            since: Instant::now(),
            target: None,
            payload,
            recipe: None,
        });
    }

    fn ended(kind: Option<ErrorKind>, sent_bytes: u64) -> SendOutcome {
        let error = |kind| NetError::new(crate::model::Operation::Send, kind, "127.0.0.1:9", "");
        SendOutcome {
            sent_bytes,
            rounds: 0,
            peers: 1,
            result: kind.map_or(Ok(()), |kind| Err(error(kind))),
            item: None,
        }
    }

    #[test]
    fn a_second_send_does_not_change_the_outcome_of_the_first() {
        let mut send = SendBox::default();
        begun(&mut send, 1);
        begun(&mut send, 2);
        assert_eq!(send.tickets(), [Ticket(1), Ticket(2)]);
        assert!(send.finished(Ticket(1), &ended(Some(ErrorKind::Closed), 3)));
        assert_eq!(send.failure.as_ref().map(|error| error.kind), Some(ErrorKind::Closed));
        assert!(send.finished(Ticket(2), &ended(None, 10)));
        assert!(send.active.is_none() && send.failure.is_some());
        // When one ends, the other stays visible, so that it can be stopped.
        begun(&mut send, 3);
        begun(&mut send, 4);
        assert!(send.finished(Ticket(4), &ended(None, 10)));
        assert_eq!(send.active.as_ref().map(|active| active.ticket), Some(Ticket(3)));
        assert!(!send.finished(Ticket(4), &ended(None, 10)));
    }

    #[test]
    fn sends_that_are_stopped_together_are_counted_together() {
        let mut send = SendBox::default();
        for ticket in 1..=3 {
            begun(&mut send, ticket);
        }
        for (ticket, bytes) in [(1, 4), (2, 2), (3, 0)] {
            assert!(send.finished(Ticket(ticket), &ended(Some(ErrorKind::Cancelled), bytes)));
        }
        assert_eq!((send.cancelled, send.failure), (Some((6, Some(30))), None));
    }

    #[test]
    fn a_change_of_the_format_can_be_undone_until_something_is_typed() {
        let mut send = SendBox::default();
        let mut setup = SessionSetup { draft: "a\u{e9}".into(), ..SessionSetup::default() };
        send.set_hex(true, &mut setup);
        assert_eq!((setup.draft.as_str(), setup.send_hex), ("61 C3 A9", true));
        assert!(send.undo_conversion(&mut setup));
        assert_eq!((setup.draft.as_str(), setup.send_hex), ("a\u{e9}", false));
        assert!(!send.undo_conversion(&mut setup));
        send.set_hex(true, &mut setup);
        setup.draft.push('0');
        assert!(!send.undo_conversion(&mut setup));
    }

    #[test]
    fn a_draft_beyond_the_limit_becomes_a_chip_and_is_kept_whole() {
        let mut send = SendBox::default();
        let mut draft = "A5".repeat(EDITOR_LIMIT);
        send.bound_draft(&mut draft);
        assert!(draft.is_empty());
        assert_eq!(send.chip().map(|chip| chip.text.len()), Some(EDITOR_LIMIT * 2));
        send.remove_chip();
        assert!(send.chip().is_none());
    }
}
