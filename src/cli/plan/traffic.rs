//! What is sent, answered and expected, as bytes.

use super::{SendStep, UDP_CHUNK_BYTES, optional_duration, optional_number};
use crate::cli::args::SessionArguments;
use crate::cli::conditions::Conditions;
use crate::cli::usage::UsageError;
use crate::codec::{Encoding, Pattern, escape, hex};
use crate::engine::{Reply, SHORTEST_INTERVAL, SendItem, SendPlan};
use crate::model::Transport;
use crate::words::{self, Lang};
use clap::ArgMatches;
use clap::parser::ValueSource;
use std::time::Duration;

/// How the texts of options become bytes.
pub(super) struct Texts {
    pub escape: bool,
    pub encoding: Encoding,
    pub lang: Lang,
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
        hex::parse(text).map_err(|error| UsageError::value(option, text, words::hex_error(&error, self.lang)))
    }
}

/// One send with its place on the command line.
enum Sent {
    Item(SendItem),
    Stdin,
}

pub(super) fn sends(
    arguments: &SessionArguments,
    given: Option<&ArgMatches>,
    texts: &Texts,
) -> Result<Vec<SendStep>, UsageError> {
    let lang = texts.lang;
    let places = |id: &str| given.and_then(|given| given.indices_of(id)).into_iter().flatten();
    let mut ordered: Vec<(usize, Sent)> = Vec::new();
    for (place, text) in places("send").zip(&arguments.send) {
        ordered.push((place, Sent::Item(SendItem::Bytes(texts.text("--send", text)?.into()))));
    }
    for (place, text) in places("send_hex").zip(&arguments.send_hex) {
        ordered.push((place, Sent::Item(SendItem::Bytes(texts.hex("--send-hex", text)?.into()))));
    }
    for (place, path) in places("send_file").zip(&arguments.send_file) {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        ordered.push((place, Sent::Item(SendItem::File { path, udp_chunk: UDP_CHUNK_BYTES })));
    }
    let on_line = given.is_some_and(|given| given.value_source("stdin") == Some(ValueSource::CommandLine));
    if arguments.stdin && on_line {
        ordered.extend(places("stdin").take(1).map(|place| (place, Sent::Stdin)));
    }
    ordered.sort_by_key(|(place, _)| *place);
    let every = optional_duration("--every", arguments.every.as_deref(), lang)?;
    let count = optional_number("--count", arguments.count.as_deref(), 1, lang)?;
    if let Some(option) = every.map(|_| "--every").or(count.map(|_| "--count")) {
        if arguments.stdin {
            return Err(UsageError::exclusive(option, "--stdin", lang));
        }
        if ordered.is_empty() {
            let reason = lang.pick("没有可循环的发送内容", "there is nothing to send that could be repeated");
            return Err(UsageError::option(option, reason));
        }
    }
    if every.is_some_and(|every| every < SHORTEST_INTERVAL) {
        let reason = lang.pick("间隔至少为 1ms", "the interval has to be at least 1ms");
        return Err(UsageError::value("--every", arguments.every.clone().unwrap_or_default(), reason));
    }
    let rounds = count.or(if every.is_some() { None } else { Some(1) });
    Ok(steps(ordered, every, rounds))
}

/// Neighbouring items become one list.
fn steps(ordered: Vec<(usize, Sent)>, every: Option<Duration>, rounds: Option<u64>) -> Vec<SendStep> {
    let mut steps = Vec::new();
    for (_, sent) in ordered {
        match (sent, steps.last_mut()) {
            (Sent::Stdin, _) => steps.push(SendStep::Stdin),
            (Sent::Item(item), Some(SendStep::List(list))) => list.items.push(item),
            (Sent::Item(item), _) => steps.push(SendStep::List(SendPlan { items: vec![item], every, rounds })),
        }
    }
    steps
}

pub(super) fn reply(arguments: &SessionArguments, texts: &Texts) -> Result<Option<Reply>, UsageError> {
    let given: Vec<&str> = [
        (arguments.echo, "--echo"),
        (arguments.reply.is_some(), "--reply"),
        (arguments.reply_hex.is_some(), "--reply-hex"),
        (arguments.reply_upper, "--reply-upper"),
    ]
    .into_iter()
    .filter_map(|(given, name)| given.then_some(name))
    .collect();
    if let [one, other, ..] = given[..] {
        return Err(UsageError::exclusive(one, other, texts.lang));
    }
    if let Some(text) = &arguments.reply {
        return Ok(Some(Reply::Fixed(texts.text("--reply", text)?.into())));
    }
    if let Some(text) = &arguments.reply_hex {
        return Ok(Some(Reply::Fixed(texts.hex("--reply-hex", text)?.into())));
    }
    Ok(if arguments.echo {
        Some(Reply::Echo)
    } else if arguments.reply_upper {
        Some(Reply::Upper)
    } else {
        None
    })
}

pub(super) fn conditions(
    arguments: &SessionArguments,
    transport: Transport,
    texts: &Texts,
) -> Result<Conditions, UsageError> {
    let lang = texts.lang;
    if arguments.until_closed && transport == Transport::Udp {
        return Err(UsageError::option(
            "--until-closed",
            lang.pick("不适用于 UDP：UDP 没有连接", "is not for UDP, which has no connections"),
        ));
    }
    let mut needles = Vec::new();
    for text in &arguments.expect {
        needles.push(needle("--expect", text, (&texts.text("--expect", text)?, Some(texts.encoding)), lang)?);
    }
    for text in &arguments.expect_hex {
        needles.push(needle("--expect-hex", text, (&texts.hex("--expect-hex", text)?, None), lang)?);
    }
    let until_bytes = optional_number("--until-bytes", arguments.until_bytes.as_deref(), 0, lang)?;
    Ok(Conditions::new(until_bytes, arguments.until_closed, needles))
}

fn needle(
    option: &str,
    text: &str,
    (bytes, encoding): (&[u8], Option<Encoding>),
    lang: Lang,
) -> Result<Pattern, UsageError> {
    if bytes.is_empty() {
        return Err(UsageError::value(option, text, lang.pick("不能为空", "cannot be empty")));
    }
    let pattern = Pattern::of_bytes(bytes, encoding);
    pattern.map_err(|error| UsageError::value(option, text, words::pattern_error(&error, lang)))
}
