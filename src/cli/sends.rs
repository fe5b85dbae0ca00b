//! What is sent, one step after the other in the order of the command line, each when the one before it is done.

use super::plan::{SendStep, StreamSource};
use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendOutcome, SendPlan};
use crate::jobs::thread::spawn_named;
use crate::model::{ErrorKind, NetError, Operation, Target, Ticket};
use crossbeam_channel::{Receiver, bounded, never};
use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read};
use std::sync::Arc;

/// Bytes read from a stream at a time.
const STREAM_CHUNK_BYTES: usize = 64 << 10;

/// Of the list that a TCP client sends with its connection ([`Command::SendWhenConnected`]).
pub(super) const FIRST_LIST: Ticket = Ticket(0);

/// A piece of a stream; empty = its end.
pub(super) type Chunk = Result<Arc<[u8]>, NetError>;

/// How streams are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cut {
    /// Anywhere: the bytes are one stream again.
    Anywhere,
    /// Into datagrams of at most so many bytes.
    Datagrams(u32),
    /// Not at all: each read is one datagram and has to fit.
    Whole,
}

impl Cut {
    /// Bytes asked for in one read.
    fn read_bytes(self) -> usize {
        match self {
            Self::Anywhere => STREAM_CHUNK_BYTES,
            Self::Datagrams(bytes) => bytes as usize,
            // One byte more than fits, so that a longer input is noticed.
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
    /// Of the stream that is the first step.
    stream: Option<Receiver<Chunk>>,
    cut: Cut,
    /// Sends to nobody wait for the next peer instead of failing (a server's standard input).
    waits_for_peers: bool,
}

#[derive(Debug)]
enum State {
    /// The next step can begin.
    Ready,
    /// A list is being sent; it ends by itself, or never.
    List { ticket: Ticket, endless: bool },
    /// A stream has to say something.
    Reading,
    /// A piece of standard input waits for somebody to go to.
    Holding(Arc<[u8]>),
    /// A piece of standard input is being sent.
    Chunk { ticket: Ticket, bytes: Arc<[u8]> },
}

impl Sends {
    /// Nothing is sent yet.
    pub fn new(steps: Vec<SendStep>, cut: Cut, waits_for_peers: bool) -> Self {
        Self { steps: steps.into(), state: State::Ready, next_ticket: 1, stream: None, cut, waits_for_peers }
    }

    /// The first list has been given to the engine as [`FIRST_LIST`].
    pub fn first_is_given(&mut self) {
        if let Some(SendStep::List(list)) = self.steps.pop_front() {
            self.state = State::List { ticket: FIRST_LIST, endless: list.rounds.is_none() };
        }
    }

    /// Everything was sent, or was given up.
    pub fn are_done(&self) -> bool {
        matches!(self.state, State::Ready) && self.steps.is_empty()
    }

    /// Lists that end by themselves wait or are under way: a run that ends now would cut them.
    pub fn would_be_cut(&self) -> bool {
        match &self.state {
            State::List { endless, .. } => !endless,
            State::Ready => matches!(self.steps.front(), Some(SendStep::List(list)) if list.rounds.is_some()),
            State::Chunk { .. } => true,
            State::Reading | State::Holding(_) => false,
        }
    }

    /// Whether the end of the connection, now, leaves something unsent that was to be: lists that end by themselves, also behind
    /// standard input, and a piece of it.
    pub fn are_cut(&self) -> bool {
        let waits = self.steps.iter().any(|step| matches!(step, SendStep::List(list) if list.rounds.is_some()));
        waits || self.would_be_cut() || matches!(self.state, State::Holding(_))
    }

    /// What has to be sent now to `target`, if anything has.
    pub fn next_command(&mut self, target: Target) -> Option<Command> {
        match std::mem::replace(&mut self.state, State::Ready) {
            State::Ready => {}
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
        let items = vec![SendItem::Bytes(bytes.clone())];
        self.state = State::Chunk { ticket, bytes };
        Command::Send { ticket, target, plan: SendPlan { items, every: None, rounds: Some(1) } }
    }

    /// The stream, while a piece of it is wanted; otherwise a channel that never says anything.
    ///
    /// # Errors
    /// The system gives no thread to read it.
    pub fn stream(&mut self) -> Result<Receiver<Chunk>, NetError> {
        let Some(SendStep::Stream(source)) = self.steps.front().filter(|_| matches!(self.state, State::Reading)) else {
            return Ok(never());
        };
        if let Some(pieces) = &self.stream {
            return Ok(pieces.clone());
        }
        let pieces = start_reading(source.clone(), self.cut)
            .map_err(|error| NetError::from_io(Operation::ReadFile, name(source), &error))?;
        Ok(self.stream.insert(pieces).clone())
    }

    /// A piece of the stream is there.
    ///
    /// # Errors
    /// It cannot be read; taken as its end.
    pub fn take_chunk(&mut self, chunk: Chunk) -> Result<(), NetError> {
        let (state, result) = match chunk {
            Ok(bytes) if !bytes.is_empty() => (State::Holding(bytes), Ok(())),
            Ok(_) => (State::Ready, Ok(())),
            Err(error) => (State::Ready, Err(error)),
        };
        if matches!(state, State::Ready) {
            self.steps.pop_front();
            self.stream = None;
        }
        self.state = state;
        result
    }

    /// A send ended. Gives its error where it is one of ours that counts: not the user's own word, nor the end of an endless
    /// repeat by the end of the connection.
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
                // What comes after a hole in a stream would be worse than nothing.
                self.steps.clear();
            }
            (Some(_), _) => self.state = State::Reading,
            (None, _) => {}
        }
        failure.filter(|error| match error.kind {
            ErrorKind::Cancelled => false,
            ErrorKind::Closed | ErrorKind::Reset | ErrorKind::NoPeer => !endless,
            _ => true,
        })
    }
}

/// As errors name it.
fn name(source: &StreamSource) -> String {
    match source {
        StreamSource::Stdin => "stdin".to_owned(),
        StreamSource::Path(path) => path.display().to_string(),
    }
}

/// Reads a stream on a thread of its own, a piece ahead at most. The thread ends with the process: a blocked read cannot be called
/// back.
fn start_reading(source: StreamSource, cut: Cut) -> io::Result<Receiver<Chunk>> {
    let (to_session, pieces) = bounded(1);
    spawn_named("stream", move || {
        let name = name(&source);
        let opened: io::Result<Box<dyn Read>> = match source {
            StreamSource::Stdin => Ok(Box::new(io::stdin().lock())),
            StreamSource::Path(path) => File::open(path).map(|file| Box::new(file) as Box<dyn Read>),
        };
        let mut stream = match opened {
            Ok(stream) => stream,
            // Nobody waits any more when the run has ended.
            Err(error) => return drop(to_session.send(Err(NetError::from_io(Operation::ReadFile, name, &error)))),
        };
        let mut buffer = vec![0; cut.read_bytes()];
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
        let items = vec![SendItem::Bytes(Arc::from(&b"x"[..]))];
        SendStep::List(SendPlan { items, every: None, rounds })
    }

    fn outcome(result: Result<(), ErrorKind>) -> SendOutcome {
        let result = result.map_err(|kind| NetError::new(Operation::Send, kind, "", ""));
        SendOutcome { sent_bytes: 0, rounds: 0, peers: 1, result }
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
