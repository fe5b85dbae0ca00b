//! A server that runs commands and answers with their output.

use super::{Io, Kind, Role, Stage, Step};
use crate::codec::Encoding;
use crate::model::{NameProblem, TransferError};
use crate::transfer::answer::LengthForm;

/// The longest command.
const COMMAND_BYTES_MAX: usize = 8 << 10;

/// The serving end of one connection.
#[derive(Debug)]
pub(in crate::transfer) struct CommandServer {
    form: LengthForm,
    encoding: Encoding,
    /// What was received and not run yet.
    line: Vec<u8>,
    is_running: bool,
    is_over: bool,
}

impl CommandServer {
    /// Commands are read in `encoding`; their output is sent as it is.
    pub(in crate::transfer) fn new(form: LengthForm, encoding: Encoding) -> Self {
        Self { form, encoding, line: Vec::new(), is_running: false, is_over: false }
    }

    /// Runs the first of the lines; `ends`: also one without a line break.
    fn run(&mut self, ends: bool, io: &mut Io<'_>) {
        while !self.is_running {
            let end = self.line.iter().position(|byte| *byte == b'\n');
            let (line, with_end) = match end {
                Some(end) => (end, end + 1),
                None if ends && !self.line.is_empty() => (self.line.len(), self.line.len()),
                None => return,
            };
            let text = self.encoding.decode(self.line.get(..line).unwrap_or_default());
            self.line.drain(..with_end);
            let command = text.trim();
            if !command.is_empty() {
                io.begin(Kind::Command, command, None);
                io.step(Step::Run(command.to_owned()));
                self.is_running = true;
            }
        }
    }
}

impl Role for CommandServer {
    fn start(&mut self, _io: &mut Io<'_>) {}

    fn received(&mut self, bytes: &[u8], io: &mut Io<'_>) {
        if self.is_over {
            return;
        }
        if self.line.len() + bytes.len() > COMMAND_BYTES_MAX {
            self.is_over = true;
            if !std::mem::take(&mut self.is_running) {
                io.begin(Kind::Command, "", None);
            }
            io.fail(NameProblem::TooLong.into());
            io.step(Step::HangUp);
            return;
        }
        self.line.extend_from_slice(bytes);
        self.run(false, io);
    }

    fn waits_for_quiet(&self) -> bool {
        !self.is_running && !self.is_over && !self.line.is_empty()
    }

    fn quiet(&mut self, io: &mut Io<'_>) {
        if !self.is_over {
            self.run(true, io);
        }
    }

    fn ran(&mut self, output: Result<Vec<u8>, TransferError>, io: &mut Io<'_>) {
        if !std::mem::take(&mut self.is_running) {
            return;
        }
        match output {
            Ok(output) => {
                io.step(Step::Total(output.len() as u64));
                io.step(Step::Stage(Stage::Moving));
                io.step(Step::Arrived(output.len() as u64));
                let length = self.form.write(output.len());
                io.step(match self.form {
                    LengthForm::Bytes => Step::Send([length, output].concat()),
                    LengthForm::Decimal => Step::SendApart(length, output),
                });
                io.step(Step::End(Ok(false)));
            }
            Err(error) => io.fail(error),
        }
        self.run(false, io);
    }

    fn ended(&mut self, why: Option<TransferError>, io: &mut Io<'_>) {
        self.is_over = true;
        if std::mem::take(&mut self.is_running) {
            io.fail(why.unwrap_or(TransferError::EndedEarly { have: 0, want: None }));
        }
    }

    fn is_idle(&self) -> bool {
        self.is_over || !self.is_running && self.line.is_empty()
    }
}
