//! Failures: what failed, where, why, in English.

use super::En;
use crate::model::Operation;
use crate::words::{Cause, harmless};

texts! { Errors for En;

    // What failed
    cannot(operation: Operation) -> &'static str {
        match operation {
            Operation::Resolve => "Cannot look up the host name",
            Operation::Listen => "Cannot listen",
            Operation::SetOption => "Cannot set a socket option",
            Operation::Bind => "Cannot bind the local address",
            Operation::Join => "Cannot join the multicast group",
            Operation::Connect => "Cannot connect",
            Operation::Accept => "Cannot accept connections",
            Operation::Receive => "Cannot receive",
            Operation::Send => "Cannot send",
            Operation::Reply => "Replies",
            Operation::ReadFile => "Cannot read the file",
            Operation::Store => "Cannot write the capture",
            Operation::OpenCapture => "Cannot open the capture",
            Operation::DeleteCapture => "Cannot delete the capture",
            Operation::SaveFile => "Cannot write the file",
        }
    }
    cannot_at(operation: Operation, place: &str) -> String {
        match operation {
            Operation::Resolve => format!("Cannot look up {place}"),
            Operation::Listen => format!("Cannot listen on {place}"),
            Operation::SetOption => format!("Cannot set an option of {place}"),
            Operation::Bind => format!("Cannot bind {place}"),
            Operation::Join => format!("Cannot join {place}"),
            Operation::Connect => format!("Cannot connect to {place}"),
            Operation::Accept => format!("Cannot accept connections on {place}"),
            Operation::Receive => format!("Cannot receive from {place}"),
            Operation::Send => format!("Cannot send to {place}"),
            Operation::Reply => format!("Replies on {place}"),
            Operation::ReadFile => format!("Cannot read the file {place}"),
            Operation::Store => format!("Cannot write the capture {place}"),
            Operation::OpenCapture => format!("Cannot open the capture {place}"),
            Operation::DeleteCapture => format!("Cannot delete the capture {place}"),
            Operation::SaveFile => format!("Cannot write the file {place}"),
        }
    }
    failed(operation: Operation) -> &'static str {
        match operation {
            Operation::Resolve => "Name look-up failed",
            Operation::Listen => "Listening failed",
            Operation::SetOption => "Option not set",
            Operation::Bind => "Binding failed",
            Operation::Join => "Joining the group failed",
            Operation::Connect => "Connecting failed",
            Operation::Accept => "Accepting failed",
            Operation::Receive => "Receiving failed",
            Operation::Send => "Sending failed",
            Operation::Reply => "Replies",
            Operation::ReadFile => "Reading the file failed",
            Operation::Store => "Writing the capture failed",
            Operation::OpenCapture => "Opening the capture failed",
            Operation::DeleteCapture => "Deleting the capture failed",
            Operation::SaveFile => "Writing the file failed",
        }
    }
    cannot_look_up_local(host: &str) => "Cannot look up the local address {host}";
    local_look_up_failed: "Local address look-up failed";
    datagram_not_received(place: &str) => "A datagram sent to {place} was not received";
    datagram_came_back: "Datagram not received";

    // Why
    with_system_code(sentence: &str, name: Option<&str>, code: i32) -> String {
        let name = name.map(|name| format!("{name}, ")).unwrap_or_default();
        format!("{sentence} ({name}system error {code})")
    }
    receiving_waits: "; receiving is paused until it can be written";
    detail(_cause: Cause, detail: &str) -> String { harmless(detail) }
    cause(cause: Cause) -> &'static str {
        match cause {
            Cause::InterfaceDown => "the network interface of this machine is disconnected",
            Cause::FileTooLarge => "a file cannot grow further (ulimit -f, or the limit of the file system)",
            Cause::LongerThanDatagram => {
                "it is longer than the largest datagram (65507 bytes); set a datagram size"
            }
            Cause::FramesUnanswered => {
                "some frames get no reply because they are too long, or because too many arrived at once"
            }
            Cause::AnswersUnread => "the peer does not read its replies, so reading from it is paused until it does",
            Cause::AddressInUse => "the port is in use by another program",
            Cause::HostNotFound => "no address was found for the host name",
            Cause::Reset => "the peer reset the connection",
            Cause::Unreachable => "no route to the host or network, or the interface is down",
            Cause::DiskFull => "the disk is full",
            Cause::CaptureFailed => "the files of the capture cannot be used",
            Cause::CaptureInUse => "a session is still writing it",
            Cause::InsideCapture => "it belongs to a capture, which writing would damage",
            Cause::NotACapture => "the folder is not a capture of this program, or it holds other files",
            Cause::TooManyOpenFiles => "the system's limit of open connections and files (ulimit -n) is reached",
            Cause::QueueFull => "the send queue is full because the peer does not read",
            Cause::TooLong => "the payload is longer than a datagram can be",
            Cause::RuleNote => "note of a rule",
            Cause::RuleFailed => "a rule failed",
            Cause::RuleFault => "a rule cannot be carried out in line",
            Cause::NoContent => "a variable has no value that can be sent",
            Cause::RuleLoop => "this rule and the peer answer each other without end, so the rules of this connection are stopped",
            Cause::NoPeer => "there is no peer to send to",
            Cause::Closed => "the connection is closed",
            Cause::Cancelled => "cancelled",
            Cause::ZoneMissing => "a link-local address needs an interface after it, for example",
            Cause::NoSuchInterface => "this machine has no interface of that name; there are",
            Cause::NotOneHost => "TCP cannot use broadcast or multicast addresses",
            Cause::OtherFamily => "the socket is of the other address family; set the local address to 0.0.0.0 for IPv4 groups, to [::] for IPv6 groups",
            Cause::TooManyGroups => "the system allows no more groups on one socket",
            Cause::NoMulticast => "no interface there takes multicast groups of this address family",
            Cause::NoSourceFilter => "one source only can be chosen for IPv4 groups, not for IPv6 groups",
            Cause::NotASocket => "a file of this name exists, and it is not a socket",
            Cause::LeftBehind => "its file was left behind by a program that is gone, and was replaced",
            Cause::Unsupported => "there is no such thing on this system",
            Cause::SocketInUse => "another program listens on it",
            Cause::NoSuchSocket => "there is no such socket, or no such folder",
            Cause::SocketRefused => "nobody listens on it",
            Cause::ForwardLoop => "the forward leads back to its own listener",
            Cause::Invalid => "the settings are not valid",
            Cause::Tls => "TLS failed",
            Cause::WebSocket => "WebSocket failed",
            Cause::System => "the system reported an error",
            Cause::NoLocalAddress => "no local address or port is available",
            Cause::NoSuchAddress => "this machine has no such address",
            Cause::LookUpTimeout => "the look-up did not finish in time",
            Cause::Timeout => "no answer in time",
            Cause::RefusedByIcmp => "the host answered ICMP port unreachable, nothing is listening there",
            Cause::Refused => "the connection was refused because nothing is listening on that port",
            Cause::NeedsAdministrator => "ports below 1024 need administrator rights",
            Cause::AddressForbidden => "the system does not allow this address or port",
            Cause::PermissionDenied => "permission denied",
            Cause::Forbidden => "forbidden by the system or a firewall",
            Cause::FileMissing => "the file or its folder does not exist",
            Cause::IsAFolder => "it is a folder, not a file",
            Cause::FileInUse => "another program has the file open",
            Cause::FileUnusable => "the file cannot be used or has changed",
        }
    }
    cause_short(cause: Cause) -> &'static str {
        match cause {
            Cause::InterfaceDown => "interface disconnected",
            Cause::FileTooLarge => "file size limit reached",
            Cause::LongerThanDatagram => "longer than a datagram",
            Cause::FramesUnanswered => "some frames get no reply",
            Cause::AnswersUnread => "the peer does not read its replies",
            Cause::AddressInUse => "port in use",
            Cause::HostNotFound => "host not found",
            Cause::Reset => "connection reset",
            Cause::Unreachable => "host unreachable",
            Cause::DiskFull => "disk full",
            Cause::CaptureFailed => "capture not usable",
            Cause::CaptureInUse => "still being written",
            Cause::InsideCapture => "it belongs to a capture",
            Cause::NotACapture => "not a capture",
            Cause::TooManyOpenFiles => "too many open connections",
            Cause::QueueFull => "send queue full",
            Cause::TooLong => "too long for a datagram",
            Cause::RuleNote => "note of a rule",
            Cause::RuleFailed => "a rule failed",
            Cause::RuleFault => "a rule cannot be carried out in line",
            Cause::NoContent => "a variable has no value that can be sent",
            Cause::RuleLoop => "this rule and the peer answer each other without end, so the rules of this connection are stopped",
            Cause::NoPeer => "no peer to send to",
            Cause::Closed => "connection closed",
            Cause::Cancelled => "cancelled",
            Cause::ZoneMissing => "the interface is missing",
            Cause::NoSuchInterface => "no such interface",
            Cause::NotOneHost => "broadcast or multicast",
            Cause::OtherFamily => "other address family",
            Cause::TooManyGroups => "too many groups",
            Cause::NoMulticast => "no multicast there",
            Cause::NoSourceFilter => "IPv4 groups only",
            Cause::NotASocket => "not a socket",
            Cause::LeftBehind => "a file was left behind",
            Cause::Unsupported => "not on this system",
            Cause::SocketInUse => "in use",
            Cause::NoSuchSocket => "no such socket",
            Cause::SocketRefused => "nobody listens",
            Cause::ForwardLoop => "a forward to itself",
            Cause::Invalid => "invalid settings",
            Cause::Tls => "TLS failed",
            Cause::WebSocket => "WebSocket failed",
            Cause::System => "system error",
            Cause::NoLocalAddress => "no local address available",
            Cause::NoSuchAddress => "not an address of this machine",
            Cause::LookUpTimeout => "look-up timed out",
            Cause::Timeout => "timed out",
            Cause::RefusedByIcmp => "nothing is listening there",
            Cause::Refused => "connection refused",
            Cause::NeedsAdministrator => "needs administrator rights",
            Cause::AddressForbidden => "not allowed by the system",
            Cause::PermissionDenied => "permission denied",
            Cause::Forbidden => "forbidden by the system",
            Cause::FileMissing => "no such file",
            Cause::IsAFolder => "is a folder, not a file",
            Cause::FileInUse => "in use by another program",
            Cause::FileUnusable => "file not usable",
        }
    }
}
