//! Converts what is sent, replied and expected to bytes.

use super::template;
use super::wrapping::Wrapping;
use super::{SendStep, StreamSource, optional_duration, optional_number};
use crate::capture::PayloadForm;
use crate::cli::args::{SessionArguments, WebSocketArguments};
use crate::cli::conditions::{Conditions, Wanted, Wishes};
use crate::cli::usage::UsageError;
use crate::cli::values;
use crate::codec::{Encoding, FramingRule, Pattern, PatternError, PatternSource, escape, hex, hexdump};
use crate::engine::{DATAGRAM_BYTES_MAX, Replies, Reply, SHORTEST_INTERVAL, SendItem, SendPace, SendPlan};
use crate::model::Transport;
use crate::talk::template::{Notation, may_have_fields};
use crate::words::{self, Lang};
use clap::ArgMatches;
use clap::parser::ValueSource;
use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

/// How option texts are converted to bytes.
pub(super) struct Texts {
    pub escape: bool,
    /// `--template`.
    pub template: bool,
    pub encoding: Encoding,
    pub wrapping: Wrapping,
    pub lang: Lang,
    /// Remarks about ambiguous input, one per line.
    pub remarks: RefCell<Vec<String>>,
}

impl Texts {
    fn text(&self, option: &str, text: &str) -> Result<Vec<u8>, UsageError> {
        let encoded = if self.escape {
            escape::encode_escaped(text, self.encoding).map_err(|error| words::escape_error(&error, self.lang))
        } else {
            self.encoding.encode(text).map_err(|error| words::encode_error(&error, self.lang))
        };
        encoded.map_err(|reason| UsageError::value(option, text, reason))
    }

    fn hex(&self, option: &str, text: &str) -> Result<Vec<u8>, UsageError> {
        let typed = hexdump::parse(text)
            .map_err(|error| UsageError::value(option, text, words::hex_error(&error, self.lang)))?;
        let odd = if typed.is_dump { None } else { hex::odd_digit(text) };
        let (texts, len) = (self.lang.texts(), typed.bytes.len() as u64);
        let remark = match odd {
            Some(digit) => Some(texts.single_digit(option, digit)),
            None => typed.is_dump.then(|| texts.hexdump_given(option, texts.hexdump_recognised(), len)),
        };
        self.remarks.borrow_mut().extend(remark);
        Ok(typed.bytes)
    }
}

impl Texts {
    /// The bytes to send for a text.
    fn text_to_send(&self, option: &str, text: &str) -> Result<Vec<u8>, UsageError> {
        self.wrapping.build(option, text, self.text(option, text)?, self.lang)
    }

    /// The bytes to send for hex.
    fn hex_to_send(&self, option: &str, text: &str) -> Result<Vec<u8>, UsageError> {
        self.wrapping.build(option, text, self.hex(option, text)?, self.lang)
    }
}

impl Texts {
    /// The item to send for a text.
    fn text_item(&self, text: &str) -> Result<SendItem, UsageError> {
        let option = "--send";
        if !self.template {
            return Ok(SendItem::bytes(self.text_to_send(option, text)?));
        }
        let notation = if self.escape { Notation::Escaped } else { Notation::Plain };
        self.templated(option, text, notation)
    }

    /// The item to send for hex.
    fn hex_item(&self, text: &str) -> Result<SendItem, UsageError> {
        let option = "--send-hex";
        if !self.template || !may_have_fields(text) {
            return Ok(SendItem::bytes(self.hex_to_send(option, text)?));
        }
        self.templated(option, text, Notation::Hex)
    }

    fn templated(&self, option: &str, text: &str, notation: Notation) -> Result<SendItem, UsageError> {
        let item = template::item(text, notation, self.encoding, &self.wrapping);
        let (item, first) =
            item.map_err(|error| UsageError::value(option, text, words::template_error(&error, self.lang)))?;
        self.wrapping.build(option, text, first, self.lang)?;
        Ok(item)
    }
}

/// A send with its position on the command line.
enum Sent {
    Item(SendItem),
    Stream(StreamSource),
}

/// Datagram size for splitting files and streams; `None` if they are not split.
pub(super) fn datagram_size(
    arguments: &SessionArguments,
    transport: Transport,
    lang: Lang,
) -> Result<Option<u32>, UsageError> {
    let option = "--datagram-size";
    let Some(text) = &arguments.datagram_size else { return Ok(None) };
    let most = u64::from(DATAGRAM_BYTES_MAX);
    let size = optional_number(option, Some(text), 1, lang)?.filter(|size| *size <= most);
    let size = size
        .and_then(|size| u32::try_from(size).ok())
        .ok_or_else(|| UsageError::value(option, text, lang.texts().should_be_datagram_size()))?;
    if transport != Transport::Udp {
        return Err(UsageError::option(option, lang.texts().for_udp_only()));
    }
    if arguments.send_file.is_empty() && !arguments.stdin {
        let reason = lang.texts().nothing_to_cut();
        return Err(UsageError::option(option, reason));
    }
    Ok(Some(size))
}

/// Whether it is a pipe or device, which has no length and cannot be read twice.
fn is_stream(path: &Path) -> bool {
    path.metadata().is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir())
}

pub(super) fn sends(
    (arguments, websocket): (&SessionArguments, &WebSocketArguments),
    given: Option<&ArgMatches>,
    (datagram_size, pace): (Option<u32>, Option<SendPace>),
    texts: &Texts,
) -> Result<Vec<SendStep>, UsageError> {
    let lang = texts.lang;
    let places = |id: &str| given.and_then(|given| given.indices_of(id)).into_iter().flatten();
    let mut ordered: Vec<(usize, Sent)> = Vec::new();
    for (place, text) in places("send").zip(&arguments.send) {
        ordered.push((place, Sent::Item(texts.text_item(text)?.in_form(PayloadForm::TEXT))));
    }
    for (place, text) in places("send_hex").zip(&arguments.send_hex) {
        ordered.push((place, Sent::Item(texts.hex_item(text)?.in_form(PayloadForm::BINARY))));
    }
    for (place, text) in places("ws_ping").zip(&websocket.ws_ping) {
        let item = SendItem::bytes(super::websocket::ping(text, lang)?).in_form(PayloadForm::PING);
        ordered.push((place, Sent::Item(item)));
    }
    for (place, path) in places("send_file").zip(&arguments.send_file) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        let sent = if is_stream(&path) {
            Sent::Stream(StreamSource::Path(path))
        } else {
            Sent::Item(SendItem::file(path, datagram_size).paced(pace.unwrap_or_default()))
        };
        ordered.push((place, sent));
    }
    let on_line = given.is_some_and(|given| given.value_source("stdin") == Some(ValueSource::CommandLine));
    if arguments.stdin && on_line {
        ordered.extend(places("stdin").take(1).map(|place| (place, Sent::Stream(StreamSource::Stdin))));
    }
    ordered.sort_by_key(|(place, _)| *place);
    let every = optional_duration("--every", arguments.every.as_deref(), lang)?;
    let count = optional_number("--count", arguments.count.as_deref(), 1, lang)?;
    if let Some(option) = every.map(|_| "--every").or(count.map(|_| "--count")) {
        if arguments.stdin {
            return Err(UsageError::exclusive(option, "--stdin", lang));
        }
        if let Some(path) = arguments.send_file.iter().find(|path| is_stream(path)) {
            let reason = lang.texts().read_only_once(option);
            return Err(UsageError::file("--send-file", path, reason));
        }
        if ordered.is_empty() {
            let reason = lang.texts().nothing_to_repeat();
            return Err(UsageError::option(option, reason));
        }
    }
    if every.is_some_and(|every| every < SHORTEST_INTERVAL) {
        let reason = lang.texts().interval_too_short();
        return Err(UsageError::value("--every", arguments.every.clone().unwrap_or_default(), reason));
    }
    let rounds = count.or(if every.is_some() { None } else { Some(1) });
    Ok(steps(ordered, every, rounds))
}

/// Combines consecutive items into lists.
fn steps(ordered: Vec<(usize, Sent)>, every: Option<Duration>, rounds: Option<u64>) -> Vec<SendStep> {
    let mut steps = Vec::new();
    for (_, sent) in ordered {
        match (sent, steps.last_mut()) {
            (Sent::Stream(source), _) => steps.push(SendStep::Stream(source)),
            (Sent::Item(item), Some(SendStep::List(list))) => list.items.push(item),
            (Sent::Item(item), _) => steps.push(SendStep::List(SendPlan { items: vec![item], every, rounds })),
        }
    }
    steps
}

/// The replies, which answer each frame that `framing` cuts.
pub(super) fn replies(
    arguments: &SessionArguments,
    framing: Option<&FramingRule>,
    texts: &Texts,
) -> Result<Replies, UsageError> {
    let given: Vec<&str> = [
        (arguments.echo, "--echo"),
        (arguments.reply.is_some(), "--reply"),
        (arguments.reply_hex.is_some(), "--reply-hex"),
        (arguments.reply_upper, "--reply-upper"),
        (arguments.talk.is_some(), "--talk"),
    ]
    .into_iter()
    .filter_map(|(given, name)| given.then_some(name))
    .collect();
    if let [one, other, ..] = given[..] {
        return Err(UsageError::exclusive(one, other, texts.lang));
    }
    let then = if let Some(text) = &arguments.reply {
        Some(Reply::Fixed(texts.text_to_send("--reply", text)?.into()))
    } else if let Some(text) = &arguments.reply_hex {
        Some(Reply::Fixed(texts.hex_to_send("--reply-hex", text)?.into()))
    } else if arguments.echo {
        Some(Reply::Echo)
    } else {
        arguments.reply_upper.then_some(Reply::Upper)
    };
    let replies = then.map(Replies::from).unwrap_or_default();
    Ok(Replies { framing: framing.cloned().unwrap_or_default(), ..replies })
}

pub(super) fn conditions(
    arguments: &SessionArguments,
    transport: Transport,
    framing: Option<&FramingRule>,
    texts: &Texts,
) -> Result<Conditions, UsageError> {
    let lang = texts.lang;
    let framed = arguments.frames.frame.is_some();
    if arguments.until_closed && transport == Transport::Udp {
        return Err(UsageError::option("--until-closed", lang.texts().not_for_udp()));
    }
    if arguments.until_frames.is_some() && !framed {
        let reason = lang.texts().needs_frame();
        return Err(UsageError::option("--until-frames", reason));
    }
    if arguments.fail_on_bad && framing.is_none_or(|rule| rule.check.is_none()) {
        let reason = lang.texts().nothing_to_verify();
        return Err(UsageError::option("--fail-on-bad", reason));
    }
    let refused = |option: &str, text: &str, error: &PatternError| {
        UsageError::value(option, text, values::pattern_reason(error, lang))
    };
    let of_text = |option: &str, text: &str| {
        let bytes = texts.text(option, text)?;
        Pattern::of_bytes(&bytes, Some(texts.encoding)).map_err(|error| refused(option, text, &error))
    };
    let of_hex = |option: &str, text: &str| {
        Pattern::of_bytes(&texts.hex(option, text)?, None).map_err(|error| refused(option, text, &error))
    };
    let of_regex = |option: &str, text: &str| {
        Pattern::new(&PatternSource::Regex(text.to_owned())).map_err(|error| refused(option, text, &error))
    };
    let mut expect = wanted("--expect", &arguments.expect, of_text)?;
    expect.extend(wanted("--expect-hex", &arguments.expect_hex, of_hex)?);
    expect.extend(wanted("--expect-regex", &arguments.expect_regex, of_regex)?);
    let mut expect_not = wanted("--expect-not", &arguments.expect_not, of_text)?;
    expect_not.extend(wanted("--expect-not-hex", &arguments.expect_not_hex, of_hex)?);
    Ok(Conditions::new(Wishes {
        until_bytes: optional_number("--until-bytes", arguments.until_bytes.as_deref(), 0, lang)?,
        until_frames: optional_number("--until-frames", arguments.until_frames.as_deref(), 1, lang)?,
        until_closed: arguments.until_closed,
        expect,
        expect_not,
        fail_on_bad: arguments.fail_on_bad,
        framed,
    }))
}

/// The patterns of one option.
fn wanted(
    option: &'static str,
    values: &[String],
    read: impl Fn(&str, &str) -> Result<Pattern, UsageError>,
) -> Result<Vec<Wanted>, UsageError> {
    let one = |value: &String| Ok(Wanted { option, value: value.clone(), pattern: read(option, value)? });
    values.iter().map(one).collect()
}
