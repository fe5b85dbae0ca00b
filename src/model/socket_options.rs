//! Options of the sockets of a session. The same names and values are used on the command line, in talk files, in settings and
//! in JSON.

use super::Protocol;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// An option.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OptionName {
    /// `SO_REUSEADDR`.
    ReuseAddress,
    /// `TCP_NODELAY`: small writes are sent at once.
    NoDelay,
    /// `SO_KEEPALIVE` with the times of its probes.
    KeepAlive,
    /// `SO_SNDBUF`.
    SendBuffer,
    /// `SO_RCVBUF`.
    ReceiveBuffer,
    /// `IP_TTL`, for IPv6 the hop limit.
    Ttl,
    /// `IP_TOS`, for IPv6 the traffic class.
    Tos,
    /// `SO_LINGER` with no time: a local close resets the connection.
    ResetOnClose,
    /// How many connections may wait to be accepted.
    Backlog,
    /// `IPV6_V6ONLY`: whether an IPv6 address serves IPv6 only.
    OnlyV6,
    /// The interface that is used, whatever the routes say (`SO_BINDTODEVICE`).
    Interface,
}

/// The probes of an idle connection. Systems count whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeepAlive {
    /// Silence before the first probe.
    pub idle: Duration,
    /// Time between probes; `None`: the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Duration>,
    /// Unanswered probes until the connection counts as lost; `None`: the system's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// What to do about keep-alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Probing {
    /// No probes: a peer that vanishes is noticed only when something is sent.
    Off,
    /// Probes at these times.
    On(KeepAlive),
}

/// Options of the sockets of a session. `None`: as without this option.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SocketOptions {
    /// See [`OptionName::ReuseAddress`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reuse_address: Option<bool>,
    /// See [`OptionName::NoDelay`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub no_delay: Option<bool>,
    /// See [`OptionName::KeepAlive`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_alive: Option<Probing>,
    /// Bytes. See [`OptionName::SendBuffer`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub send_buffer: Option<u32>,
    /// Bytes. See [`OptionName::ReceiveBuffer`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receive_buffer: Option<u32>,
    /// See [`OptionName::Ttl`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u8>,
    /// See [`OptionName::Tos`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos: Option<u8>,
    /// See [`OptionName::ResetOnClose`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reset_on_close: Option<bool>,
    /// See [`OptionName::Backlog`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backlog: Option<u32>,
    /// See [`OptionName::OnlyV6`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_v6: Option<bool>,
    /// See [`OptionName::Interface`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
}

/// The form of the values of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionForm {
    /// `on` or `off`.
    Switch,
    /// A whole number between these, both included.
    Number(u32, u32),
    /// Bytes: a number, or one with k or M (1024), between these.
    Bytes(u32, u32),
    /// `off` or `IDLE[,INTERVAL[,COUNT]]`, times in whole seconds: `30s,5s,3`.
    KeepAlive,
    /// The name of an interface.
    Interface,
}

impl KeepAlive {
    /// How long a silent peer counts as alive. What is not set is the default of Linux.
    #[must_use]
    pub fn limit(&self) -> Duration {
        let interval = self.interval.unwrap_or(Duration::from_secs(75));
        self.idle.saturating_add(interval.saturating_mul(self.count.unwrap_or(9)))
    }
}

impl OptionName {
    /// All options, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::NoDelay,
        Self::KeepAlive,
        Self::SendBuffer,
        Self::ReceiveBuffer,
        Self::ResetOnClose,
        Self::Backlog,
        Self::ReuseAddress,
        Self::OnlyV6,
        Self::Interface,
        Self::Ttl,
        Self::Tos,
    ];

    /// The name on the command line (behind `--`), in talk files and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ReuseAddress => "reuse-address",
            Self::NoDelay => "no-delay",
            Self::KeepAlive => "keep-alive",
            Self::SendBuffer => "send-buffer",
            Self::ReceiveBuffer => "receive-buffer",
            Self::Ttl => "ttl",
            Self::Tos => "tos",
            Self::ResetOnClose => "reset-on-close",
            Self::Backlog => "backlog",
            Self::OnlyV6 => "only-v6",
            Self::Interface => "interface",
        }
    }

    /// The option of this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|option| option.name() == name)
    }

    /// Whether this system has it.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::Interface => cfg!(any(target_os = "linux", target_os = "android")),
            // Windows accepts the value and ignores it.
            Self::Tos => cfg!(not(windows)),
            _ => true,
        }
    }

    /// Whether sessions of this type have it.
    #[must_use]
    pub fn fits(self, protocol: Protocol) -> bool {
        match self {
            // UDP has its TTL among its options for groups ([`CastOptions`](super::CastOptions)).
            Self::NoDelay | Self::KeepAlive | Self::ResetOnClose | Self::Ttl => protocol != Protocol::Udp,
            Self::Backlog => protocol == Protocol::TcpServer,
            Self::OnlyV6 => protocol != Protocol::TcpClient,
            _ => true,
        }
    }

    /// The form of its values.
    #[must_use]
    pub fn form(self) -> OptionForm {
        match self {
            Self::ReuseAddress | Self::NoDelay | Self::ResetOnClose | Self::OnlyV6 => OptionForm::Switch,
            Self::KeepAlive => OptionForm::KeepAlive,
            Self::SendBuffer | Self::ReceiveBuffer => OptionForm::Bytes(1024, 1 << 30),
            Self::Ttl => OptionForm::Number(1, 255),
            Self::Tos => OptionForm::Number(0, 255),
            Self::Backlog => OptionForm::Number(0, 65_535),
            Self::Interface => OptionForm::Interface,
        }
    }
}

/// What is wrong in a list of options.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionListError {
    /// There is no such option, or not for this type of session or system.
    Unknown(String),
    /// The option has no value, or a wrong one.
    Value(OptionName),
}

impl SocketOptions {
    /// The options of a text such as `ttl=5 no-delay=off`.
    ///
    /// # Errors
    /// The first that is wrong.
    pub fn of_list(text: &str, protocol: Protocol) -> Result<Self, OptionListError> {
        let mut options = Self::default();
        for part in text.split_whitespace() {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let fits = |option: &OptionName| option.fits(protocol) && option.is_available();
            let option = OptionName::by_name(name).filter(fits);
            let option = option.ok_or_else(|| OptionListError::Unknown(name.to_owned()))?;
            options.set(option, value).map_err(|_| OptionListError::Value(option))?;
        }
        Ok(options)
    }

    /// Sets an option to the value of this text.
    ///
    /// # Errors
    /// The text is not of the form of the option.
    pub fn set(&mut self, option: OptionName, text: &str) -> Result<(), OptionForm> {
        let text = text.trim();
        let form = option.form();
        let switch = || match text {
            "on" => Ok(Some(true)),
            "off" => Ok(Some(false)),
            _ => Err(form),
        };
        let number = || number(text, form).map(Some).ok_or(form);
        let byte = || Ok(number()?.and_then(|number| u8::try_from(number).ok()));
        match option {
            OptionName::ReuseAddress => self.reuse_address = switch()?,
            OptionName::NoDelay => self.no_delay = switch()?,
            OptionName::KeepAlive => self.keep_alive = Some(probing(text).ok_or(form)?),
            OptionName::SendBuffer => self.send_buffer = number()?,
            OptionName::ReceiveBuffer => self.receive_buffer = number()?,
            OptionName::Ttl => self.ttl = byte()?,
            OptionName::Tos => self.tos = byte()?,
            OptionName::ResetOnClose => self.reset_on_close = switch()?,
            OptionName::Backlog => self.backlog = number()?,
            OptionName::OnlyV6 => self.only_v6 = switch()?,
            // The longest name of Linux has 15 bytes (IFNAMSIZ, netdevice(7)).
            OptionName::Interface if text.is_empty() || text.len() > 64 || text.contains(char::is_control) => {
                return Err(form);
            }
            OptionName::Interface => self.interface = Some(text.to_owned()),
        }
        Ok(())
    }

    /// Removes an option.
    pub fn unset(&mut self, option: OptionName) {
        match option {
            OptionName::ReuseAddress => self.reuse_address = None,
            OptionName::NoDelay => self.no_delay = None,
            OptionName::KeepAlive => self.keep_alive = None,
            OptionName::SendBuffer => self.send_buffer = None,
            OptionName::ReceiveBuffer => self.receive_buffer = None,
            OptionName::Ttl => self.ttl = None,
            OptionName::Tos => self.tos = None,
            OptionName::ResetOnClose => self.reset_on_close = None,
            OptionName::Backlog => self.backlog = None,
            OptionName::OnlyV6 => self.only_v6 = None,
            OptionName::Interface => self.interface = None,
        }
    }

    /// The value of an option as text, the form that [`Self::set`] reads.
    #[must_use]
    pub fn get(&self, option: OptionName) -> Option<String> {
        let switch = |on: bool| if on { "on".to_owned() } else { "off".to_owned() };
        match option {
            OptionName::ReuseAddress => self.reuse_address.map(switch),
            OptionName::NoDelay => self.no_delay.map(switch),
            OptionName::KeepAlive => self.keep_alive.map(|probing| probing.to_string()),
            OptionName::SendBuffer => self.send_buffer.map(|bytes| bytes.to_string()),
            OptionName::ReceiveBuffer => self.receive_buffer.map(|bytes| bytes.to_string()),
            OptionName::Ttl => self.ttl.map(|number| number.to_string()),
            OptionName::Tos => self.tos.map(|number| number.to_string()),
            OptionName::ResetOnClose => self.reset_on_close.map(switch),
            OptionName::Backlog => self.backlog.map(|number| number.to_string()),
            OptionName::OnlyV6 => self.only_v6.map(switch),
            OptionName::Interface => self.interface.clone(),
        }
    }

    /// All options are as without them.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The options that are set, with their values as text.
    #[must_use]
    pub fn given(&self) -> Vec<(OptionName, String)> {
        OptionName::ALL.into_iter().filter_map(|option| Some((option, self.get(option)?))).collect()
    }
}

impl fmt::Display for Probing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::On(KeepAlive { idle, interval, count }) = self else { return f.write_str("off") };
        write!(f, "{}s", idle.as_secs())?;
        if let Some(interval) = interval {
            write!(f, ",{}s", interval.as_secs())?;
            if let Some(count) = count {
                write!(f, ",{count}")?;
            }
        }
        Ok(())
    }
}

/// A number of a form, in decimal or with `0x`.
fn number(text: &str, form: OptionForm) -> Option<u32> {
    let (least, most, text, factor) = match form {
        OptionForm::Bytes(least, most) => {
            let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let factor = match text[digits.len()..].to_ascii_lowercase().as_str() {
                "" | "b" => 1,
                "k" | "kb" | "kib" => 1 << 10,
                "m" | "mb" | "mib" => 1 << 20,
                _ => return None,
            };
            (least, most, digits, factor)
        }
        OptionForm::Number(least, most) => (least, most, text, 1),
        _ => return None,
    };
    let parsed = match text.strip_prefix("0x") {
        Some(digits) if factor == 1 && !digits.starts_with('+') => u32::from_str_radix(digits, 16).ok()?,
        Some(_) => return None,
        None if text.bytes().all(|b| b.is_ascii_digit()) => text.parse::<u32>().ok()?.checked_mul(factor)?,
        None => return None,
    };
    (least..=most).contains(&parsed).then_some(parsed)
}

fn probing(text: &str) -> Option<Probing> {
    if text == "off" {
        return Some(Probing::Off);
    }
    let mut parts = text.split(',').map(str::trim);
    let idle = seconds(parts.next()?)?;
    let interval = parts.next().map(seconds);
    let count = parts.next().map(|count| number(count, OptionForm::Number(1, 127)));
    if parts.next().is_some() || interval == Some(None) || count == Some(None) {
        return None;
    }
    Some(Probing::On(KeepAlive { idle, interval: interval.flatten(), count: count.flatten() }))
}

/// 1 s to 32767 s, the longest time of Linux: `30s`, `2m`.
fn seconds(text: &str) -> Option<Duration> {
    let (digits, factor) = match (text.strip_suffix('s'), text.strip_suffix('m')) {
        (Some(digits), _) => (digits, 1),
        (_, Some(digits)) => (digits, 60),
        _ => return None,
    };
    let seconds = number(digits.trim_end(), OptionForm::Number(1, 32_767))?.checked_mul(factor)?;
    (seconds <= 32_767).then(|| Duration::from_secs(seconds.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_back_as_it_is_shown() {
        for (option, texts) in [
            (OptionName::ReuseAddress, &["on", "off"][..]),
            (OptionName::NoDelay, &["on", "off"]),
            (OptionName::KeepAlive, &["off", "30s", "30s,5s", "30s,5s,3", "32767s"]),
            (OptionName::SendBuffer, &["1024", "1073741824"]),
            (OptionName::ReceiveBuffer, &["65536"]),
            (OptionName::Ttl, &["1", "255"]),
            (OptionName::Tos, &["0", "184"]),
            (OptionName::ResetOnClose, &["on"]),
            (OptionName::Backlog, &["0", "65535"]),
            (OptionName::OnlyV6, &["on"]),
            (OptionName::Interface, &["lo", "以太网 2"]),
        ] {
            assert_eq!(OptionName::by_name(option.name()), Some(option));
            for text in texts {
                let mut options = SocketOptions::default();
                options.set(option, text).expect(text);
                assert_eq!(options.given(), [(option, (*text).to_owned())]);
                let stored = serde_json::to_string(&options).expect("JSON");
                assert_eq!(serde_json::from_str::<SocketOptions>(&stored).expect("stored"), options, "{stored}");
                options.unset(option);
                assert!(options.is_default());
            }
        }
    }

    #[test]
    fn a_list_of_options() {
        let of = |text: &str| SocketOptions::of_list(text, Protocol::TcpClient);
        let options = of(" ttl=5  keep-alive=30s,5s,3 ").expect("a list");
        assert_eq!(options.given().len(), 2);
        assert!(of("").expect("nothing").is_default());
        assert_eq!(of("ttl=5 tll=6"), Err(OptionListError::Unknown("tll".into())));
        assert_eq!(of("backlog=5"), Err(OptionListError::Unknown("backlog".into())), "of servers only");
        assert_eq!(of("ttl"), Err(OptionListError::Value(OptionName::Ttl)));
        assert_eq!(of("ttl=0"), Err(OptionListError::Value(OptionName::Ttl)));
    }

    #[test]
    fn other_forms_of_the_same_values() {
        let mut options = SocketOptions::default();
        for (option, text, shown) in [
            (OptionName::SendBuffer, "64k", "65536"),
            (OptionName::SendBuffer, "1M", "1048576"),
            (OptionName::Tos, "0xb8", "184"),
            (OptionName::KeepAlive, " 2m , 10s ", "120s,10s"),
        ] {
            options.set(option, text).expect(text);
            assert_eq!(options.get(option).as_deref(), Some(shown));
        }
    }

    #[test]
    fn wrong_values_change_nothing() {
        for (option, texts) in [
            (OptionName::NoDelay, &["", "yes", "1", "ON"][..]),
            (OptionName::KeepAlive, &["", "30", "0s", "30s,", "30s,5", "30s,5s,0", "30s,5s,3,1", "547m", "1h", "-1s"]),
            (OptionName::SendBuffer, &["", "1023", "1025M", "4G", "-1", "+5000", "1.5k", "99999999999999", "0x400k"]),
            (OptionName::Ttl, &["0", "256", "x", "0x", "0x+1"]),
            (OptionName::Tos, &["-1", "256"]),
            (OptionName::Backlog, &["65536", ""]),
            (OptionName::Interface, &["", "  ", "a\nb"]),
        ] {
            for text in texts {
                let mut options = SocketOptions::default();
                assert_eq!(options.set(option, text), Err(option.form()), "{} {text:?}", option.name());
                assert!(options.is_default(), "{} {text:?}", option.name());
            }
        }
    }
}
