//! Bytes of one direction to frames.

use super::{Close, Form, Oddity, Payload, Side, mask};
use std::collections::VecDeque;

/// Most bytes of a control frame (RFC 6455, 5.5).
pub const CONTROL_MAX: usize = 125;
/// Most bytes of a head.
const HEAD_MAX: usize = 14;

/// What the first bytes of the input are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nothing that can be used alone: more bytes must arrive. All of the input is used.
    More,
    /// Bytes of a frame's head, or of a control frame that is not complete.
    Head,
    /// The used bytes are payload of a message, now without mask. An empty message uses none.
    Payload(Payload),
    /// A complete control frame.
    Control(Form, Vec<u8>),
    /// The protocol is violated here. Uses no bytes.
    Odd(Oddity),
    /// [`Oddity::BadLength`] was reported: nothing more can be read. All of the input is used.
    Lost,
}

/// Reads the frames that one side sends.
#[derive(Debug)]
pub struct Decoder {
    side: Side,
    head: [u8; HEAD_MAX],
    head_len: usize,
    frame: Option<Open>,
    /// The message that continues.
    message: Option<Form>,
    /// Nothing of the message was returned yet.
    is_new: bool,
    text: Utf8,
    odd: VecDeque<Oddity>,
    is_lost: bool,
}

/// The frame whose payload is read.
#[derive(Debug)]
struct Open {
    form: Form,
    ends: bool,
    mask: Option<[u8; 4]>,
    done: u64,
    left: u64,
    /// Of a control frame.
    kept: Vec<u8>,
}

impl Decoder {
    /// Reads what this side sends, from the byte behind the handshake.
    #[must_use]
    pub fn new(side: Side) -> Self {
        Self {
            side,
            head: [0; HEAD_MAX],
            head_len: 0,
            frame: None,
            message: None,
            is_new: true,
            text: Utf8::default(),
            odd: VecDeque::new(),
            is_lost: false,
        }
    }

    /// The input ends within a frame or a message.
    #[must_use]
    pub fn is_within(&self) -> bool {
        self.head_len > 0 || self.frame.is_some() || self.message.is_some()
    }

    /// Reads the beginning of `input`, and returns how many bytes were used and what they are. Payload is unmasked where it is. Call it
    /// with the rest until it returns [`Step::More`] or [`Step::Lost`].
    pub fn step(&mut self, input: &mut [u8]) -> (usize, Step) {
        if let Some(oddity) = self.odd.pop_front() {
            self.is_lost |= oddity == Oddity::BadLength;
            return (0, Step::Odd(oddity));
        }
        if self.is_lost {
            return (input.len(), Step::Lost);
        }
        match self.frame.take() {
            None => self.step_head(input),
            Some(frame) if frame.form.is_control() => self.step_control(frame, input),
            Some(frame) => self.step_message(frame, input),
        }
    }

    fn step_head(&mut self, input: &[u8]) -> (usize, Step) {
        let mut used = 0;
        while let Some(byte) = input.get(used) {
            self.head[self.head_len] = *byte;
            self.head_len += 1;
            used += 1;
            if self.head_len == head_len(&self.head[..self.head_len]) {
                self.head_len = 0;
                self.begin();
                return (used, Step::Head);
            }
        }
        (used, Step::More)
    }

    /// A head is complete.
    fn begin(&mut self) {
        let [first, second, rest @ ..] = self.head;
        let (len, key_at) = match second & 0x7F {
            126 => (u64::from(u16::from_be_bytes([rest[0], rest[1]])), 2),
            127 => {
                let mut bytes = [0; 8];
                bytes.copy_from_slice(&rest[..8]);
                (u64::from_be_bytes(bytes), 8)
            }
            len => (u64::from(len), 0),
        };
        if len >> 63 != 0 {
            self.odd.push_back(Oddity::BadLength);
            return;
        }
        let is_masked = second & 0x80 != 0;
        let mask = is_masked.then(|| [rest[key_at], rest[key_at + 1], rest[key_at + 2], rest[key_at + 3]]);
        match (self.side, is_masked) {
            (Side::Client, false) => self.odd.push_back(Oddity::NotMasked),
            (Side::Server, true) => self.odd.push_back(Oddity::Masked),
            _ => {}
        }
        if first & 0x70 != 0 {
            self.odd.push_back(Oddity::ReservedBits(first >> 4 & 7));
        }
        let is_long = match second & 0x7F {
            126 => len < 126,
            127 => len <= u64::from(u16::MAX),
            _ => false,
        };
        if is_long {
            self.odd.push_back(Oddity::LongLength);
        }
        let ends = first & 0x80 != 0;
        let form = self.form_of(first & 0x0F, ends, len);
        self.frame = Some(Open { form, ends: ends || form.is_control(), mask, done: 0, left: len, kept: Vec::new() });
    }

    fn form_of(&mut self, opcode: u8, ends: bool, len: u64) -> Form {
        let form = Form::of_opcode(opcode);
        if let Some(control) = form.filter(|form| form.is_control()) {
            if !ends {
                self.odd.push_back(Oddity::SplitControl);
            }
            if len > CONTROL_MAX as u64 {
                self.odd.push_back(Oddity::LongControl(len));
            }
            return control;
        }
        if let (0, Some(message)) = (opcode, self.message) {
            return message;
        }
        match (opcode, form) {
            (0, _) => self.odd.push_back(Oddity::NothingToContinue),
            (_, None) => self.odd.push_back(Oddity::ReservedOpcode(opcode)),
            (_, Some(_)) => {}
        }
        if self.message.is_some() {
            self.odd.push_back(Oddity::MessageNotEnded);
        }
        let form = form.unwrap_or(Form::Binary);
        (self.message, self.is_new, self.text) = (Some(form), true, Utf8::default());
        form
    }

    fn step_control(&mut self, mut frame: Open, input: &mut [u8]) -> (usize, Step) {
        let used = shorter(frame.left, input.len());
        let part = &mut input[..used];
        frame.unmask(part);
        let room = CONTROL_MAX - frame.kept.len();
        frame.kept.extend_from_slice(&part[..used.min(room)]);
        if frame.left > 0 {
            self.frame = Some(frame);
            return (used, if input.is_empty() { Step::More } else { Step::Head });
        }
        if frame.form == Form::Close && !Close::is_good(&frame.kept) {
            self.odd.push_back(Oddity::BadClose);
        }
        (used, Step::Control(frame.form, frame.kept))
    }

    fn step_message(&mut self, mut frame: Open, input: &mut [u8]) -> (usize, Step) {
        let used = shorter(frame.left, input.len());
        if used == 0 && frame.left > 0 {
            self.frame = Some(frame);
            return (0, Step::More);
        }
        let part = &mut input[..used];
        frame.unmask(part);
        let ends = frame.ends && frame.left == 0;
        if frame.form == Form::Text && !self.text.feed(part, ends) {
            self.odd.push_back(Oddity::NotUtf8);
        }
        let payload = Payload { form: frame.form, begins: self.is_new, ends };
        let is_silent = used == 0 && !ends;
        self.is_new &= is_silent;
        if ends {
            self.message = None;
        }
        if frame.left > 0 {
            self.frame = Some(frame);
        }
        // An empty frame in the middle of a message.
        (used, if is_silent { Step::Head } else { Step::Payload(payload) })
    }
}

impl Open {
    fn unmask(&mut self, part: &mut [u8]) {
        if let Some(key) = self.mask {
            mask(part, key, self.done);
        }
        self.done += part.len() as u64;
        self.left -= part.len() as u64;
    }
}

/// The smaller one of the bytes that are left of a frame and the bytes that are there.
fn shorter(left: u64, there: usize) -> usize {
    usize::try_from(left).map_or(there, |left| left.min(there))
}

/// Length of the head that begins so, as far as it is known.
fn head_len(head: &[u8]) -> usize {
    let Some(second) = head.get(1) else { return 2 };
    let len = match second & 0x7F {
        126 => 4,
        127 => 10,
        _ => 2,
    };
    if second & 0x80 == 0 { len } else { len + 4 }
}

/// Whether a text is UTF-8, as far as it was read.
#[derive(Debug, Default)]
struct Utf8 {
    /// The beginning of a character.
    open: Vec<u8>,
    is_wrong: bool,
}

impl Utf8 {
    /// Reads on; `ends`: the text ends here. Returns false once, when it is not UTF-8.
    fn feed(&mut self, mut part: &[u8], ends: bool) -> bool {
        if self.is_wrong {
            return true;
        }
        while !self.open.is_empty()
            && let Some((first, rest)) = part.split_first()
        {
            self.open.push(*first);
            part = rest;
            match std::str::from_utf8(&self.open) {
                Ok(_) => self.open.clear(),
                Err(error) if error.error_len().is_some() => return self.wrong(),
                Err(_) => {}
            }
        }
        if self.open.is_empty()
            && let Err(error) = std::str::from_utf8(part)
        {
            if error.error_len().is_some() {
                return self.wrong();
            }
            self.open.extend_from_slice(&part[error.valid_up_to()..]);
        }
        if ends && !self.open.is_empty() { self.wrong() } else { true }
    }

    fn wrong(&mut self) -> bool {
        self.is_wrong = true;
        false
    }
}
