//! A client that asks for files by their names, one after the other.

use super::{Arrival, Io, Kind, Role, Stage, Step};
use crate::codec::Encoding;
use crate::model::{NameProblem, TransferError};
use crate::transfer::head::{Collector, Head};
use std::collections::VecDeque;

#[derive(Debug)]
enum State {
    /// The name was sent.
    Asking(Collector),
    /// The file arrives. The announced MD5 is in lower case.
    Arriving { arrival: Arrival, md5: String },
    /// Nothing is under way.
    Over,
}

/// A client that asks for files.
#[derive(Debug)]
pub(in crate::transfer) struct Get {
    names: VecDeque<String>,
    name: String,
    encoding: Encoding,
    state: State,
}

impl Get {
    /// Asks for these files. Names are sent in `encoding`.
    pub(in crate::transfer) fn new(names: Vec<String>, encoding: Encoding) -> Self {
        Self { names: names.into(), name: String::new(), encoding, state: State::Over }
    }

    fn next(&mut self, io: &mut Io<'_>) {
        self.state = State::Over;
        let Some(name) = self.names.pop_front() else { return };
        io.begin(Kind::Get, &name, None);
        match self.encoding.encode(&name) {
            Ok(bytes) if !bytes.is_empty() => {
                io.step(Step::Stage(Stage::Asking));
                io.step(Step::Send(bytes));
                self.state = State::Asking(Collector::default());
            }
            encoded => {
                let why = if encoded.is_ok() { NameProblem::Empty } else { NameProblem::Character };
                io.fail(why.into());
            }
        }
        self.name = name;
    }

    fn fail(&mut self, error: TransferError, io: &mut Io<'_>) {
        self.state = State::Over;
        self.names.clear();
        io.fail(error);
        io.step(Step::HangUp);
    }

    fn answered(&mut self, json: &[u8], io: &mut Io<'_>) -> Result<(), TransferError> {
        let head = Head::parse(json, self.encoding)?;
        if head.is_empty() {
            io.fail(TransferError::NoSuchFile);
            self.next(io);
            return Ok(());
        }
        // The protocol spells it without a g.
        let total = head.size(if head.has("lenth") || !head.has("length") { "lenth" } else { "length" })?;
        let md5 = head.md5("md5")?;
        // The folders of the server are not made here.
        let name = self.name.rsplit('/').next().unwrap_or_default();
        io.files.create(name)?;
        io.step(Step::Total(total));
        io.step(Step::Stage(Stage::Moving));
        self.state = State::Arriving { arrival: Arrival::new(total), md5 };
        Ok(())
    }

    /// Takes what belongs to the present state. Returns whether the state took anything.
    fn advance(&mut self, input: &mut &[u8], io: &mut Io<'_>) -> Result<bool, TransferError> {
        match &mut self.state {
            State::Asking(head) => {
                if let Some(json) = head.take(input)? {
                    self.answered(&json, io)?;
                }
            }
            State::Arriving { arrival, md5 } => {
                arrival.take(input, io)?;
                if arrival.is_complete() {
                    let found = arrival.digest();
                    if found != *md5 {
                        return Err(TransferError::Md5 { announced: md5.clone(), found });
                    }
                    io.files.keep()?;
                    io.step(Step::End(Ok(true)));
                    self.next(io);
                }
            }
            // What follows the last file is in the capture.
            State::Over => return Ok(false),
        }
        Ok(true)
    }
}

impl Role for Get {
    fn start(&mut self, io: &mut Io<'_>) {
        self.next(io);
    }

    fn received(&mut self, bytes: &[u8], io: &mut Io<'_>) {
        let mut input = bytes;
        loop {
            // An empty file is complete without any byte.
            let empty = matches!(&self.state, State::Arriving { arrival, .. } if arrival.is_complete());
            if input.is_empty() && !empty {
                return;
            }
            match self.advance(&mut input, io) {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => return self.fail(error, io),
            }
        }
    }

    fn ended(&mut self, why: Option<TransferError>, io: &mut Io<'_>) {
        let cut_off = match std::mem::replace(&mut self.state, State::Over) {
            State::Asking(_) => TransferError::EndedEarly { have: 0, want: None },
            State::Arriving { arrival, .. } => arrival.cut_off(),
            State::Over => return,
        };
        self.names.clear();
        io.fail(why.unwrap_or(cut_off));
    }

    fn is_idle(&self) -> bool {
        matches!(self.state, State::Over)
    }
}
