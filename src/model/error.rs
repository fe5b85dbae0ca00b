//! Errors as values: operation, address and cause. `words` turns them into sentences.

use super::{TlsFault, WebSocketFault};
use serde::{Deserialize, Serialize};

/// The cause. Serialised names are the values of `kind` in the command line's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another socket uses this address and port.
    AddressInUse,
    /// No process listens there (TCP RST on connect, ICMP port unreachable).
    Refused,
    /// The host name has no address, or the look-up failed.
    Resolve,
    /// The system denies it (privileged port, firewall, file permissions).
    Permission,
    /// The local address does not belong to this machine.
    NoSuchAddress,
    /// No response in time.
    Timeout,
    /// The peer reset the connection.
    Reset,
    /// No route to the host or network, or the interface is down.
    Unreachable,
    /// The capture's disk is full.
    DiskFull,
    /// The capture could not be written for another reason (folder removed, read-only, I/O error).
    CaptureFailed,
    /// A session is writing the capture.
    CaptureInUse,
    /// The folder is not a capture of this program, or contains other files.
    NotACapture,
    /// The file must not be written there: the folder belongs to a capture.
    InsideCapture,
    /// Out of file descriptors.
    TooManyOpenFiles,
    /// The peer's send queue is full because the peer does not read.
    QueueFull,
    /// The payload is too long for a datagram.
    TooLong,
    /// The file to send is missing, unreadable, or changed during the send.
    File,
    /// The send has no recipient: no such peer, not connected, or no target.
    NoPeer,
    /// The peer closed before the send was complete.
    Closed,
    /// Cancelled by the user.
    Cancelled,
    /// A link-local address without its zone.
    ZoneMissing,
    /// No interface of this machine has the name of the zone.
    NoSuchInterface,
    /// A broadcast or multicast address where the address of one host is required.
    NotOneHost,
    /// A group of the other address family than the socket.
    OtherFamily,
    /// The system allows no more multicast groups.
    TooManyGroups,
    /// The interface, or every interface, takes no multicast groups of this address family.
    NoMulticast,
    /// Receiving a group from one source only is not possible here.
    NoSourceFilter,
    /// A file that is no socket has the path of a Unix socket.
    NotASocket,
    /// The file of a Unix socket that nobody listened on was removed.
    LeftBehind,
    /// There is no such thing on this system.
    Unsupported,
    /// A forward leads to its own listener.
    ForwardLoop,
    /// The address families of local and remote address differ, or the value is invalid here.
    Invalid,
    /// A note of a rule of a talk file. The text is in `detail`.
    RuleNote,
    /// A rule failed by `fail` or `check`. `detail` is its text, or the line and the condition.
    RuleFailed,
    /// A rule cannot be carried out. `detail` is the line and what is written there.
    RuleFault,
    /// Two automatic sides answer each other; the rules of the connection stop. `detail` is the rule.
    RuleLoop,
    /// The content of a round has no bytes. `detail` is the field without a value, as the user wrote it.
    NoContent,
    /// TLS: why is in `tls`.
    Tls,
    /// WebSocket: why is in `websocket`.
    #[serde(rename = "websocket")]
    WebSocket,
    /// Any other error; the system's text is in `detail`.
    Other,
}

impl ErrorKind {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AddressInUse => "address_in_use",
            Self::Refused => "refused",
            Self::Resolve => "resolve",
            Self::Permission => "permission",
            Self::NoSuchAddress => "no_such_address",
            Self::Timeout => "timeout",
            Self::Reset => "reset",
            Self::Unreachable => "unreachable",
            Self::DiskFull => "disk_full",
            Self::CaptureFailed => "capture_failed",
            Self::CaptureInUse => "capture_in_use",
            Self::NotACapture => "not_a_capture",
            Self::InsideCapture => "inside_capture",
            Self::TooManyOpenFiles => "too_many_open_files",
            Self::QueueFull => "queue_full",
            Self::TooLong => "too_long",
            Self::File => "file",
            Self::RuleNote => "rule_note",
            Self::RuleFailed => "rule_failed",
            Self::RuleFault => "rule_fault",
            Self::RuleLoop => "rule_loop",
            Self::NoContent => "no_content",
            Self::NoPeer => "no_peer",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::ZoneMissing => "zone_missing",
            Self::NoSuchInterface => "no_such_interface",
            Self::NotOneHost => "not_one_host",
            Self::OtherFamily => "other_family",
            Self::TooManyGroups => "too_many_groups",
            Self::NoMulticast => "no_multicast",
            Self::NoSourceFilter => "no_source_filter",
            Self::NotASocket => "not_a_socket",
            Self::LeftBehind => "left_behind",
            Self::Unsupported => "unsupported",
            Self::ForwardLoop => "forward_loop",
            Self::Invalid => "invalid",
            Self::Tls => "tls",
            Self::WebSocket => "websocket",
            Self::Other => "other",
        }
    }

    /// Maps a system error to a cause.
    #[must_use]
    pub fn of(error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        match error.kind() {
            Io::AddrInUse => Self::AddressInUse,
            Io::ConnectionRefused => Self::Refused,
            Io::PermissionDenied => Self::Permission,
            Io::AddrNotAvailable => Self::NoSuchAddress,
            Io::TimedOut => Self::Timeout,
            Io::Unsupported => Self::Unsupported,
            Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe => Self::Reset,
            Io::HostUnreachable | Io::NetworkUnreachable | Io::NetworkDown => Self::Unreachable,
            // The file size limit (EFBIG) has the same effect for the writer.
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => Self::DiskFull,
            Io::NotFound | Io::IsADirectory => Self::File,
            _ => error.raw_os_error().map_or(Self::Other, of_code),
        }
    }
}

/// Maps a system error number for which the standard library has no kind.
#[cfg(unix)]
fn of_code(code: i32) -> ErrorKind {
    use rustix::io::Errno;
    match Errno::from_raw_os_error(code) {
        Errno::MFILE | Errno::NFILE => ErrorKind::TooManyOpenFiles,
        Errno::MSGSIZE => ErrorKind::TooLong,
        _ => ErrorKind::Other,
    }
}

#[cfg(windows)]
use of_windows_code as of_code;

#[cfg(not(any(unix, windows)))]
fn of_code(_code: i32) -> ErrorKind {
    ErrorKind::Other
}

/// The same for Windows ("System Error Codes", "Windows Sockets Error Codes").
#[cfg(any(windows, test))]
fn of_windows_code(code: i32) -> ErrorKind {
    match code {
        // ERROR_TOO_MANY_OPEN_FILES, WSAEMFILE
        4 | 10_024 => ErrorKind::TooManyOpenFiles,
        // ERROR_SHARING_VIOLATION, ERROR_LOCK_VIOLATION: another program has the file open.
        32 | 33 => ErrorKind::File,
        // WSAEMSGSIZE
        10_040 => ErrorKind::TooLong,
        _ => ErrorKind::Other,
    }
}

/// The operation that failed. Serialised names are the values of `operation` in the command line's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Looking up a name.
    Resolve,
    /// Binding and listening (TCP server).
    Listen,
    /// Setting an option of a socket. The address is followed by the option and its value.
    SetOption,
    /// Binding (UDP socket, or the local address chosen for a client).
    Bind,
    /// Joining a multicast group.
    Join,
    /// Connecting.
    Connect,
    /// Accepting a client.
    Accept,
    /// Reading from a socket.
    Receive,
    /// Writing to a socket.
    Send,
    /// Answering what was received.
    Reply,
    /// Reading the file to send.
    ReadFile,
    /// Writing the capture.
    Store,
    /// Opening or creating a capture.
    OpenCapture,
    /// Deleting a capture.
    DeleteCapture,
    /// Writing a file that the user requested.
    SaveFile,
}

impl Operation {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Listen => "listen",
            Self::SetOption => "set_option",
            Self::Bind => "bind",
            Self::Join => "join",
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Receive => "receive",
            Self::Send => "send",
            Self::Reply => "reply",
            Self::ReadFile => "read_file",
            Self::Store => "store",
            Self::OpenCapture => "open_capture",
            Self::DeleteCapture => "delete_capture",
            Self::SaveFile => "save_file",
        }
    }
}

/// A failure: operation, address (or path) and cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{} {address}: {} {detail}", operation.name(), kind.name())]
pub struct NetError {
    /// The operation that failed.
    pub operation: Operation,
    /// Why it failed.
    pub kind: ErrorKind,
    /// Protocol and address (`tcp://0.0.0.0:8080`) or a path, as the user would write it.
    pub address: String,
    /// The system's error number, if any.
    pub code: Option<i32>,
    /// Additional information in English that `kind` does not express; may be empty.
    pub detail: String,
    /// The cause, of [`ErrorKind::Tls`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<Box<TlsFault>>,
    /// The cause, of [`ErrorKind::WebSocket`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub websocket: Option<Box<WebSocketFault>>,
}

/// Extracts the error number from the text of an error that a library has wrapped: `… (os error 2) at path …`.
fn code_in(text: &str) -> Option<i32> {
    let (_, rest) = text.split_once("(os error ")?;
    rest.split_once(')')?.0.parse().ok()
}

/// A Unix socket has no further scheme.
fn as_written(address: String) -> String {
    match address.strip_prefix("tcp://") {
        Some(path) if path.starts_with(super::UNIX_SCHEME) => path.to_owned(),
        _ => address,
    }
}

impl NetError {
    /// Creates it from a system error.
    #[must_use]
    pub fn from_io(operation: Operation, address: impl Into<String>, error: &std::io::Error) -> Self {
        Self {
            operation,
            kind: ErrorKind::of(error),
            address: as_written(address.into()),
            code: error.raw_os_error().or_else(|| code_in(&error.to_string())),
            detail: error.to_string(),
            tls: None,
            websocket: None,
        }
    }

    /// Creates it for a condition that this program detected.
    #[must_use]
    pub fn new(operation: Operation, kind: ErrorKind, address: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            operation,
            kind,
            address: as_written(address.into()),
            code: None,
            detail: detail.into(),
            tls: None,
            websocket: None,
        }
    }

    /// Creates it for a failure of TLS.
    #[must_use]
    pub fn tls(operation: Operation, address: impl Into<String>, fault: TlsFault) -> Self {
        Self { tls: Some(Box::new(fault)), ..Self::new(operation, ErrorKind::Tls, address, "") }
    }

    /// Creates it for a failure of WebSocket.
    #[must_use]
    pub fn websocket(operation: Operation, address: impl Into<String>, fault: WebSocketFault) -> Self {
        Self { websocket: Some(Box::new(fault)), ..Self::new(operation, ErrorKind::WebSocket, address, "") }
    }
}

#[cfg(test)]
impl ErrorKind {
    /// Every value. The match in `next` makes the compiler ask for a new one.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        std::iter::successors(Some(Self::AddressInUse), |value| value.next())
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::AddressInUse => Some(Self::Refused),
            Self::Refused => Some(Self::Resolve),
            Self::Resolve => Some(Self::Permission),
            Self::Permission => Some(Self::NoSuchAddress),
            Self::NoSuchAddress => Some(Self::Timeout),
            Self::Timeout => Some(Self::Reset),
            Self::Reset => Some(Self::Unreachable),
            Self::Unreachable => Some(Self::DiskFull),
            Self::DiskFull => Some(Self::CaptureFailed),
            Self::CaptureFailed => Some(Self::CaptureInUse),
            Self::CaptureInUse => Some(Self::NotACapture),
            Self::NotACapture => Some(Self::InsideCapture),
            Self::InsideCapture => Some(Self::TooManyOpenFiles),
            Self::TooManyOpenFiles => Some(Self::QueueFull),
            Self::QueueFull => Some(Self::TooLong),
            Self::TooLong => Some(Self::File),
            Self::File => Some(Self::NoPeer),
            Self::NoPeer => Some(Self::Closed),
            Self::Closed => Some(Self::Cancelled),
            Self::Cancelled => Some(Self::ZoneMissing),
            Self::ZoneMissing => Some(Self::NoSuchInterface),
            Self::NoSuchInterface => Some(Self::NotOneHost),
            Self::NotOneHost => Some(Self::OtherFamily),
            Self::OtherFamily => Some(Self::TooManyGroups),
            Self::TooManyGroups => Some(Self::NoMulticast),
            Self::NoMulticast => Some(Self::NoSourceFilter),
            Self::NoSourceFilter => Some(Self::NotASocket),
            Self::NotASocket => Some(Self::LeftBehind),
            Self::LeftBehind => Some(Self::Unsupported),
            Self::Unsupported => Some(Self::ForwardLoop),
            Self::ForwardLoop => Some(Self::Invalid),
            Self::Invalid => Some(Self::RuleNote),
            Self::RuleNote => Some(Self::RuleFailed),
            Self::RuleFailed => Some(Self::RuleFault),
            Self::RuleFault => Some(Self::RuleLoop),
            Self::RuleLoop => Some(Self::NoContent),
            Self::NoContent => Some(Self::Tls),
            Self::Tls => Some(Self::WebSocket),
            Self::WebSocket => Some(Self::Other),
            Self::Other => None,
        }
    }
}

#[cfg(test)]
impl Operation {
    /// Every value. The match in `next` makes the compiler ask for a new one.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        std::iter::successors(Some(Self::Resolve), |value| value.next())
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::Resolve => Some(Self::Listen),
            Self::Listen => Some(Self::SetOption),
            Self::SetOption => Some(Self::Bind),
            Self::Bind => Some(Self::Join),
            Self::Join => Some(Self::Connect),
            Self::Connect => Some(Self::Accept),
            Self::Accept => Some(Self::Receive),
            Self::Receive => Some(Self::Send),
            Self::Send => Some(Self::Reply),
            Self::Reply => Some(Self::ReadFile),
            Self::ReadFile => Some(Self::Store),
            Self::Store => Some(Self::OpenCapture),
            Self::OpenCapture => Some(Self::DeleteCapture),
            Self::DeleteCapture => Some(Self::SaveFile),
            Self::SaveFile => None,
        }
    }
}

/// The error that the system returns when a directory is opened for writing.
#[must_use]
pub fn is_a_directory() -> std::io::Error {
    #[cfg(unix)]
    return rustix::io::Errno::ISDIR.into();
    // ERROR_DIRECTORY_NOT_SUPPORTED; Windows itself returns "access denied" for it.
    #[cfg(windows)]
    return std::io::Error::from_raw_os_error(336);
    #[cfg(not(any(unix, windows)))]
    return std::io::ErrorKind::IsADirectory.into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_the_standard_library_does_not_know_have_a_kind() {
        for (code, kind) in [
            (4, ErrorKind::TooManyOpenFiles),
            (10_024, ErrorKind::TooManyOpenFiles),
            (32, ErrorKind::File),
            (33, ErrorKind::File),
            (10_040, ErrorKind::TooLong),
            (6, ErrorKind::Other),
        ] {
            assert_eq!(of_windows_code(code), kind, "{code}");
        }
        #[cfg(windows)]
        let full = [39, 112, 1295];
        #[cfg(unix)]
        let full = [rustix::io::Errno::NOSPC, rustix::io::Errno::DQUOT].map(rustix::io::Errno::raw_os_error);
        #[cfg(any(unix, windows))]
        for code in full {
            assert_eq!(ErrorKind::of(&std::io::Error::from_raw_os_error(code)), ErrorKind::DiskFull, "{code}");
        }
    }
}
