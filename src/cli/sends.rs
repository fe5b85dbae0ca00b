//! Runs the sends in the order of the command line, each after the previous one is done.

use super::plan::{SendStep, StreamSource};
use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendOutcome, SendPace, SendPlan};
use crate::jobs::thread::spawn_named;
use crate::model::{ErrorKind, NetError, Operation, Target, Ticket};
use crossbeam_channel::{Receiver, bounded, never};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;
use std::time::Instant;

/// Bytes per read of a stream.
const STREAM_CHUNK_BYTES: usize = 64 << 10;

/// Ticket of the list that a TCP client sends with its connection ([`Command::SendWhenConnected`]).
pub(super) const FIRST_LIST: Ticket = Ticket(0);

/// A piece of a stream; empty at its end.
pub(super) type Chunk = Result<Arc<[u8]>, NetError>;

/// How streams are split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Anywhere: the pieces form one stream again.
    Anywhere,
    /// Into datagrams of at most this size.
    Datagrams(u32),
    /// Not at all: each read is one datagram and must fit.
    Whole,
}

impl Cut {
    /// Bytes per read.
    fn read_bytes(self) -> usize {
        match self {
            Self::Anywhere => STREAM_CHUNK_BYTES,
            Self::Datagrams(bytes) => bytes as usize,
            // One byte more than fits, so that longer input is detected.
            Self::Whole => DATAGRAM_BYTES_MAX as usize + 1,
        }
    }
}

/// The sends of a session.
#[derive(Debug)]
pub(super) struct Sends {
    steps: VecDeque<SendStep>,
    state: State,
    next_ticket: u64,
    /// Channel of the stream that is the first step.
    stream: Option<Receiver<Chunk>>,
    cut: Cut,
    /// Sends without a recipient wait for the next peer instead of failing (a server's standard input).
    waits_for_peers: bool,
    pace: SendPace,
    /// When the pieces of the stream began, and their bytes so far.
    begun: Option<(Instant, u64)>,
    /// The next piece is not sent before.
    rests_until: Option<Instant>,
}

#[derive(Debug)]
enum State {
    /// The next step can start.
    Ready,
    /// A list is being sent; it ends by itself, or never.
    List { ticket: Ticket, endless: bool },
    /// Waiting for data of a stream.
    Reading,
    /// A piece of standard input waits for a recipient.
    Holding(Arc<[u8]>),
    /// A piece of standard input is being sent.
    Chunk { ticket: Ticket, bytes: Arc<[u8]> },
}

impl Sends {
    /// Nothing is sent yet.
    pub fn new(steps: Vec<SendStep>, cut: Cut, waits_for_peers: bool) -> Self {
        Self {
            steps: steps.into(),
            state: State::Ready,
            next_ticket: 1,
            stream: None,
            cut,
            waits_for_peers,
            pace: SendPace::default(),
            begun: None,
            rests_until: None,
        }
    }

    /// Streams are sent at this pace.
    pub fn set_pace(&mut self, pace: SendPace) {
        self.pace = pace;
    }

    /// When the piece that waits may be sent.
    pub fn rests_until(&self) -> Option<Instant> {
        self.rests_until.filter(|_| matches!(self.state, State::Holding(_)))
    }

    /// A piece was sent: the next one waits.
    fn rest(&mut self, bytes: usize) {
        let now = Instant::now();
        let (begun, before) = self.begun.unwrap_or((now, 0));
        let all = before.saturating_add(bytes as u64);
        self.begun = Some((begun, all));
        self.rests_until = now.checked_add(self.pace.wait(begun, all, now));
    }

    /// The first list was given to the engine as [`FIRST_LIST`].
    pub fn first_is_given(&mut self) {
        if let Some(SendStep::List(list)) = self.steps.pop_front() {
            self.state = State::List { ticket: FIRST_LIST, endless: list.rounds.is_none() };
        }
    }

    /// Whether everything was sent or given up.
    pub fn are_done(&self) -> bool {
        matches!(self.state, State::Ready) && self.steps.is_empty()
    }

    /// Whether finite lists are waiting or in progress, so that ending the run now would cut them off.
    pub fn would_be_cut(&self) -> bool {
        match &self.state {
            State::List { endless, .. } => !endless,
            State::Ready => matches!(self.steps.front(), Some(SendStep::List(list)) if list.rounds.is_some()),
            State::Chunk { .. } => true,
            State::Reading | State::Holding(_) => false,
        }
    }

    /// Whether the connection, if it ended now, would leave something unsent: finite lists, also after standard input, or a piece of
    /// standard input.
    pub fn are_cut(&self) -> bool {
        let waits = self.steps.iter().any(|step| matches!(step, SendStep::List(list) if list.rounds.is_some()));
        waits || self.would_be_cut() || matches!(self.state, State::Holding(_))
    }

    /// The next send to `target`, if any.
    pub fn next_command(&mut self, target: Target) -> Option<Command> {
        match std::mem::replace(&mut self.state, State::Ready) {
            State::Ready => {}
            State::Holding(bytes) if self.rests_until.is_some_and(|until| until > Instant::now()) => {
                self.state = State::Holding(bytes);
                return None;
            }
            State::Holding(bytes) => return Some(self.send_chunk(target, bytes)),
            other => {
                self.state = other;
                return None;
            }
        }
        match self.steps.front()? {
            SendStep::List(_) => {
                let Some(SendStep::List(plan)) = self.steps.pop_front() else { return None };
                let ticket = self.ticket();
                self.state = State::List { ticket, endless: plan.rounds.is_none() };
                Some(Command::Send { ticket, target, plan })
            }
            SendStep::Stream(_) => {
                self.state = State::Reading;
                None
            }
        }
    }

    fn ticket(&mut self) -> Ticket {
        let ticket = Ticket(self.next_ticket);
        self.next_ticket += 1;
        ticket
    }

    fn send_chunk(&mut self, target: Target, bytes: Arc<[u8]>) -> Command {
        let ticket = self.ticket();
        self.begun.get_or_insert((Instant::now(), 0));
        let items = vec![SendItem::bytes(bytes.clone())];
        self.state = State::Chunk { ticket, bytes };
        Command::Send { ticket, target, plan: SendPlan::once(items) }
    }

    /// The channel of the stream while a piece of it is needed; otherwise a channel that never receives.
    ///
    /// # Errors
    /// The system cannot start a thread to read it.
    pub fn stream(&mut self) -> Result<Receiver<Chunk>, NetError> {
        let Some(SendStep::Stream(source)) = self.steps.front().filter(|_| matches!(self.state, State::Reading)) else {
            return Ok(never());
        };
        if let Some(pieces) = &self.stream {
            return Ok(pieces.clone());
        }
        let pieces = start_reading(source.clone(), self.cut, self.pace.piece)
            .map_err(|error| NetError::from_io(Operation::ReadFile, name(source), &error))?;
        Ok(self.stream.insert(pieces).clone())
    }

    /// Takes a piece of the stream.
    ///
    /// # Errors
    /// It cannot be read, which counts as its end.
    pub fn take_chunk(&mut self, chunk: Chunk) -> Result<(), NetError> {
        let (state, result) = match chunk {
            Ok(bytes) if !bytes.is_empty() => (State::Holding(bytes), Ok(())),
            Ok(_) => (State::Ready, Ok(())),
            Err(error) => (State::Ready, Err(error)),
        };
        if matches!(state, State::Ready) {
            self.steps.pop_front();
            self.stream = None;
            self.begun = None;
        }
        self.state = state;
        result
    }

    /// Handles the outcome of a send. Returns its error unless the user cancelled it or the end of the connection ended an endless
    /// repeat.
    pub fn finished(&mut self, ticket: Ticket, outcome: SendOutcome) -> Option<NetError> {
        let (endless, chunk) = match std::mem::replace(&mut self.state, State::Ready) {
            State::List { ticket: ours, endless } if ours == ticket => (endless, None),
            State::Chunk { ticket: ours, bytes } if ours == ticket => (false, Some(bytes)),
            other => {
                self.state = other;
                return None;
            }
        };
        let failure = outcome.result.err();
        match (chunk, &failure) {
            (Some(bytes), Some(error))
                if self.waits_for_peers && error.kind == ErrorKind::NoPeer && outcome.sent_bytes == 0 =>
            {
                self.state = State::Holding(bytes);
                return None;
            }
            (Some(_), Some(_)) if !self.waits_for_peers => {
                // Data after a gap in a stream would be worse than no data.
                self.steps.clear();
            }
            (Some(bytes), _) => {
                self.rest(bytes.len());
                self.state = State::Reading;
            }
            (None, _) => {}
        }
        failure.filter(|error| match error.kind {
            ErrorKind::Cancelled => false,
            ErrorKind::Closed | ErrorKind::Reset | ErrorKind::NoPeer => !endless,
            _ => true,
        })
    }
}

/// Name of a source in errors.
fn name(source: &StreamSource) -> String {
    match source {
        StreamSource::Stdin => "stdin".to_owned(),
        StreamSource::Path(path) => path.display().to_string(),
    }
}

/// Reads a stream on a separate thread, at most one piece ahead. The thread ends with the process: a blocked read cannot be
/// cancelled.
fn start_reading(source: StreamSource, cut: Cut, piece: Option<u32>) -> io::Result<Receiver<Chunk>> {
    let (to_session, pieces) = bounded(1);
    spawn_named("stream", move || {
        let name = name(&source);
        let opened: io::Result<Box<dyn Read>> = match source {
            StreamSource::Stdin => Ok(Box::new(io::stdin().lock())),
            StreamSource::Path(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
        };
        let mut stream = match opened {
            Ok(stream) => stream,
            // The receiver is gone if the run has ended.
            Err(error) => return drop(to_session.send(Err(NetError::from_io(Operation::ReadFile, name, &error)))),
        };
        let mut buffer = vec![0; piece.map_or_else(|| cut.read_bytes(), |piece| piece as usize)];
        loop {
            let piece = read_piece(&mut stream, &mut buffer, cut, &name);
            let ends = piece.as_ref().map_or(true, |bytes| bytes.is_empty());
            if to_session.send(piece).is_err() || ends {
                break;
            }
        }
    })?;
    Ok(pieces)
}

fn read_piece(stream: &mut dyn Read, buffer: &mut [u8], cut: Cut, name: &str) -> Chunk {
    loop {
        return match stream.read(buffer) {
            Ok(len) if cut == Cut::Whole && len > DATAGRAM_BYTES_MAX as usize => {
                Err(NetError::new(Operation::ReadFile, ErrorKind::TooLong, name, "--datagram-size"))
            }
            Ok(len) => Ok(Arc::from(&buffer[..len])),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(NetError::from_io(Operation::ReadFile, name, &error)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(rounds: Option<u64>) -> SendStep {
        let items = vec![SendItem::bytes(&b"x"[..])];
        SendStep::List(SendPlan { items, every: None, rounds })
    }

    fn outcome(result: Result<(), ErrorKind>) -> SendOutcome {
        let result = result.map_err(|kind| NetError::new(Operation::Send, kind, "", ""));
        SendOutcome { sent_bytes: 0, rounds: 0, peers: 1, result, item: None }
    }

    fn ticket(command: Option<Command>) -> Ticket {
        match command {
            Some(Command::Send { ticket, .. }) => ticket,
            other => panic!("no send: {other:?}"),
        }
    }

    #[test]
    fn steps_go_one_after_the_other() {
        let mut sends =
            Sends::new(vec![list(Some(1)), SendStep::Stream(StreamSource::Stdin), list(Some(1))], Cut::Anywhere, false);
        let first = ticket(sends.next_command(Target::Remote));
        assert!(sends.next_command(Target::Remote).is_none() && sends.would_be_cut());
        assert_eq!(sends.finished(first, outcome(Ok(()))), None);
        assert!(sends.next_command(Target::Remote).is_none());
        sends.take_chunk(Ok(Arc::from(&b"abc"[..]))).expect("taken");
        let chunk = ticket(sends.next_command(Target::Remote));
        assert_eq!(sends.finished(chunk, outcome(Ok(()))), None);
        sends.take_chunk(Ok(Arc::from(&b""[..]))).expect("end");
        assert!(!sends.are_done());
        let last = ticket(sends.next_command(Target::Remote));
        assert_eq!(sends.finished(last, outcome(Ok(()))), None);
        assert!(sends.are_done());
    }

    #[test]
    fn the_end_of_a_connection_is_no_failure_of_an_endless_repeat() {
        for (rounds, kind, counts) in [
            (None, ErrorKind::Closed, false),
            (None, ErrorKind::TooLong, true),
            (Some(3), ErrorKind::Closed, true),
            (Some(3), ErrorKind::Cancelled, false),
        ] {
            let mut sends = Sends::new(vec![list(rounds)], Cut::Anywhere, false);
            let sent = ticket(sends.next_command(Target::Remote));
            assert_eq!(sends.finished(sent, outcome(Err(kind))).is_some(), counts, "{rounds:?} {kind:?}");
            assert!(sends.are_done());
        }
    }

    #[test]
    fn a_servers_standard_input_waits_for_the_next_peer() {
        let mut sends = Sends::new(vec![SendStep::Stream(StreamSource::Stdin)], Cut::Anywhere, true);
        assert!(sends.next_command(Target::All).is_none());
        sends.take_chunk(Ok(Arc::from(&b"abc"[..]))).expect("taken");
        let sent = ticket(sends.next_command(Target::All));
        assert_eq!(sends.finished(sent, outcome(Err(ErrorKind::NoPeer))), None);
        assert!(matches!(sends.next_command(Target::All), Some(Command::Send { .. })));
    }
}
