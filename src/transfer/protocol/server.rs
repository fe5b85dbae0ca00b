//! A server that serves files by name and receives uploads in both forms. What a client wants is recognised by its first bytes.

use super::{Arrival, Io, Kind, Role, Stage, Step, UploadForm, shown};
use crate::codec::Encoding;
use crate::model::{NameProblem, TransferError};
use crate::transfer::folder::NAME_BYTES_MAX;
use crate::transfer::head::{self, Collector, HEAD_BYTES_MAX, Head, LENGTH_BYTES, ObjectEnd};

/// Digits of an MD5.
const MD5_DIGITS: usize = 32;

#[derive(Debug)]
enum State {
    /// The beginning of a request; empty between two.
    Beginning(Vec<u8>),
    /// The name of a file, which nothing ends but a line break or a pause.
    Name(Vec<u8>),
    /// The head of an upload, with its length.
    Head(Collector),
    /// The head of an upload without a length.
    Json { bytes: Vec<u8>, end: ObjectEnd },
    /// A file is being served. Bytes that arrive meanwhile begin the next request.
    Serving { len: u64, next: Vec<u8> },
    /// A file arrives.
    Arriving { arrival: Arrival, form: UploadForm },
    /// The digits of the MD5 must come.
    Digits { arrival: Arrival, digits: Vec<u8> },
    /// Nothing more is understood.
    Over,
}

/// The serving end of one connection.
#[derive(Debug)]
pub(in crate::transfer) struct Server {
    serves: bool,
    receives: bool,
    encoding: Encoding,
    state: State,
}

/// What a request begins with.
enum Beginning {
    Name,
    WithLength,
    Json,
    /// More bytes decide.
    Unknown,
}

impl Server {
    /// Serves files, receives uploads, or both. Names are read in `encoding`.
    pub(in crate::transfer) fn new(serves: bool, receives: bool, encoding: Encoding) -> Self {
        Self { serves, receives, encoding, state: State::Beginning(Vec::new()) }
    }

    /// A length below 64 KiB has two zeros at its end; a name and JSON have none.
    fn recognise(&self, bytes: &[u8]) -> Beginning {
        if !self.receives {
            return Beginning::Name;
        }
        let Some([first, _, third, fourth]) = bytes.first_chunk::<LENGTH_BYTES>() else { return Beginning::Unknown };
        match (first, third, fourth) {
            (_, _, 0) => Beginning::WithLength,
            (b'{', _, _) => Beginning::Json,
            _ if self.serves && *third != 0 => Beginning::Name,
            // Refused, with the length as the reason.
            _ => Beginning::WithLength,
        }
    }

    fn fail(&mut self, error: TransferError, io: &mut Io<'_>) {
        let begun = matches!(self.state, State::Arriving { .. } | State::Digits { .. } | State::Serving { .. });
        self.state = State::Over;
        if !begun {
            io.begin(if self.receives { Kind::Receive } else { Kind::Serve }, "", None);
        }
        io.fail(error);
        io.step(Step::HangUp);
    }

    /// Takes what belongs to the present state.
    fn advance(&mut self, input: &mut &[u8], io: &mut Io<'_>) -> Result<(), TransferError> {
        match &mut self.state {
            State::Beginning(bytes) => {
                let count = (LENGTH_BYTES - bytes.len()).min(input.len());
                let (taken, rest) = input.split_at(count);
                bytes.extend_from_slice(taken);
                *input = rest;
                let bytes = bytes.clone();
                self.begin_request(&bytes, io)
            }
            State::Name(name) => {
                let end = input.iter().position(|byte| matches!(byte, b'\n' | 0));
                let (taken, rest) = input.split_at(end.unwrap_or(input.len()));
                name.extend_from_slice(taken.get(..=NAME_BYTES_MAX).unwrap_or(taken));
                if name.len() > NAME_BYTES_MAX {
                    return Err(NameProblem::TooLong.into());
                }
                *input = rest;
                if end.is_some() {
                    *input = rest.get(1..).unwrap_or_default();
                    self.serve(io);
                }
                Ok(())
            }
            State::Head(collector) => match collector.take(input)? {
                Some(json) => self.receive(&json, UploadForm::WithMd5, io),
                None => Ok(()),
            },
            State::Json { bytes, end } => {
                let close = input.iter().position(|byte| end.ends_with(*byte));
                let (taken, rest) = input.split_at(close.map_or(input.len(), |close| close + 1));
                *input = rest;
                if bytes.len() + taken.len() > HEAD_BYTES_MAX {
                    return Err(TransferError::HeadNotJson);
                }
                bytes.extend_from_slice(taken);
                if close.is_some() {
                    let json = std::mem::take(bytes);
                    return self.receive(&json, UploadForm::PlainJson, io);
                }
                Ok(())
            }
            State::Serving { next, .. } => {
                if next.len() + input.len() > NAME_BYTES_MAX {
                    return Err(TransferError::TooEarly);
                }
                next.extend_from_slice(input);
                *input = &[];
                Ok(())
            }
            State::Arriving { arrival, form } => {
                arrival.take(input, io)?;
                let form = *form;
                if arrival.is_complete() { self.arrived(form, io) } else { Ok(()) }
            }
            State::Digits { .. } => self.take_digits(input, io),
            State::Over => {
                *input = &[];
                Ok(())
            }
        }
    }

    /// Recognises a request by its first bytes.
    fn begin_request(&mut self, bytes: &[u8], io: &mut Io<'_>) -> Result<(), TransferError> {
        let mut input = bytes;
        match self.recognise(bytes) {
            Beginning::Unknown => return Ok(()),
            Beginning::Name => self.state = State::Name(Vec::new()),
            Beginning::WithLength => self.state = State::Head(Collector::default()),
            Beginning::Json => self.state = State::Json { bytes: Vec::new(), end: ObjectEnd::default() },
        }
        while !input.is_empty() {
            self.advance(&mut input, io)?;
        }
        Ok(())
    }

    /// The name is complete.
    fn serve(&mut self, io: &mut Io<'_>) {
        let State::Name(bytes) = std::mem::replace(&mut self.state, State::Beginning(Vec::new())) else { return };
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(&bytes);
        let name = self.encoding.decode(bytes);
        match io.files.find(&name) {
            Ok(len) => {
                io.begin(Kind::Serve, &name, Some(len));
                io.step(Step::Stage(Stage::Hashing));
                io.step(Step::Hash);
                self.state = State::Serving { len, next: Vec::new() };
            }
            Err(error) => {
                io.begin(Kind::Serve, &name, None);
                io.step(Step::Send(head::no_such_file()));
                io.fail(error);
            }
        }
    }

    /// The head of an upload is complete.
    fn receive(&mut self, json: &[u8], form: UploadForm, io: &mut Io<'_>) -> Result<(), TransferError> {
        let head = Head::parse(json, self.encoding)?;
        if head.has("action") && head.text("action")? != "put" {
            return Err(TransferError::HeadField { field: "action".to_owned() });
        }
        let (name, total) = (head.text("filename")?, head.size("filesize")?);
        io.begin(Kind::Receive, name, Some(total));
        self.state = State::Arriving { arrival: Arrival::new(total), form };
        io.files.create(name)?;
        io.step(Step::Stage(Stage::Moving));
        if form == UploadForm::PlainJson {
            io.step(Step::Send(b"200".to_vec()));
        }
        if total == 0 { self.arrived(form, io) } else { Ok(()) }
    }

    /// All bytes of an upload arrived.
    fn arrived(&mut self, form: UploadForm, io: &mut Io<'_>) -> Result<(), TransferError> {
        match (form, std::mem::replace(&mut self.state, State::Beginning(Vec::new()))) {
            (UploadForm::WithMd5, State::Arriving { arrival, .. }) => {
                io.step(Step::Stage(Stage::Checking));
                io.step(Step::Send(b"OK".to_vec()));
                self.state = State::Digits { arrival, digits: Vec::with_capacity(MD5_DIGITS) };
            }
            (_, state) => {
                if let Err(error) = io.files.keep() {
                    self.state = state;
                    return Err(error);
                }
                io.step(Step::End(Ok(false)));
            }
        }
        Ok(())
    }

    fn take_digits(&mut self, input: &mut &[u8], io: &mut Io<'_>) -> Result<(), TransferError> {
        let State::Digits { arrival, digits } = &mut self.state else { return Ok(()) };
        let (taken, rest) = input.split_at((MD5_DIGITS - digits.len()).min(input.len()));
        digits.extend_from_slice(taken);
        *input = rest;
        if digits.len() < MD5_DIGITS {
            return Ok(());
        }
        if !head::is_md5(digits) {
            let found = shown(digits);
            io.step(Step::Send(b"204".to_vec()));
            return Err(TransferError::Answer { expected: "MD5".to_owned(), found });
        }
        let announced = String::from_utf8_lossy(digits).to_ascii_lowercase();
        let found = arrival.digest();
        self.state = State::Beginning(Vec::new());
        if announced != found {
            io.step(Step::Send(b"204".to_vec()));
            io.fail(TransferError::Md5 { announced, found });
            return Ok(());
        }
        match io.files.keep() {
            Ok(()) => {
                io.step(Step::Send(b"203".to_vec()));
                io.step(Step::End(Ok(true)));
            }
            Err(error) => {
                io.step(Step::Send(b"204".to_vec()));
                io.fail(error);
            }
        }
        Ok(())
    }
}

impl Role for Server {
    fn start(&mut self, _io: &mut Io<'_>) {}

    fn received(&mut self, bytes: &[u8], io: &mut Io<'_>) {
        let mut input = bytes;
        while !input.is_empty() {
            if let Err(error) = self.advance(&mut input, io) {
                return self.fail(error, io);
            }
        }
    }

    fn waits_for_quiet(&self) -> bool {
        match &self.state {
            State::Name(name) => !name.is_empty(),
            State::Beginning(bytes) => self.serves && !bytes.is_empty(),
            _ => false,
        }
    }

    fn quiet(&mut self, io: &mut Io<'_>) {
        // A name shorter than a length.
        if let State::Beginning(bytes) = &mut self.state
            && self.serves
            && !bytes.is_empty()
            && !bytes.starts_with(b"{")
        {
            self.state = State::Name(std::mem::take(bytes));
        }
        if matches!(&self.state, State::Name(name) if !name.is_empty()) {
            self.serve(io);
        }
    }

    fn hashed(&mut self, md5: Result<String, TransferError>, io: &mut Io<'_>) {
        let State::Serving { len, .. } = self.state else { return };
        match md5 {
            Ok(md5) => {
                io.step(Step::Stage(Stage::Moving));
                io.step(Step::SendFile { head: head::served(len, &md5) });
            }
            Err(error) => self.fail(error, io),
        }
    }

    fn file_sent(&mut self, io: &mut Io<'_>) {
        if let State::Serving { next, .. } = &mut self.state {
            let next = std::mem::take(next);
            self.state = State::Beginning(Vec::new());
            io.step(Step::End(Ok(false)));
            self.received(&next, io);
        }
    }

    fn ended(&mut self, why: Option<TransferError>, io: &mut Io<'_>) {
        let cut_off = match std::mem::replace(&mut self.state, State::Over) {
            State::Arriving { arrival, .. } | State::Digits { arrival, .. } => arrival.cut_off(),
            State::Serving { len, .. } => TransferError::EndedEarly { have: 0, want: Some(len) },
            State::Head(collector) if collector.len() > 0 => {
                io.begin(Kind::Receive, "", None);
                TransferError::EndedEarly { have: 0, want: None }
            }
            State::Json { .. } => {
                io.begin(Kind::Receive, "", None);
                TransferError::EndedEarly { have: 0, want: None }
            }
            State::Beginning(_) | State::Name(_) | State::Head(_) | State::Over => return,
        };
        io.fail(why.unwrap_or(cut_off));
    }

    fn is_idle(&self) -> bool {
        matches!(&self.state, State::Over) || matches!(&self.state, State::Beginning(bytes) if bytes.is_empty())
    }
}
