//! Causes of failures. Each has a text in the table of every language.

use super::system_code;
use crate::model::{ErrorKind, NetError, Operation, UNIX_SCHEME};

/// The cause of a failure, as detailed as there are texts for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// An interface of this machine is down. Detected by this program, not reported by the system.
    InterfaceDown,
    /// A file cannot grow further.
    FileTooLarge,
    /// A file to send is longer than a datagram can be.
    LongerThanDatagram,
    /// Some frames were not answered.
    FramesUnanswered,
    /// A peer does not read our answers.
    AnswersUnread,
    /// Another program has the port.
    AddressInUse,
    /// A name has no address.
    HostNotFound,
    /// The peer reset the connection.
    Reset,
    /// There is no route.
    Unreachable,
    /// The disk is full.
    DiskFull,
    /// The files of a capture cannot be used.
    CaptureFailed,
    /// A session still writes a capture.
    CaptureInUse,
    /// A path belongs to a capture.
    InsideCapture,
    /// A folder is no capture.
    NotACapture,
    /// The limit of open files is reached.
    TooManyOpenFiles,
    /// A peer does not read the data sent to it.
    QueueFull,
    /// A payload is longer than a datagram can be.
    TooLong,
    /// The send has no recipient.
    NoPeer,
    /// The connection is closed.
    Closed,
    /// The user cancelled the operation.
    Cancelled,
    /// A link-local address lacks its interface.
    ZoneMissing,
    /// No interface has this name.
    NoSuchInterface,
    /// A broadcast or multicast address.
    NotOneHost,
    /// A group of the other address family.
    OtherFamily,
    /// The limit of groups is reached.
    TooManyGroups,
    /// An interface takes no groups.
    NoMulticast,
    /// Sources cannot be chosen.
    NoSourceFilter,
    /// A file that is no socket is in the way.
    NotASocket,
    /// A file that was left behind was removed.
    LeftBehind,
    /// There is no such thing on this system.
    Unsupported,
    /// Another program listens on a Unix socket.
    SocketInUse,
    /// There is no such file of a Unix socket.
    NoSuchSocket,
    /// Nobody listens on a Unix socket.
    SocketRefused,
    /// A forward leads to itself.
    ForwardLoop,
    /// Settings are inconsistent.
    Invalid,
    /// A note of a rule of a talk file.
    RuleNote,
    /// A rule failed by `fail` or `check`.
    RuleFailed,
    /// A rule cannot be carried out.
    RuleFault,
    /// Two automatic sides answered each other.
    RuleLoop,
    /// A round of a repeat has no content.
    NoContent,
    /// TLS failed; the fault says why.
    Tls,
    /// WebSocket failed; the fault says why.
    WebSocket,
    /// Unknown: only the message of the system is available.
    System,
    /// No local address or port is left.
    NoLocalAddress,
    /// This machine does not have the address.
    NoSuchAddress,
    /// A look-up took too long.
    LookUpTimeout,
    /// Nobody answered.
    Timeout,
    /// An ICMP message refused a datagram.
    RefusedByIcmp,
    /// A connection was refused.
    Refused,
    /// A port below 1024 requires privileges.
    NeedsAdministrator,
    /// The system does not allow an address.
    AddressForbidden,
    /// Access to a file is denied.
    PermissionDenied,
    /// The system or a firewall does not allow it.
    Forbidden,
    /// A file or its folder does not exist.
    FileMissing,
    /// A path is a folder.
    IsAFolder,
    /// Another program has a file open and shares it with nobody (Windows).
    FileInUse,
    /// A file cannot be used, for another reason.
    FileUnusable,
}

impl Cause {
    /// Whether the detail of the error is more specific than the text of the cause.
    pub(super) fn needs_detail(self) -> bool {
        matches!(
            self,
            Self::InterfaceDown
                | Self::HostNotFound
                | Self::CaptureFailed
                | Self::NotACapture
                | Self::ZoneMissing
                | Self::NoSuchInterface
                | Self::Invalid
                | Self::RuleNote
                | Self::RuleFailed
                | Self::RuleFault
                | Self::RuleLoop
                | Self::NoContent
                | Self::System
                | Self::FileUnusable
        )
    }

    pub(super) fn of(error: &NetError) -> Self {
        let is_unix = error.address.starts_with(UNIX_SCHEME);
        match error.kind {
            ErrorKind::AddressInUse if is_unix => Self::SocketInUse,
            ErrorKind::Refused if is_unix => Self::SocketRefused,
            ErrorKind::File if is_unix => Self::NoSuchSocket,
            ErrorKind::Permission if is_unix => Self::PermissionDenied,
            ErrorKind::Refused => Self::refused(error),
            ErrorKind::Permission => Self::permission(error),
            ErrorKind::NoSuchAddress => Self::no_such_address(error.operation),
            ErrorKind::Timeout => Self::timeout(error.operation),
            // Found by this program. The detail names the interface.
            ErrorKind::Unreachable if error.code.is_none() => Self::InterfaceDown,
            ErrorKind::File => Self::file(error),
            ErrorKind::DiskFull
                if matches!(error.code.and_then(system_code::name), Some("EFBIG" | "ERROR_FILE_TOO_LARGE")) =>
            {
                Self::FileTooLarge
            }
            ErrorKind::TooLong if error.operation == Operation::ReadFile => Self::LongerThanDatagram,
            // Captures of earlier versions have `Receive`.
            ErrorKind::TooLong if matches!(error.operation, Operation::Reply | Operation::Receive) => {
                Self::FramesUnanswered
            }
            ErrorKind::QueueFull if matches!(error.operation, Operation::Reply | Operation::Receive) => {
                Self::AnswersUnread
            }
            kind => Self::of_kind(kind),
        }
    }

    /// Maps the kinds whose meaning does not depend on the operation.
    fn of_kind(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::AddressInUse => Self::AddressInUse,
            ErrorKind::Resolve => Self::HostNotFound,
            ErrorKind::Reset => Self::Reset,
            ErrorKind::Unreachable => Self::Unreachable,
            ErrorKind::DiskFull => Self::DiskFull,
            ErrorKind::CaptureFailed => Self::CaptureFailed,
            ErrorKind::CaptureInUse => Self::CaptureInUse,
            ErrorKind::InsideCapture => Self::InsideCapture,
            ErrorKind::NotACapture => Self::NotACapture,
            ErrorKind::TooManyOpenFiles => Self::TooManyOpenFiles,
            ErrorKind::QueueFull => Self::QueueFull,
            ErrorKind::TooLong => Self::TooLong,
            ErrorKind::NoPeer => Self::NoPeer,
            ErrorKind::Closed => Self::Closed,
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::ZoneMissing => Self::ZoneMissing,
            ErrorKind::NoSuchInterface => Self::NoSuchInterface,
            ErrorKind::NotOneHost => Self::NotOneHost,
            ErrorKind::OtherFamily => Self::OtherFamily,
            ErrorKind::TooManyGroups => Self::TooManyGroups,
            ErrorKind::NoMulticast => Self::NoMulticast,
            ErrorKind::NoSourceFilter => Self::NoSourceFilter,
            ErrorKind::NotASocket => Self::NotASocket,
            ErrorKind::LeftBehind => Self::LeftBehind,
            ErrorKind::Unsupported => Self::Unsupported,
            ErrorKind::ForwardLoop => Self::ForwardLoop,
            ErrorKind::Invalid => Self::Invalid,
            ErrorKind::RuleNote => Self::RuleNote,
            ErrorKind::RuleFailed => Self::RuleFailed,
            ErrorKind::RuleFault => Self::RuleFault,
            ErrorKind::RuleLoop => Self::RuleLoop,
            ErrorKind::NoContent => Self::NoContent,
            ErrorKind::Tls => Self::Tls,
            ErrorKind::WebSocket => Self::WebSocket,
            // (All but the last are described by the operation, above.)
            ErrorKind::Refused
            | ErrorKind::Permission
            | ErrorKind::NoSuchAddress
            | ErrorKind::Timeout
            | ErrorKind::File
            | ErrorKind::Other => Self::System,
        }
    }

    fn no_such_address(operation: Operation) -> Self {
        match operation {
            Operation::Connect | Operation::Send => Self::NoLocalAddress,
            _ => Self::NoSuchAddress,
        }
    }

    fn timeout(operation: Operation) -> Self {
        match operation {
            Operation::Resolve => Self::LookUpTimeout,
            _ => Self::Timeout,
        }
    }

    fn refused(error: &NetError) -> Self {
        let by_icmp =
            error.address.starts_with("udp://") || matches!(error.operation, Operation::Receive | Operation::Send);
        if by_icmp { Self::RefusedByIcmp } else { Self::Refused }
    }

    fn permission(error: &NetError) -> Self {
        match error.operation {
            Operation::Listen | Operation::Bind => {
                let port = error.address.rsplit_once(':').and_then(|(_, port)| port.parse::<u16>().ok());
                if port.is_some_and(|port| (1..1024).contains(&port)) {
                    Self::NeedsAdministrator
                } else {
                    Self::AddressForbidden
                }
            }
            Operation::ReadFile | Operation::Store | Operation::OpenCapture | Operation::SaveFile => {
                Self::PermissionDenied
            }
            _ => Self::Forbidden,
        }
    }

    fn file(error: &NetError) -> Self {
        match error.code.and_then(system_code::name) {
            Some("ENOENT" | "ERROR_FILE_NOT_FOUND" | "ERROR_PATH_NOT_FOUND") => Self::FileMissing,
            Some("EISDIR" | "ERROR_DIRECTORY_NOT_SUPPORTED") => Self::IsAFolder,
            Some("EACCES" | "ERROR_ACCESS_DENIED") => Self::PermissionDenied,
            Some("ERROR_SHARING_VIOLATION" | "ERROR_LOCK_VIOLATION") => Self::FileInUse,
            _ => Self::FileUnusable,
        }
    }
}
