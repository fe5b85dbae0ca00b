//! From the lines of a `session` block to the configuration of a session.

use super::casting;
use super::over::OpenSession;
use super::{tls, websocket};
use crate::codec::{Check, Encoding, FramingRule};
use crate::model::{
    Endpoint, HostPort, OptionName, Reconnect, SessionConfig, TcpClientConfig, TcpServerConfig, Transport, UdpConfig,
};
use crate::talk::error::{Error, ErrorKind};
use crate::talk::eval::FaultKind;
use crate::talk::tree::{Role, Session, SessionOption, Span, Text};
use std::time::Duration;

/// The time for an await that names none.
pub const WITHIN: Duration = Duration::from_secs(2);
/// The shortest wait before a client connects again, which is the engine's.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// The options of a session, beside those of its sockets ([`OptionName`]).
const OPTIONS: &[&str] = &[
    "frame",
    "verify",
    "encoding",
    "within",
    "reconnect",
    "bind",
    "keep-half-open",
    "connect-timeout",
    "start",
    "join",
    "ttl",
    "no-loop",
    "multicast-if",
    "broadcast",
    "tls-ca",
    "tls-insecure",
    "tls-fingerprint",
    "tls-name",
    "tls-cert",
    "tls-key",
    "tls-self-signed",
    "tls-client-ca",
    "tls-min",
    "tls-max",
    "alpn",
    "ws-protocol",
    "header",
    "ws-form",
];

/// How a session is opened and read.
#[derive(Clone, Debug, PartialEq)]
pub struct Opening {
    /// What is opened.
    pub config: SessionConfig,
    /// How received bytes are cut. `None`: TCP without `frame` is a stream.
    pub framing: Option<FramingRule>,
    /// The encoding of texts.
    pub encoding: Encoding,
    /// The time for an await that names none.
    pub within: Duration,
    /// It is opened by `open`, not at the start.
    pub is_later: bool,
}

impl Opening {
    /// The configuration of a session. `endpoint` is its address with values inserted.
    ///
    /// # Errors
    /// All options that are wrong.
    pub fn new(session: &Session, endpoint: &str) -> Result<Self, Vec<Error>> {
        let mut errors = Vec::new();
        let endpoint = match endpoint.parse::<Endpoint>() {
            Ok(endpoint) => endpoint,
            Err(error) => return Err(vec![Error { kind: ErrorKind::BadAddress(error), span: session.endpoint.span }]),
        };
        let mut opening = Self {
            config: config(session.role.value, endpoint),
            framing: None,
            encoding: Encoding::UTF_8,
            within: WITHIN,
            is_later: false,
        };
        let mut seen: Vec<&str> = Vec::new();
        let mut check = None;
        for option in &session.options {
            let name = option.name.value.as_str();
            if seen.contains(&name) && !["join", "header"].contains(&name) {
                errors.push(Error { kind: ErrorKind::OptionTwice(name.into()), span: option.span });
                continue;
            }
            seen.push(name);
            if let Err(error) = opening.set(option, &mut check) {
                errors.push(error);
            }
        }
        if let Some(check) = check {
            let mut rule = opening.framing.take().unwrap_or_else(FramingRule::as_received);
            rule.check = Some(check);
            opening.framing = Some(rule);
        }
        opening.framing = opening.framing.take().map(|rule| rule.in_encoding(opening.encoding));
        if websocket::has_messages(&opening.config) {
            opening.framing.get_or_insert_with(FramingRule::as_received);
        }
        if errors.is_empty() { Ok(opening) } else { Err(errors) }
    }

    /// For a session that is open. What the file says about reading it goes before what the front end says.
    pub(super) fn over(open: &OpenSession, of_file: Option<Self>) -> Self {
        let (framing, encoding) = (open.framing.clone(), open.encoding);
        let config = open.config.clone();
        let mut opening = match of_file {
            None => Self { config, framing, encoding: encoding.unwrap_or_default(), within: WITHIN, is_later: false },
            Some(own) if open.overrides => {
                let framing = framing.or(own.framing.clone());
                Self { config, framing, encoding: encoding.unwrap_or(own.encoding), ..own }
            }
            Some(own) => {
                let is_default = own.encoding == Encoding::UTF_8;
                let encoding = encoding.filter(|_| is_default).unwrap_or(own.encoding);
                Self { config, framing: own.framing.clone().or(framing), encoding, ..own }
            }
        };
        if websocket::has_messages(&opening.config) {
            opening.framing.get_or_insert_with(FramingRule::as_received);
        }
        opening
    }

    fn set(&mut self, option: &SessionOption, check: &mut Option<Check>) -> Result<(), Error> {
        let unknown = || {
            let name = option.name.value.clone();
            let all = OPTIONS.iter().copied().chain(OptionName::ALL.map(OptionName::name));
            let near = crate::talk::vocabulary::near(&name, all);
            Error { kind: ErrorKind::UnknownOption { option: name, near }, span: option.name.span }
        };
        match option.name.value.as_str() {
            "frame" => {
                let (text, span) = single(option)?;
                let rule = text.parse().map_err(|error| Error { kind: ErrorKind::BadRule(error), span })?;
                self.framing = Some(rule);
            }
            "verify" => {
                let (text, span) = single(option)?;
                let unknown = |_| Error { kind: ErrorKind::Fault(FaultKind::UnknownCheck(text.clone())), span };
                *check = Some(text.parse().map_err(unknown)?);
            }
            "encoding" => {
                let (text, span) = single(option)?;
                let unknown = || Error { kind: ErrorKind::UnknownEncoding(text.clone()), span };
                self.encoding = Encoding::by_name(&text).ok_or_else(unknown)?;
            }
            "within" => {
                let (text, span) = single(option)?;
                self.within = duration(&text, span)?;
            }
            "start" => match single(option)? {
                (text, _) if text == "later" => self.is_later = true,
                (_, span) => return Err(unexpected(option, span, &["later"])),
            },
            _ => return self.set_of_socket(option, unknown),
        }
        Ok(())
    }

    fn set_of_socket(&mut self, option: &SessionOption, unknown: impl Fn() -> Error) -> Result<(), Error> {
        if let Some(done) = tls::set(option, &mut self.config).or_else(|| websocket::set(option, &mut self.config)) {
            return done;
        }
        match (option.name.value.as_str(), &mut self.config) {
            ("reconnect", SessionConfig::TcpClient(client)) => client.reconnect = Some(reconnect(option)?),
            ("connect-timeout", SessionConfig::TcpClient(client)) => {
                let (text, span) = single(option)?;
                client.connect_timeout = duration(&text, span)?;
            }
            (
                "bind",
                SessionConfig::TcpClient(TcpClientConfig { bind, .. })
                | SessionConfig::Udp(UdpConfig { local: bind, .. }),
            ) => {
                let (text, span) = single(option)?;
                let wrong = |error| Error { kind: ErrorKind::BadAddress(error), span };
                let has_port =
                    text.rfind(':') > text.rfind(']') && text.matches(':').count() == 1 || text.contains("]:");
                *bind = Some(if has_port { text.parse() } else { HostPort::new(&text, 0) }.map_err(wrong)?);
            }
            ("keep-half-open", SessionConfig::TcpClient(TcpClientConfig { keep_half_open, .. }))
            | ("keep-half-open", SessionConfig::TcpServer(TcpServerConfig { keep_half_open, .. })) => {
                if let Some(extra) = option.values.first() {
                    return Err(unexpected(option, extra.text().span, &[]));
                }
                *keep_half_open = true;
            }
            (name, config) => {
                if let SessionConfig::Udp(udp) = config
                    && casting::set(name, option, &mut udp.cast)?
                {
                    return Ok(());
                }
                let fits = |option: &OptionName| option.fits(config.protocol()) && option.is_available();
                let Some(name) = OptionName::by_name(name).filter(fits) else { return Err(unknown()) };
                let (value, span) = single(option)?;
                let wrong = |form| Error { kind: ErrorKind::BadSocketOption { value: value.clone(), form }, span };
                config.options_mut().set(name, &value).map_err(wrong)?;
            }
        }
        Ok(())
    }
}

fn config(role: Role, endpoint: Endpoint) -> SessionConfig {
    let path = endpoint.layers.websocket.then(|| endpoint.path.clone());
    let mut config = config_below(role, endpoint);
    if let Some(path) = path {
        websocket::put_on(&mut config, path);
    }
    config
}

fn config_below(role: Role, endpoint: Endpoint) -> SessionConfig {
    if endpoint.layers.tls {
        return tls::config(role, endpoint.at);
    }
    match (endpoint.transport, role) {
        (Transport::Tcp, Role::Connect) => SessionConfig::TcpClient(TcpClientConfig::new(endpoint.at)),
        (Transport::Tcp, _) => SessionConfig::TcpServer(TcpServerConfig::new(endpoint.at)),
        (Transport::Udp, Role::Connect) => SessionConfig::Udp(UdpConfig::new(None, Some(endpoint.at))),
        (Transport::Udp, _) => SessionConfig::Udp(UdpConfig::new(Some(endpoint.at), None)),
    }
}

/// The only value of an option.
pub(super) fn single(option: &SessionOption) -> Result<(String, Span), Error> {
    match option.values.as_slice() {
        [value] => Ok((plain(value.text())?, value.text().span)),
        [] => Err(unexpected(option, option.span, &[])),
        [_, second, ..] => Err(unexpected(option, second.text().span, &[])),
    }
}

pub(super) fn plain(text: &Text) -> Result<String, Error> {
    let insertion = || Error { kind: ErrorKind::PatternOnly("{{…}}".into()), span: text.span };
    text.plain().map(str::to_owned).ok_or_else(insertion)
}

/// `reconnect FIRST[..LONGEST] [tries N]`.
fn reconnect(option: &SessionOption) -> Result<Reconnect, Error> {
    let (delays, tries) = match option.values.as_slice() {
        [delays] => (delays, None),
        [delays, word, tries] if word.text().plain() == Some("tries") => (delays, Some(tries)),
        [_, second, ..] => return Err(unexpected(option, second.text().span, &["tries"])),
        [] => return Err(unexpected(option, option.span, &[])),
    };
    let span = delays.text().span;
    let text = plain(delays.text())?;
    let (first, longest) = text.split_once("..").unwrap_or((&text, &text));
    let (first, longest) = (duration(first, span)?, duration(longest, span)?);
    if first < SHORTEST_WAIT || longest < first {
        return Err(Error { kind: ErrorKind::BadNumber(text), span });
    }
    let attempts = match tries {
        None => None,
        Some(tries) => {
            let text = plain(tries.text())?;
            let wrong = || Error { kind: ErrorKind::BadNumber(text.clone()), span: tries.text().span };
            Some(text.parse().ok().filter(|tries: &u32| *tries > 0).ok_or_else(wrong)?)
        }
    };
    Ok(Reconnect { first, longest, attempts })
}

/// A number with a unit: `20ms`, `1.5s`.
///
/// # Errors
/// It is not one.
pub(super) fn duration(text: &str, span: Span) -> Result<Duration, Error> {
    let fail = |kind| Err(Error { kind, span });
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(split);
    let Ok(number) = number.parse::<f64>() else { return fail(ErrorKind::BadNumber(text.into())) };
    let seconds = match unit {
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        "m" => 60.0,
        "h" => 3600.0,
        "" => return fail(ErrorKind::NoUnit(text.into())),
        other => return fail(ErrorKind::UnknownUnit(other.into())),
    };
    match Duration::try_from_secs_f64(number * seconds) {
        Ok(time) if time.as_secs() < 1_000_000_000 => Ok(time),
        _ => fail(ErrorKind::BadNumber(text.into())),
    }
}

pub(super) fn unexpected(option: &SessionOption, span: Span, expected: &'static [&'static str]) -> Error {
    use crate::talk::error::{Expected, Found};
    let expected = match expected {
        [] if option.values.is_empty() => Expected::Word,
        [] => Expected::EndOfStatement,
        words => Expected::OneOf(words),
    };
    let found = if span == option.span { Found::EndOfLine } else { Found::Text(option.name.value.clone()) };
    Error { kind: ErrorKind::Unexpected { found, expected }, span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::tree::TopKind;

    fn opening(source: &str) -> Result<Opening, Vec<Error>> {
        let parsed = crate::talk::parse(source);
        assert_eq!(parsed.errors, []);
        let TopKind::Session(session) = &parsed.file.tops[0].kind else { panic!("no session: {source}") };
        Opening::new(session, session.endpoint.plain().unwrap())
    }

    #[test]
    fn the_options_of_a_session() {
        let got = opening(
            "session connect tcp://127.0.0.1:502 {\n frame modbus-tcp\n reconnect 1s..30s tries 10\n encoding GBK\n within 500ms\n start later\n}",
        );
        let got = got.unwrap();
        let SessionConfig::TcpClient(client) = &got.config else { panic!("{got:?}") };
        let reconnect =
            Reconnect { first: Duration::from_secs(1), longest: Duration::from_secs(30), attempts: Some(10) };
        assert_eq!(client.reconnect, Some(reconnect));
        assert_eq!(got.framing, Some("modbus-tcp".parse().unwrap()));
        assert_eq!(got.encoding, Encoding::by_name("GBK").unwrap());
        assert_eq!((got.within, got.is_later), (Duration::from_millis(500), true));
    }

    #[test]
    fn the_options_of_its_sockets() {
        let got = opening(
            "session connect tcp://127.0.0.1:1 {\n ttl 5\n keep-alive 30s,5s,3\n send-buffer 64k\n no-delay off\n}",
        );
        let options = got.unwrap().config.options().clone();
        let given: Vec<_> = options.given().into_iter().map(|(option, value)| (option.name(), value)).collect();
        let wanted = [("no-delay", "off"), ("keep-alive", "30s,5s,3"), ("send-buffer", "65536"), ("ttl", "5")];
        assert_eq!(given, wanted.map(|(option, value)| (option, value.to_owned())));
        let errors = opening("session connect tcp://127.0.0.1:1 {\n ttl 0\n backlog 5\n tll 5\n}").unwrap_err();
        let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
        assert!(
            matches!(
                kinds.as_slice(),
                [
                    ErrorKind::BadSocketOption { .. },
                    ErrorKind::UnknownOption { .. },
                    ErrorKind::UnknownOption { near: Some("ttl"), .. }
                ]
            ),
            "{kinds:?}"
        );
    }

    #[test]
    fn a_stream_has_no_rule_and_datagrams_are_frames() {
        assert_eq!(opening("session connect tcp://127.0.0.1:1").unwrap().framing, None);
        assert_eq!(opening("session listen udp://127.0.0.1:0").unwrap().framing, Some(FramingRule::as_received()));
        let checked = opening("session listen tcp://127.0.0.1:0 { verify CRC-16/MODBUS }").unwrap().framing.unwrap();
        assert!(checked.check.is_some());
    }

    #[test]
    fn every_wrong_option_is_reported() {
        let source = "session listen tcp://127.0.0.1:0 {\n fram line\n within 5\n encoding nothing\n reconnect 1s\n frame no-rule\n within 1s\n}";
        let errors = opening(source).unwrap_err();
        let kinds: Vec<_> = errors.iter().map(|error| &error.kind).collect();
        assert!(
            matches!(
                kinds.as_slice(),
                [
                    ErrorKind::UnknownOption { near: Some("frame"), .. },
                    ErrorKind::NoUnit(_),
                    ErrorKind::UnknownEncoding(_),
                    ErrorKind::UnknownOption { .. },
                    ErrorKind::BadRule(_),
                    ErrorKind::OptionTwice(_),
                ]
            ),
            "{kinds:?}"
        );
        for error in &errors {
            assert!(error.span.start > 0 && error.span.end <= source.len());
        }
    }
}
