//! Converts the network fields of the left column to a configuration, or to errors per field.

use crate::gui::network::tls_form::{self, WrongTls};
use crate::model::{
    EndpointError, ErrorKind, HostPort, NetError, Operation, OptionListError, Protocol, Reconnect, SessionConfig,
    SocketOptions, TcpClientConfig, TcpServerConfig, UdpConfig,
};
use crate::settings::{ReconnectSetup, SessionSetup};
use crate::words::{self, Lang};
use std::time::Duration;

/// Time-out of a connect.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A field that can be invalid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    LocalAddress,
    LocalPort,
    RemoteAddress,
    RemotePort,
    Interval,
    Times,
    TargetAddress,
    UdpChunk,
    ReconnectFirst,
    ReconnectLongest,
    ReconnectTries,
    TlsAuthority,
    TlsFingerprint,
    TlsCertificates,
    Alpn,
    SocketOptions,
}

/// Why a field is invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// Not an address or port.
    Endpoint(EndpointError),
    /// Port 0 where a real port is needed.
    PortZero,
    /// Not a number in this range.
    Range(u64, u64),
    /// A name where an address is needed.
    NoLiteral,
    /// A name, which is resolved only when the session opens.
    NameWhileOpen,
    /// Not a number of seconds for a wait.
    Wait,
    /// The longest wait is shorter than the first one.
    BelowFirst,
    /// The name of a file is missing.
    NoFile,
    /// Not a SHA-256 fingerprint.
    Fingerprint,
    /// Not a list of protocols.
    Alpn,
    /// Not a list of socket options.
    Options(OptionListError),
    /// The system rejected the value.
    System(NetError),
}

impl FieldError {
    /// The message below the field.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Endpoint(error) => words::endpoint_error_brief(error, lang),
            Self::PortZero => lang.texts().port_above_zero().to_owned(),
            Self::Range(low, high) => lang.texts().whole_number_short(*low, *high),
            Self::NoLiteral => lang.texts().literal_address().to_owned(),
            Self::NameWhileOpen => lang.texts().literal_while_open().to_owned(),
            Self::Wait => lang.texts().seconds_of_wait().to_owned(),
            Self::BelowFirst => lang.texts().below_first_wait().to_owned(),
            Self::NoFile => lang.texts().tls_no_file().to_owned(),
            Self::Fingerprint => lang.texts().tls_no_fingerprint().to_owned(),
            Self::Alpn => lang.texts().tls_no_protocols().to_owned(),
            Self::Options(error) => words::socket_option_list_error(error, lang),
            Self::System(error) => words::error_cause(error, lang),
        }
    }
}

/// The errors of one form, at most one per field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldErrors(Vec<(Field, FieldError)>);

impl FieldErrors {
    /// The error of this field.
    pub fn get(&self, field: Field) -> Option<&FieldError> {
        self.0.iter().find(|(at, _)| *at == field).map(|(_, error)| error)
    }

    /// Sets the error of a field.
    pub fn set(&mut self, field: Field, error: FieldError) {
        self.clear(field);
        self.0.push((field, error));
    }

    /// Removes the error of a field, for example after it was edited.
    pub fn clear(&mut self, field: Field) {
        self.0.retain(|(at, _)| *at != field);
    }

    /// Adds the errors of another form.
    pub fn extend(&mut self, others: Self) {
        for (field, error) in others.0 {
            self.set(field, error);
        }
    }

    /// Removes the errors of all network fields.
    pub fn clear_network(&mut self) {
        self.0.retain(|(at, _)| matches!(at, Field::Interval | Field::Times | Field::TargetAddress | Field::UdpChunk));
    }

    /// No errors.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The remote address and port of the mode, as typed.
pub fn remote_fields(setup: &SessionSetup) -> (&str, &str) {
    match setup.protocol {
        Protocol::Udp => (&setup.target_address, &setup.target_port),
        Protocol::TcpServer | Protocol::TcpClient => (&setup.remote_address, &setup.remote_port),
    }
}

/// The port of a server or a UDP socket; `None`: a client, not a number, or chosen by the system.
pub fn own_port(setup: &SessionSetup) -> Option<u16> {
    let port = HostPort::from_fields("localhost", &setup.local_port).ok()?.port;
    (setup.protocol != Protocol::TcpClient && port > 0).then_some(port)
}

/// The error in the local address of a server or a UDP socket.
pub fn wrong_local(setup: &SessionSetup) -> Option<EndpointError> {
    let blank = |text: &str| text.trim().is_empty();
    let udp = setup.protocol == Protocol::Udp;
    let host = if udp && blank(&setup.local_address) { "0.0.0.0" } else { &setup.local_address };
    let port = if udp && blank(&setup.local_port) { "0" } else { &setup.local_port };
    if let Some((host, port)) = split_address(host) {
        return HostPort::from_fields(&host, &port).err();
    }
    HostPort::from_fields("localhost", port).err().or_else(|| HostPort::new(host, 1).err())
}

/// Splits an address with a port, as pasted from elsewhere (`192.168.1.20:502`, `[::1]:502`, `tcp://…`, with a full-width
/// colon). Returns `None` for an address without a port.
pub fn split_address(text: &str) -> Option<(String, String)> {
    let text = text.trim().replace('\u{ff1a}', ":");
    let at = text.parse::<crate::model::Endpoint>().ok()?.at;
    Some((at.host, at.port.to_string()))
}

/// Moves a port after an address of the form to its own field.
pub fn split_fields(setup: &mut SessionSetup) {
    let udp = setup.protocol == Protocol::Udp;
    let remote = if udp {
        (&mut setup.target_address, &mut setup.target_port)
    } else {
        (&mut setup.remote_address, &mut setup.remote_port)
    };
    // What is pasted as encrypted must not be sent in the clear.
    let mut is_tls = false;
    for (address, port) in [(&mut setup.local_address, &mut setup.local_port), remote] {
        if let Some(apart) = split_address(address) {
            is_tls |= address.trim().to_ascii_lowercase().starts_with("tls://");
            (*address, *port) = apart;
        }
    }
    setup.tls.is_on |= is_tls && !udp;
}

/// The target in the form of a UDP session, which may change while it is open; `None` = the peer that sent last.
///
/// # Errors
/// Each invalid field with its error.
pub fn udp_target(setup: &SessionSetup) -> Result<Option<HostPort>, FieldErrors> {
    let (address, port) = remote_fields(setup);
    if address.trim().is_empty() && port.trim().is_empty() {
        return Ok(None);
    }
    let mut errors = FieldErrors::default();
    match host_port((address, port, Field::RemoteAddress, Field::RemotePort), PortRule::Real, &mut errors) {
        Some(at) => Ok(Some(at)),
        None => Err(errors),
    }
}

/// The configuration from the fields.
///
/// # Errors
/// Each invalid field with its error.
pub fn config(setup: &SessionSetup) -> Result<SessionConfig, FieldErrors> {
    let (mut errors, mut wrong_tls) = (FieldErrors::default(), Vec::new());
    let local = || (&*setup.local_address, &*setup.local_port, Field::LocalAddress, Field::LocalPort);
    let remote = || {
        let (address, port) = remote_fields(setup);
        (address, port, Field::RemoteAddress, Field::RemotePort)
    };
    let config = match setup.protocol {
        Protocol::TcpServer => {
            let tls = tls_form::server(&setup.tls, &mut wrong_tls);
            let keep_half_open = setup.keep_half_open;
            host_port(local(), PortRule::AnyIfZero, &mut errors)
                .map(|local| TcpServerConfig { keep_half_open, tls, ..TcpServerConfig::new(local) })
                .map(SessionConfig::TcpServer)
        }
        Protocol::TcpClient => {
            let bind = if setup.bind_local { host_port(local(), PortRule::AnyIfEmpty, &mut errors) } else { None };
            let reconnect = reconnect(&setup.reconnect).unwrap_or_else(|wrong| {
                errors.extend(wrong);
                None
            });
            let tls = tls_form::client(&setup.tls, &mut wrong_tls);
            host_port(remote(), PortRule::Real, &mut errors).map(|remote| {
                SessionConfig::TcpClient(TcpClientConfig {
                    tls,
                    bind,
                    connect_timeout: CONNECT_TIMEOUT,
                    keep_half_open: setup.keep_half_open,
                    reconnect,
                    ..TcpClientConfig::new(remote)
                })
            })
        }
        Protocol::Udp => {
            let blank = |text: &str| text.trim().is_empty();
            let remote = if blank(&setup.target_address) && blank(&setup.target_port) {
                None
            } else {
                host_port(remote(), PortRule::Real, &mut errors)
            };
            // Without a local address, the target determines the address family. Without a target there is nothing to bind.
            let local = if blank(&setup.local_address) && remote.is_some() && blank(&setup.local_port) {
                None
            } else {
                host_port(local(), PortRule::AnyIfEmpty, &mut errors)
            };
            Some(SessionConfig::Udp(UdpConfig::new(local, remote)))
        }
    };
    for wrong in wrong_tls {
        match wrong {
            WrongTls::Authority => errors.set(Field::TlsAuthority, FieldError::NoFile),
            WrongTls::Fingerprint => errors.set(Field::TlsFingerprint, FieldError::Fingerprint),
            WrongTls::Certificates => errors.set(Field::TlsCertificates, FieldError::NoFile),
            WrongTls::Alpn => errors.set(Field::Alpn, FieldError::Alpn),
        }
    }
    // The form of a UDP socket does not show them.
    let typed = if setup.protocol == Protocol::Udp { "" } else { &setup.socket_options };
    let options = SocketOptions::of_list(typed, setup.protocol).unwrap_or_else(|error| {
        errors.set(Field::SocketOptions, FieldError::Options(error));
        SocketOptions::default()
    });
    match config {
        Some(mut config) if errors.is_empty() => {
            *config.options_mut() = options;
            Ok(config)
        }
        _ => Err(errors),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PortRule {
    /// 1–65535.
    Real,
    /// 0 = chosen by the system, but not empty.
    AnyIfZero,
    /// Empty or 0 = chosen by the system.
    AnyIfEmpty,
}

fn host_port(
    (host, port, host_field, port_field): (&str, &str, Field, Field),
    rule: PortRule,
    errors: &mut FieldErrors,
) -> Option<HostPort> {
    let port = if rule == PortRule::AnyIfEmpty && port.trim().is_empty() { "0" } else { port };
    // Report an invalid port even if the host is invalid too, so that the user can correct both at once.
    let port_error = HostPort::from_fields("localhost", port).err();
    let host_error = HostPort::new(host, 1).err();
    if let Some(error) = &port_error {
        let real = rule == PortRule::Real && matches!(error, EndpointError::Port(_));
        errors.set(port_field, if real { FieldError::PortZero } else { FieldError::Endpoint(error.clone()) });
    }
    if let Some(error) = &host_error {
        errors.set(host_field, FieldError::Endpoint(error.clone()));
    }
    let at = HostPort::from_fields(host, port).ok()?;
    if rule == PortRule::Real && at.port == 0 && at.unix_path().is_none() {
        errors.set(port_field, FieldError::PortZero);
        return None;
    }
    Some(at)
}

/// The field that caused an error of the run.
pub fn field_of(error: &NetError, protocol: Protocol) -> Option<Field> {
    match (error.operation, error.kind) {
        (Operation::Listen | Operation::Bind, ErrorKind::AddressInUse | ErrorKind::Permission) => {
            Some(Field::LocalPort)
        }
        (Operation::Listen | Operation::Bind, _) => Some(Field::LocalAddress),
        (Operation::Connect, ErrorKind::Refused) => Some(Field::RemotePort),
        (Operation::Connect, ErrorKind::Unreachable | ErrorKind::Timeout) => Some(Field::RemoteAddress),
        (Operation::Resolve, _) => {
            Some(if protocol == Protocol::TcpServer { Field::LocalAddress } else { Field::RemoteAddress })
        }
        _ => None,
    }
}

/// How a client connects again; `None`: not at all.
///
/// # Errors
/// Each invalid field with its error.
pub fn reconnect(setup: &ReconnectSetup) -> Result<Option<Reconnect>, FieldErrors> {
    if !setup.is_on {
        return Ok(None);
    }
    let mut errors = FieldErrors::default();
    let mut valid = |field, result: Result<Duration, FieldError>| result.map_err(|error| errors.set(field, error)).ok();
    let first = valid(Field::ReconnectFirst, wait(&setup.first));
    let longest = if setup.longest.trim().is_empty() {
        first
    } else {
        let longest = wait(&setup.longest);
        let is_below = longest.as_ref().is_ok_and(|longest| first.is_some_and(|first| *longest < first));
        valid(Field::ReconnectLongest, if is_below { Err(FieldError::BelowFirst) } else { longest })
    };
    let attempts = match setup.tries.trim() {
        "" | "∞" => None,
        tries => number(tries, 1, 1_000_000).map_err(|error| errors.set(Field::ReconnectTries, error)).ok(),
    };
    match (first, longest) {
        (Some(first), Some(longest)) if errors.is_empty() => {
            let attempts = attempts.and_then(|attempts| u32::try_from(attempts).ok());
            Ok(Some(Reconnect { first, longest, attempts }))
        }
        _ => Err(errors),
    }
}

/// A wait in seconds, from 0.1 s to a day.
fn wait(text: &str) -> Result<Duration, FieldError> {
    let seconds = text.trim().parse::<f64>().ok().filter(|seconds| (0.1..=86_400.0).contains(seconds));
    let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    // To whole milliseconds: 0.1 s has no exact binary fraction.
    let ms = wait.and_then(|wait| u64::try_from((wait.as_micros() + 500) / 1000).ok());
    ms.map(Duration::from_millis).ok_or(FieldError::Wait)
}

/// The interval of a repeat in ms.
///
/// # Errors
/// Not a whole number from 1 to 86,400,000 (a day).
pub fn interval(text: &str) -> Result<Duration, FieldError> {
    number(text, 1, 86_400_000).map(Duration::from_millis)
}

/// The number of rounds of a repeat; `None`: no limit.
///
/// # Errors
/// Not empty and not a whole number from 1 to a billion.
pub fn times(text: &str) -> Result<Option<u64>, FieldError> {
    if matches!(text.trim(), "" | "∞") {
        return Ok(None);
    }
    number(text, 1, 1_000_000_000).map(Some)
}

/// Parses a whole number in a range.
///
/// # Errors
/// Not a whole number in this range.
pub fn number(text: &str, low: u64, high: u64) -> Result<u64, FieldError> {
    text.trim().parse().ok().filter(|n| (low..=high).contains(n)).ok_or(FieldError::Range(low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(protocol: Protocol, local: (&str, &str), remote: (&str, &str)) -> SessionSetup {
        SessionSetup {
            protocol,
            local_address: local.0.into(),
            local_port: local.1.into(),
            remote_address: remote.0.into(),
            remote_port: remote.1.into(),
            target_address: remote.0.into(),
            target_port: remote.1.into(),
            ..SessionSetup::default()
        }
    }

    #[test]
    fn each_invalid_field_has_its_error() {
        let wrong = config(&setup(Protocol::TcpServer, ("a b", "65536"), ("", ""))).unwrap_err();
        assert_eq!(wrong.get(Field::LocalPort), Some(&FieldError::Endpoint(EndpointError::Port("65536".into()))));
        assert_eq!(wrong.get(Field::LocalAddress), Some(&FieldError::Endpoint(EndpointError::Host("a b".into()))));
        let wrong = config(&setup(Protocol::TcpClient, ("", ""), ("127.0.0.1", "0"))).unwrap_err();
        assert_eq!(wrong.get(Field::RemotePort), Some(&FieldError::PortZero));
        let wrong = config(&setup(Protocol::TcpServer, ("0.0.0.0", ""), ("", ""))).unwrap_err();
        assert_eq!(wrong.get(Field::LocalPort), Some(&FieldError::Endpoint(EndpointError::NoPort)));
    }

    #[test]
    fn a_client_uses_the_local_fields_only_if_enabled() {
        let mut client = setup(Protocol::TcpClient, ("10.0.0.1", "5000"), ("device", "80"));
        let SessionConfig::TcpClient(plain) = config(&client).unwrap() else { panic!("mode") };
        assert_eq!((plain.bind, plain.remote.to_string()), (None, "device:80".into()));
        client.bind_local = true;
        let SessionConfig::TcpClient(bound) = config(&client).unwrap() else { panic!("mode") };
        assert_eq!(bound.bind.map(|at| at.to_string()), Some("10.0.0.1:5000".into()));
    }

    #[test]
    fn udp_needs_no_target_and_no_local_port() {
        let SessionConfig::Udp(listener) = config(&setup(Protocol::Udp, ("::", ""), ("", ""))).unwrap() else {
            panic!("mode")
        };
        assert_eq!((listener.local.map(|at| at.to_string()), listener.remote), (Some("[::]:0".into()), None));
        let SessionConfig::Udp(sender) = config(&setup(Protocol::Udp, ("", ""), ("::1", "9000"))).unwrap() else {
            panic!("mode")
        };
        assert_eq!((sender.local, sender.remote.map(|at| at.to_string())), (None, Some("[::1]:9000".into())));
        assert!(config(&setup(Protocol::Udp, ("", ""), ("", ""))).is_err());
    }

    #[test]
    fn waits_are_seconds_and_the_longest_is_not_below_the_first() {
        let setup = |first: &str, longest: &str, tries: &str| ReconnectSetup {
            is_on: true,
            first: first.into(),
            longest: longest.into(),
            tries: tries.into(),
        };
        let policy = |first, longest, tries| reconnect(&setup(first, longest, tries)).unwrap().unwrap();
        let ms = Duration::from_millis;
        assert_eq!(policy("2", "", ""), Reconnect { first: ms(2000), longest: ms(2000), attempts: None });
        assert_eq!(policy(" 0.1 ", "30", "10"), Reconnect { first: ms(100), longest: ms(30_000), attempts: Some(10) });
        assert_eq!(reconnect(&ReconnectSetup { is_on: false, ..setup("x", "x", "x") }), Ok(None));
        for (first, longest, tries, field, error) in [
            ("0", "", "", Field::ReconnectFirst, FieldError::Wait),
            ("x", "1", "", Field::ReconnectFirst, FieldError::Wait),
            ("1e9", "", "", Field::ReconnectFirst, FieldError::Wait),
            ("NaN", "", "", Field::ReconnectFirst, FieldError::Wait),
            ("2", "1", "", Field::ReconnectLongest, FieldError::BelowFirst),
            ("2", "-1", "", Field::ReconnectLongest, FieldError::Wait),
            ("2", "", "0", Field::ReconnectTries, FieldError::Range(1, 1_000_000)),
        ] {
            let wrong = reconnect(&setup(first, longest, tries)).unwrap_err();
            assert_eq!(wrong.get(field), Some(&error), "{first} {longest} {tries}");
        }
    }

    #[test]
    fn rounds_are_a_number_or_without_limit() {
        assert_eq!((times(""), times(" ∞ "), times(" 3 ")), (Ok(None), Ok(None), Ok(Some(3))));
        for bad in ["0", "-1", "1.5", "x"] {
            assert!(times(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_interval_is_a_number_of_milliseconds() {
        assert_eq!(interval(" 250 "), Ok(Duration::from_millis(250)));
        for bad in ["", "0", "-1", "1.5", "x", "99999999999999999999"] {
            assert!(interval(bad).is_err(), "{bad}");
        }
    }
}
