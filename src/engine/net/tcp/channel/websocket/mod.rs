//! WebSocket over a lower channel (TCP or TLS): handshake, messages, and the frames that the protocol answers by itself.

mod handshake;

use super::{Channel, Established, Input, Report};
use crate::capture::PayloadForm;
use crate::codec::websocket::{Close, Decoder, Form, Frame, Oddity, Payload, Side, Step};
use crate::engine::send::queue::Outgoing;
use crate::model::{MessageForm, WebSocketConfig, WebSocketFault, random_bits};
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;

/// Payload of a frame that is sent; longer messages are several frames.
const BLOCK: usize = 256 << 10;
/// Bytes of a message that are gathered; longer messages are several records.
const PIECE: usize = 256 << 10;
/// Pings that wait for their pong. Further ones replace the oldest (RFC 6455, 5.5.3).
const ANSWERS: usize = 64;
/// The code of an ordinary end.
const NORMAL: u16 = 1000;
/// The code of a violation of the protocol.
const PROTOCOL_ERROR: u16 = 1002;

/// The layer of all connections of a run.
#[derive(Clone, Debug)]
pub(in crate::engine) struct WebSocketLayer {
    config: Rc<WebSocketConfig>,
    side: Side,
    /// The name of the server.
    host: Rc<str>,
}

impl WebSocketLayer {
    /// Of a client that connects to `host`.
    pub(in crate::engine) fn client(config: &WebSocketConfig, host: &str) -> Self {
        Self { config: Rc::new(config.clone()), side: Side::Client, host: host.into() }
    }

    /// Of a server.
    pub(in crate::engine) fn server(config: &WebSocketConfig) -> Self {
        Self { config: Rc::new(config.clone()), side: Side::Server, host: "".into() }
    }

    /// Puts it on a channel.
    pub(super) fn on(&self, below: Channel) -> WebSocket {
        WebSocket::new(self.clone(), below)
    }
}

/// A message or control frame that was read.
pub(in crate::engine::net::tcp) struct Message<'a> {
    pub(in crate::engine::net::tcp) form: PayloadForm,
    /// The message goes on.
    pub(in crate::engine::net::tcp) goes_on: bool,
    pub(in crate::engine::net::tcp) bytes: &'a [u8],
}

/// A frame that the protocol makes by itself.
struct Automatic {
    form: Form,
    payload: Vec<u8>,
}

/// A connection under WebSocket.
pub(in crate::engine::net::tcp) struct WebSocket {
    below: Box<Channel>,
    layer: WebSocketLayer,
    stage: handshake::Stage,
    /// What was read behind the handshake, or of a head that is not complete.
    early: Vec<u8>,
    decoder: Decoder,
    /// The beginning of the message that is read.
    message: Vec<u8>,
    message_form: PayloadForm,
    /// Frames that the channel below does not have.
    held: Vec<u8>,
    held_at: usize,
    /// Payload in `held` that no write has reported.
    committed: Option<usize>,
    /// The frame in `held` that the protocol made.
    automatic: Option<Automatic>,
    /// Such frames that follow.
    answers: VecDeque<Automatic>,
    /// Such frames that were sent and are not recorded.
    answered: Vec<Automatic>,
    /// The message that is sent has not ended.
    is_in_message: bool,
    has_sent_close: bool,
    has_read_close: bool,
    /// The payload of our close frame: what is queued is sent before it.
    owed: Vec<u8>,
    /// The oddities that were reported, so that each is reported once.
    seen: Vec<WebSocketFault>,
    reports: Vec<Report>,
}

impl WebSocket {
    fn new(layer: WebSocketLayer, below: Channel) -> Self {
        let peer = match layer.side {
            Side::Client => Side::Server,
            Side::Server => Side::Client,
        };
        Self {
            below: Box::new(below),
            stage: handshake::Stage::default(),
            early: Vec::new(),
            decoder: Decoder::new(peer),
            message: Vec::new(),
            message_form: PayloadForm::BINARY,
            held: Vec::new(),
            held_at: 0,
            committed: None,
            automatic: None,
            answers: VecDeque::new(),
            answered: Vec::new(),
            is_in_message: false,
            has_sent_close: false,
            has_read_close: false,
            owed: close_of(NORMAL),
            seen: Vec::new(),
            reports: Vec::new(),
            layer,
        }
    }

    pub(super) fn below(&self) -> &Channel {
        &self.below
    }

    pub(super) fn below_mut(&mut self) -> &mut Channel {
        &mut self.below
    }

    /// The form of a payload whose sender chose none.
    pub(super) fn form_of(&self, bytes: Option<&[u8]>) -> PayloadForm {
        let is_text = match self.layer.config.form {
            MessageForm::Text => true,
            MessageForm::Binary => false,
            MessageForm::Fitting => bytes.is_some_and(|bytes| std::str::from_utf8(bytes).is_ok()),
        };
        if is_text { PayloadForm::TEXT } else { PayloadForm::BINARY }
    }

    /// What happened beside the messages since the last call.
    pub(super) fn take_reports(&mut self) -> Vec<Report> {
        let mut reports = self.below.take_reports();
        reports.append(&mut self.reports);
        reports
    }

    fn warn(&mut self, fault: WebSocketFault) {
        let is_new = !self.seen.iter().any(|seen| std::mem::discriminant(seen) == std::mem::discriminant(&fault));
        if is_new {
            self.seen.push(fault.clone());
            self.reports.push(Report::WebSocketWarning(fault));
        }
    }

    /// Reads messages. `Input::count` is 0 at the end: the other side closed, or its stream ended.
    pub(super) fn read(&mut self, buffer: &mut [u8], sink: &mut dyn FnMut(Message<'_>)) -> io::Result<Input> {
        if self.has_read_close {
            return Ok(Input { count: 0, is_drained: true });
        }
        let input = if self.early.is_empty() {
            match self.below.read(buffer) {
                Ok(Input { count: 0, .. }) => {
                    let within = self.decoder.is_within();
                    self.rest(sink);
                    if within || !self.has_sent_close {
                        self.warn(WebSocketFault::NoClose { within });
                    }
                    self.has_read_close = true;
                    return Ok(Input { count: 0, is_drained: true });
                }
                Ok(input) => {
                    self.decode(&mut buffer[..input.count], sink);
                    input
                }
                Err(error) => {
                    if !matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted) {
                        self.rest(sink);
                    }
                    return Err(error);
                }
            }
        } else {
            let mut early = std::mem::take(&mut self.early);
            self.decode(&mut early, sink);
            Input { count: early.len(), is_drained: false }
        };
        Ok(if self.has_read_close { Input { count: 0, is_drained: true } } else { input })
    }

    /// Gives away the beginning of a message whose end does not come any more.
    pub(super) fn rest(&mut self, sink: &mut dyn FnMut(Message<'_>)) {
        if !self.message.is_empty() {
            let message = std::mem::take(&mut self.message);
            sink(Message { form: self.message_form, goes_on: true, bytes: &message });
        }
    }

    fn decode(&mut self, bytes: &mut [u8], sink: &mut dyn FnMut(Message<'_>)) {
        let mut at = 0;
        while !self.has_read_close {
            let (used, step) = self.decoder.step(&mut bytes[at..]);
            let part = at..at + used;
            at += used;
            match step {
                Step::More => break,
                Step::Head => {}
                Step::Payload(payload) => self.payload(payload, &bytes[part], sink),
                Step::Control(form, payload) => self.control(form, payload, sink),
                Step::Odd(oddity) => self.warn(fault_of(oddity)),
                Step::Lost => {
                    self.rest(sink);
                    self.owed = close_of(PROTOCOL_ERROR);
                    self.has_read_close = true;
                }
            }
        }
    }

    fn payload(&mut self, payload: Payload, bytes: &[u8], sink: &mut dyn FnMut(Message<'_>)) {
        if payload.begins {
            if !self.message.is_empty() {
                let message = std::mem::take(&mut self.message);
                sink(Message { form: self.message_form, goes_on: false, bytes: &message });
            }
            self.message_form = PayloadForm::of_opcode(payload.form.opcode());
        }
        let form = self.message_form;
        if self.message.is_empty() && payload.ends {
            sink(Message { form, goes_on: false, bytes });
            return;
        }
        self.message.extend_from_slice(bytes);
        if payload.ends {
            let message = std::mem::take(&mut self.message);
            sink(Message { form, goes_on: false, bytes: &message });
        } else if self.message.len() >= PIECE {
            let most = if form == PayloadForm::TEXT { whole_characters(&self.message) } else { self.message.len() };
            sink(Message { form, goes_on: true, bytes: &self.message[..most] });
            self.message.drain(..most);
        }
    }

    fn control(&mut self, form: Form, payload: Vec<u8>, sink: &mut dyn FnMut(Message<'_>)) {
        sink(Message { form: PayloadForm::of_opcode(form.opcode()), goes_on: false, bytes: &payload });
        match form {
            Form::Ping if !self.has_sent_close => {
                if self.answers.len() >= ANSWERS {
                    self.answers.pop_front();
                }
                self.answers.push_back(Automatic { form: Form::Pong, payload });
            }
            Form::Close => {
                self.rest(sink);
                self.has_read_close = true;
                let code = Close::of(&payload).code;
                self.owed = Close { code, ..Close::default() }.payload();
            }
            _ => {}
        }
    }

    /// Whether our side has sent its close frame, or is about to.
    pub(super) fn is_closing(&self) -> bool {
        self.has_sent_close && self.committed.is_none()
    }

    fn frame(&self, form: Option<Form>, ends: bool) -> Frame {
        let mask = (self.layer.side == Side::Client).then(|| (random_bits() as u32).to_be_bytes());
        Frame { form, ends, mask }
    }

    /// Writes a part of a message: how much of it the channel below has.
    pub(super) fn write(&mut self, bytes: &[u8], outgoing: Outgoing) -> io::Result<usize> {
        if self.committed.is_none() {
            self.flush()?;
            if self.has_sent_close {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.hold(bytes, outgoing);
        }
        self.flush_held()?;
        Ok(self.committed.take().unwrap_or(0))
    }

    fn hold(&mut self, bytes: &[u8], outgoing: Outgoing) {
        let form = outgoing.form.opcode().and_then(Form::of_opcode).unwrap_or(Form::Binary);
        if form.is_control() {
            self.frame(Some(form), true).write(bytes, &mut self.held);
            self.has_sent_close |= form == Form::Close;
            self.committed = Some(bytes.len());
            return;
        }
        let mut most = bytes.len().min(BLOCK);
        if most < bytes.len() && form == Form::Text {
            most = whole_characters(&bytes[..most]);
        }
        let part = &bytes[..most];
        if outgoing.begins && self.is_in_message {
            // The message before was cancelled.
            self.frame(None, true).write(&[], &mut self.held);
        }
        let ends = outgoing.ends && part.len() == bytes.len();
        let frame = self.frame(outgoing.begins.then_some(form), ends);
        frame.write(part, &mut self.held);
        self.is_in_message = !ends;
        self.committed = Some(part.len());
    }

    pub(super) fn take_committed(&mut self) -> usize {
        self.committed.take().unwrap_or(0)
    }

    /// The frames that the protocol has sent by itself since the last call.
    pub(super) fn take_answered(&mut self) -> Vec<(PayloadForm, Vec<u8>)> {
        let answered = std::mem::take(&mut self.answered);
        answered.into_iter().map(|own| (PayloadForm::of_opcode(own.form.opcode()), own.payload)).collect()
    }

    pub(super) fn holds_output(&self) -> bool {
        !self.held.is_empty() || !self.answers.is_empty() || self.below.holds_output()
    }

    /// Writes the bytes that are held, and the pongs and close frames that are due.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        loop {
            self.flush_held()?;
            if self.committed.is_some() {
                return Ok(());
            }
            let Some(next) = self.answers.pop_front() else { return Ok(()) };
            self.frame(Some(next.form), true).write(&next.payload, &mut self.held);
            self.automatic = Some(next);
        }
    }

    fn flush_held(&mut self) -> io::Result<()> {
        while self.held_at < self.held.len() {
            let count = self.below.write(&self.held[self.held_at..])?;
            if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
            self.held_at += count;
        }
        self.held.clear();
        self.held_at = 0;
        self.below.flush()?;
        self.answered.extend(self.automatic.take());
        Ok(())
    }

    /// Says that nothing follows. The other side answers with its close frame, and then the connection ends.
    pub(super) fn shut_down_write(&mut self) -> io::Result<()> {
        if !self.has_sent_close {
            self.has_sent_close = true;
            let payload = std::mem::take(&mut self.owed);
            self.answers.push_back(Automatic { form: Form::Close, payload });
        }
        self.flush()
    }
}

/// The payload of a close frame with this code.
fn close_of(code: u16) -> Vec<u8> {
    Close { code: Some(code), ..Close::default() }.payload()
}

/// The end of the layer below, once nothing more is read.
impl WebSocket {
    pub(super) fn finish(&mut self) {
        // The connection is closed in any case.
        self.below.shut_down_write().ok();
    }
}

/// The length of the longest beginning that ends with a whole character, if the bytes are UTF-8.
fn whole_characters(bytes: &[u8]) -> usize {
    let least = bytes.len().saturating_sub(3);
    match std::str::from_utf8(&bytes[least..]) {
        Ok(_) => bytes.len(),
        Err(_) => (least..bytes.len())
            .rev()
            .find(|at| bytes[*at] >= 0xC0)
            .filter(|at| *at > 0 && bytes.len() - at < width(bytes[*at]))
            .unwrap_or(bytes.len()),
    }
}

/// The length of the character that begins with this byte.
fn width(first: u8) -> usize {
    match first {
        0xF0.. => 4,
        0xE0.. => 3,
        _ => 2,
    }
}

fn fault_of(oddity: Oddity) -> WebSocketFault {
    match oddity {
        Oddity::NotMasked => WebSocketFault::NotMasked,
        Oddity::Masked => WebSocketFault::Masked,
        Oddity::ReservedBits(bits) => WebSocketFault::ReservedBits { bits },
        Oddity::ReservedOpcode(opcode) => WebSocketFault::ReservedOpcode { opcode },
        Oddity::NothingToContinue => WebSocketFault::NothingToContinue,
        Oddity::MessageNotEnded => WebSocketFault::MessageNotEnded,
        Oddity::SplitControl => WebSocketFault::SplitControl,
        Oddity::LongControl(len) => WebSocketFault::LongControl { len },
        Oddity::LongLength => WebSocketFault::LongLength,
        Oddity::BadLength => WebSocketFault::BadLength,
        Oddity::NotUtf8 => WebSocketFault::NotUtf8,
        Oddity::BadClose => WebSocketFault::BadClose,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_characters() {
        for (text, most) in [("ab", 2), ("a你", 4), ("a😀", 5)] {
            assert_eq!(whole_characters(text.as_bytes()), most, "{text}");
            for cut in 2..text.len() {
                assert_eq!(whole_characters(&text.as_bytes()[..cut]), 1, "{text} {cut}");
            }
        }
        assert_eq!(whole_characters(&[0x80; 9]), 9, "no text");
        assert_eq!(whole_characters(&[]), 0);
    }
}
