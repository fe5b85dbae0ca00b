//! A client that uploads files, one after the other.

use super::{Io, Kind, Role, Stage, Step, UploadForm, shown};
use crate::model::TransferError;
use crate::transfer::head;

/// The longest answer that is kept.
const ANSWER_BYTES_MAX: usize = 64;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Nothing is under way.
    Over,
    /// The MD5 is computed.
    Hashing,
    /// Plain JSON: `200` must come before the bytes.
    Asking,
    /// The bytes are on the way.
    Sending,
    /// `OK` must come.
    WaitingForOk,
    /// `203` or `204` must come.
    WaitingForVerdict,
}

/// A client that uploads a file.
#[derive(Debug)]
pub(in crate::transfer) struct Put {
    name: String,
    len: u64,
    form: UploadForm,
    md5: String,
    state: State,
    /// Answers that were not needed yet.
    answer: Vec<u8>,
    /// Why there is nothing to upload.
    refused: Option<TransferError>,
}

impl Put {
    /// Uploads a file of this size by this name.
    pub(in crate::transfer) fn new(name: String, len: u64, form: UploadForm) -> Self {
        Self { name, len, form, md5: String::new(), state: State::Over, answer: Vec::new(), refused: None }
    }

    /// The file cannot be read: the upload fails at its start.
    pub(in crate::transfer) fn refuse(&mut self, why: TransferError) {
        self.refused = Some(why);
    }

    fn fail(&mut self, error: TransferError, io: &mut Io<'_>) {
        self.state = State::Over;
        io.fail(error);
        io.step(Step::HangUp);
    }

    /// Takes the expected answer. `None`: it has not arrived completely. Bytes that cannot become it are an error.
    fn expect(&mut self, expected: &[&str]) -> Result<Option<String>, TransferError> {
        // Some programs end their answers with a line break.
        let white = self.answer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        self.answer.drain(..white);
        for text in expected {
            if self.answer.starts_with(text.as_bytes()) {
                self.answer.drain(..text.len());
                return Ok(Some((*text).to_owned()));
            }
        }
        if expected.iter().any(|text| text.as_bytes().starts_with(&self.answer)) {
            return Ok(None);
        }
        Err(TransferError::Answer { expected: expected.join(" / "), found: shown(&self.answer) })
    }

    fn advance(&mut self, io: &mut Io<'_>) -> Result<(), TransferError> {
        match self.state {
            State::Asking => {
                if self.expect(&["200"])?.is_some() {
                    self.state = State::Sending;
                    io.step(Step::Stage(Stage::Moving));
                    io.step(Step::SendFile { head: Vec::new() });
                }
            }
            State::WaitingForOk => {
                if self.expect(&["OK"])?.is_some() {
                    io.step(Step::Send(self.md5.clone().into_bytes()));
                    self.state = State::WaitingForVerdict;
                    return self.advance(io);
                }
            }
            State::WaitingForVerdict => match self.expect(&["203", "204"])?.as_deref() {
                Some("203") => {
                    self.state = State::Over;
                    io.step(Step::End(Ok(true)));
                }
                Some(_) => return Err(TransferError::PeerMd5),
                None => {}
            },
            // An early answer waits until it is needed; anything long is wrong.
            State::Hashing | State::Sending if self.answer.len() >= ANSWER_BYTES_MAX => {
                return Err(TransferError::Answer { expected: "OK".to_owned(), found: shown(&self.answer) });
            }
            State::Over | State::Hashing | State::Sending => {}
        }
        Ok(())
    }

    fn advance_or_fail(&mut self, io: &mut Io<'_>) {
        if let Err(error) = self.advance(io) {
            self.fail(error, io);
        }
    }
}

impl Role for Put {
    fn start(&mut self, io: &mut Io<'_>) {
        io.begin(Kind::Put, &self.name, Some(self.len));
        if let Some(why) = self.refused.take() {
            return self.fail(why, io);
        }
        match self.form {
            UploadForm::WithMd5 => {
                self.state = State::Hashing;
                io.step(Step::Stage(Stage::Hashing));
                io.step(Step::Hash);
            }
            UploadForm::PlainJson => {
                self.state = State::Asking;
                io.step(Step::Stage(Stage::Asking));
                io.step(Step::Send(head::upload(&self.name, self.len).into_bytes()));
            }
        }
    }

    fn received(&mut self, bytes: &[u8], io: &mut Io<'_>) {
        if self.state == State::Over {
            return;
        }
        let room = ANSWER_BYTES_MAX.saturating_sub(self.answer.len());
        self.answer.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
        self.advance_or_fail(io);
    }

    fn hashed(&mut self, md5: Result<String, TransferError>, io: &mut Io<'_>) {
        match md5 {
            Ok(md5) if self.state == State::Hashing => {
                self.md5 = md5;
                self.state = State::Sending;
                let head = head::with_length(head::upload(&self.name, self.len).as_bytes());
                io.step(Step::Stage(Stage::Moving));
                io.step(Step::SendFile { head });
            }
            Ok(_) => {}
            Err(error) => self.fail(error, io),
        }
    }

    fn file_sent(&mut self, io: &mut Io<'_>) {
        if self.state != State::Sending {
            return;
        }
        match self.form {
            UploadForm::WithMd5 => {
                self.state = State::WaitingForOk;
                io.step(Step::Stage(Stage::Checking));
                self.advance_or_fail(io);
            }
            UploadForm::PlainJson => {
                self.state = State::Over;
                io.step(Step::End(Ok(false)));
            }
        }
    }

    fn ended(&mut self, why: Option<TransferError>, io: &mut Io<'_>) {
        if std::mem::replace(&mut self.state, State::Over) == State::Over {
            return;
        }
        let found = shown(&self.answer);
        io.fail(why.unwrap_or_else(|| match found.as_str() {
            "" => TransferError::EndedEarly { have: 0, want: None },
            _ => TransferError::Answer { expected: "OK".to_owned(), found },
        }));
    }

    fn is_idle(&self) -> bool {
        self.state == State::Over
    }
}
