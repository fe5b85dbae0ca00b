//! `connect --commands`: each line of standard input is sent, and its answer is printed before the next line is read.

use super::Run;
use crate::capture::json::{AnswerLine, Line};
use crate::codec::{Encoding, StreamDecoder};
use crate::engine::{Command, SendItem, SendPlan};
use crate::jobs::thread::spawn_named;
use crate::model::{ErrorKind, NetError, Operation, Target, Ticket, TransferError};
use crate::transfer::{AnswerPart, AnswerReader, LengthForm};
use crate::words;
use crossbeam_channel::{Receiver, bounded, never};
use std::io::{self, BufRead, Read};

/// Tickets of commands; the command line's own sends count from 0.
const FIRST_TICKET: u64 = 1 << 33;
/// The longest line of standard input.
const LINE_BYTES_MAX: u64 = 64 << 10;
/// The most text of an answer in a JSON line.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// A line of standard input; `None` at its end.
pub(super) type Typed = io::Result<Option<String>>;

/// The commands of a client.
pub(super) struct Commands {
    encoding: Encoding,
    reader: AnswerReader,
    decoder: StreamDecoder,
    lines: Option<Receiver<Typed>>,
    sent: u64,
    /// The command whose answer is not complete.
    asked: Option<String>,
    /// Its text so far, for a JSON line, and its length in bytes.
    text: String,
    len: u64,
    /// The answer so far ends inside a line.
    in_line: bool,
    /// Standard input has ended.
    is_over: bool,
}

impl Commands {
    pub(super) fn new(form: LengthForm, encoding: Encoding) -> Self {
        Self {
            encoding,
            reader: AnswerReader::new(form),
            decoder: StreamDecoder::new(encoding),
            lines: None,
            sent: 0,
            asked: None,
            text: String::new(),
            len: 0,
            in_line: false,
            is_over: false,
        }
    }

    /// Whether an answer is missing.
    pub(super) fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    fn take(&mut self, part: &AnswerPart<'_>) -> (String, bool) {
        let mut text = String::new();
        match part {
            AnswerPart::Output(bytes) => {
                self.len += bytes.len() as u64;
                self.decoder.feed_text(bytes, &mut text);
                (text, false)
            }
            AnswerPart::End => {
                self.decoder.finish_text(&mut text);
                (text, true)
            }
        }
    }
}

impl Run {
    /// The lines of standard input while one is needed.
    pub(super) fn typed_lines(&mut self) -> Receiver<Typed> {
        let is_connected = self.first_peer.is_some() && !self.is_ending();
        let Some(commands) = &mut self.commands else { return never() };
        if !is_connected || commands.is_over || commands.is_waiting() {
            return never();
        }
        if commands.lines.is_none() {
            match read_lines() {
                Ok(lines) => commands.lines = Some(lines),
                Err(error) => {
                    commands.is_over = true;
                    self.fail(&NetError::from_io(Operation::ReadFile, "stdin", &error));
                    return never();
                }
            }
        }
        self.commands.as_ref().and_then(|commands| commands.lines.clone()).unwrap_or_else(never)
    }

    /// Sends a line, or ends after the last one.
    pub(super) fn take_line(&mut self, line: Typed) {
        let Some(commands) = &mut self.commands else { return };
        match line {
            Ok(Some(line)) => {
                let line = line.trim_end_matches(['\n', '\r']);
                if line.trim().is_empty() {
                    return;
                }
                match commands.encoding.encode(line) {
                    Ok(bytes) => {
                        commands.asked = Some(line.to_owned());
                        let ticket = Ticket(FIRST_TICKET + commands.sent);
                        commands.sent += 1;
                        let plan = SendPlan::once(vec![SendItem::bytes(bytes)]);
                        self.command(Command::Send { ticket, target: Target::Remote, plan });
                    }
                    Err(error) => {
                        self.failed = true;
                        let sentence = words::encode_error(&error, self.lang);
                        self.printer.print_warning(&sentence);
                    }
                }
            }
            Ok(None) => {
                commands.is_over = true;
                self.end();
            }
            Err(error) => {
                commands.is_over = true;
                self.fail(&NetError::from_io(Operation::ReadFile, "stdin", &error));
                self.end();
            }
        }
    }

    /// Reads received bytes as answers.
    pub(super) fn take_answer(&mut self, bytes: &[u8]) {
        let Some(mut commands) = self.commands.take() else { return };
        let mut reader = std::mem::replace(&mut commands.reader, AnswerReader::new(LengthForm::default()));
        let read = reader.read(bytes, |part| {
            let (text, ends) = commands.take(&part);
            self.print_answer(&mut commands, &text, ends);
        });
        commands.reader = reader;
        self.commands = Some(commands);
        if let Err(error) = read {
            self.fail_command(&error);
            self.end();
        }
    }

    fn print_answer(&mut self, commands: &mut Commands, text: &str, ends: bool) {
        if self.printer.show.json {
            let room = TEXT_BYTES_MAX.saturating_sub(commands.text.len());
            commands.text.push_str(text.get(..text.floor_char_boundary(room)).unwrap_or_default());
        } else {
            self.printer.out.push(crate::cli::streams::harmless(text).as_bytes());
            commands.in_line = if text.is_empty() { commands.in_line } else { !text.ends_with('\n') };
        }
        if !ends {
            return;
        }
        let asked = commands.asked.take();
        if self.printer.show.json {
            let line = AnswerLine { command: asked.as_deref(), len: commands.len, text: &commands.text };
            self.printer.out.line(&Line::Answer(line).to_text());
        } else if std::mem::take(&mut commands.in_line) {
            self.printer.out.push(b"\n");
        }
        self.printer.out.flush();
        commands.text.clear();
        commands.len = 0;
    }

    fn fail_command(&mut self, error: &TransferError) {
        self.failed = true;
        let sentence = words::transfer_error(error, self.lang);
        let error = NetError::new(Operation::Receive, ErrorKind::Other, self.endpoint.clone(), "");
        if self.printer.show.json {
            self.printer.out.line(&Line::error(&error, sentence).to_text());
        } else {
            self.printer.say(&sentence);
        }
    }

    /// The session is closed: an answer that did not come is a failure.
    pub(super) fn finish_commands(&mut self) {
        let waits = self.commands.as_ref().is_some_and(Commands::is_waiting);
        if waits && !self.failed {
            self.fail_command(&TransferError::EndedEarly { have: 0, want: None });
        }
    }
}

/// Reads standard input line by line on a thread of its own, at most one line ahead. A blocked read cannot be cancelled, so the thread
/// ends with the process.
fn read_lines() -> io::Result<Receiver<Typed>> {
    let (to_session, lines) = bounded(0);
    spawn_named("commands", move || {
        let mut input = io::stdin().lock();
        loop {
            let mut bytes = Vec::new();
            let read = input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes);
            let line = read.map(|count| (count > 0).then(|| String::from_utf8_lossy(&bytes).into_owned()));
            let goes_on = matches!(line, Ok(Some(_)));
            if to_session.send(line).is_err() || !goes_on {
                break;
            }
        }
    })?;
    Ok(lines)
}
