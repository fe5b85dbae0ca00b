//! What went wrong, where and why, as values; the sentences are made in `words`.

use serde::{Deserialize, Serialize};

/// The cause. Serialised names are the command line's `kind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// Another socket has this address and port.
    AddressInUse,
    /// Nothing listens there (TCP RST on connect, ICMP port unreachable).
    Refused,
    /// The host name has no address, or the look-up failed.
    Resolve,
    /// The system forbids it (privileged port, firewall, file rights).
    Permission,
    /// The local address is not one of this machine.
    NoSuchAddress,
    /// No answer in time.
    Timeout,
    /// The peer reset the connection.
    Reset,
    /// No route to the host or network, or the interface is down.
    Unreachable,
    /// No room on the disk of the capture.
    DiskFull,
    /// The capture could not be written for another reason (folder removed, read-only, I/O error).
    CaptureFailed,
    /// A session still writes the capture.
    CaptureInUse,
    /// The folder is not a capture of this program, or holds other files.
    NotACapture,
    /// A file may not be written there: it belongs to a capture.
    InsideCapture,
    /// Out of descriptors.
    TooManyOpenFiles,
    /// A peer's send queue is full: it does not read.
    QueueFull,
    /// A payload longer than a datagram may be.
    TooLong,
    /// A file to send is missing, unreadable or changed while being sent.
    File,
    /// The send has nobody to go to: no such peer, not connected, no target.
    NoPeer,
    /// The peer closed before the send was complete.
    Closed,
    /// The user cancelled it.
    Cancelled,
    /// A link-local address without its zone.
    ZoneMissing,
    /// No interface of this machine has the name of the zone.
    NoSuchInterface,
    /// A broadcast or multicast address, where one of this machine is needed.
    NotOneHost,
    /// Address families of local and remote address do not fit, or the value makes no sense here.
    Invalid,
    /// Anything else; the system's own text says more.
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
            Self::NoPeer => "no_peer",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
            Self::ZoneMissing => "zone_missing",
            Self::NoSuchInterface => "no_such_interface",
            Self::NotOneHost => "not_one_host",
            Self::Invalid => "invalid",
            Self::Other => "other",
        }
    }

    /// The cause a system error stands for.
    #[must_use]
    pub fn of(error: &std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        match error.kind() {
            Io::AddrInUse => Self::AddressInUse,
            Io::ConnectionRefused => Self::Refused,
            Io::PermissionDenied => Self::Permission,
            Io::AddrNotAvailable => Self::NoSuchAddress,
            Io::TimedOut => Self::Timeout,
            Io::ConnectionReset | Io::ConnectionAborted | Io::BrokenPipe => Self::Reset,
            Io::HostUnreachable | Io::NetworkUnreachable | Io::NetworkDown => Self::Unreachable,
            // A file may not grow further (EFBIG): for who writes it that is the same.
            Io::StorageFull | Io::QuotaExceeded | Io::FileTooLarge => Self::DiskFull,
            Io::NotFound | Io::IsADirectory => Self::File,
            _ => match error.raw_os_error() {
                #[cfg(unix)]
                Some(code)
                    if code == rustix::io::Errno::MFILE.raw_os_error()
                        || code == rustix::io::Errno::NFILE.raw_os_error() =>
                {
                    Self::TooManyOpenFiles
                }
                #[cfg(unix)]
                Some(code) if code == rustix::io::Errno::MSGSIZE.raw_os_error() => Self::TooLong,
                _ => Self::Other,
            },
        }
    }
}

/// What was being done. Serialised names are the command line's `operation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Operation {
    /// Looking up a name.
    Resolve,
    /// Binding and listening (TCP server).
    Listen,
    /// Binding (UDP socket, or a client's chosen local address).
    Bind,
    /// Connecting.
    Connect,
    /// Accepting a client.
    Accept,
    /// Reading from a socket.
    Receive,
    /// Writing to a socket.
    Send,
    /// Reading the file to send.
    ReadFile,
    /// Writing the capture.
    Store,
    /// Opening or creating a capture.
    OpenCapture,
    /// Deleting a capture.
    DeleteCapture,
    /// Writing a file the user asked for.
    SaveFile,
}

impl Operation {
    /// The stable name used in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Resolve => "resolve",
            Self::Listen => "listen",
            Self::Bind => "bind",
            Self::Connect => "connect",
            Self::Accept => "accept",
            Self::Receive => "receive",
            Self::Send => "send",
            Self::ReadFile => "read_file",
            Self::Store => "store",
            Self::OpenCapture => "open_capture",
            Self::DeleteCapture => "delete_capture",
            Self::SaveFile => "save_file",
        }
    }
}

/// One failure: operation, address (or path) and cause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{} {address}: {} {detail}", operation.name(), kind.name())]
pub struct NetError {
    /// What was being done.
    pub operation: Operation,
    /// Why it failed.
    pub kind: ErrorKind,
    /// Protocol and address (`tcp://0.0.0.0:8080`), or a path; as the user would write it.
    pub address: String,
    /// The system's error number, where there was one.
    pub code: Option<i32>,
    /// More in English, for the cases `kind` does not tell (may be empty).
    pub detail: String,
}

/// The number in the text of an error that a library has wrapped with more words: `… (os error 2) at path …`.
fn code_in(text: &str) -> Option<i32> {
    let (_, rest) = text.split_once("(os error ")?;
    rest.split_once(')')?.0.parse().ok()
}

impl NetError {
    /// From a system error.
    #[must_use]
    pub fn from_io(operation: Operation, address: impl Into<String>, error: &std::io::Error) -> Self {
        Self {
            operation,
            kind: ErrorKind::of(error),
            address: address.into(),
            code: error.raw_os_error().or_else(|| code_in(&error.to_string())),
            detail: error.to_string(),
        }
    }

    /// From our own finding.
    #[must_use]
    pub fn new(operation: Operation, kind: ErrorKind, address: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { operation, kind, address: address.into(), code: None, detail: detail.into() }
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
            Self::NotOneHost => Some(Self::Invalid),
            Self::Invalid => Some(Self::Other),
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
            Self::Listen => Some(Self::Bind),
            Self::Bind => Some(Self::Connect),
            Self::Connect => Some(Self::Accept),
            Self::Accept => Some(Self::Receive),
            Self::Receive => Some(Self::Send),
            Self::Send => Some(Self::ReadFile),
            Self::ReadFile => Some(Self::Store),
            Self::Store => Some(Self::OpenCapture),
            Self::OpenCapture => Some(Self::DeleteCapture),
            Self::DeleteCapture => Some(Self::SaveFile),
            Self::SaveFile => None,
        }
    }
}

/// The error that the system gives where a directory is opened for writing.
#[must_use]
pub fn is_a_directory() -> std::io::Error {
    #[cfg(unix)]
    return rustix::io::Errno::ISDIR.into();
    #[cfg(not(unix))]
    return std::io::ErrorKind::IsADirectory.into();
}
