//! Error messages: what failed, where, and why.

use super::cause::Cause;
use super::tls::tls_why;
use super::websocket::websocket_why;
use super::{Lang, harmless, system_code};
use crate::model::{ErrorKind, NetError, Operation, TlsFault, UNIX_SCHEME};

/// The full sentence: what failed, where, and why. `无法监听 TCP 0.0.0.0:8080：端口已被另一个程序占用（EADDRINUSE，系统错误 98）`.
#[must_use]
pub fn error_sentence(error: &NetError, lang: Lang) -> String {
    let sentence = format!("{}{}{}", what_failed(error, lang), lang.texts().colon(), why(error, lang));
    match error.code {
        None => sentence,
        Some(code) => lang.texts().with_system_code(&sentence, system_code::name(code), code),
    }
}

/// The same in two parts for a banner: what and where, then why (without the system code).
#[must_use]
pub fn error_parts(error: &NetError, lang: Lang) -> (String, String) {
    let mut why = capitalised(&why(error, lang));
    if error.operation == Operation::Store {
        why.push_str(lang.texts().receiving_waits());
    }
    (what_failed(error, lang), why)
}

/// The short cause, for the line below a field: `端口已被占用`.
#[must_use]
pub fn error_cause(error: &NetError, lang: Lang) -> String {
    capitalised(short(error, lang))
}

/// What failed and the short cause, without the address, for a status line: `监听失败：端口已被占用`.
#[must_use]
pub fn error_brief(error: &NetError, lang: Lang) -> String {
    let texts = lang.texts();
    let what = match error.operation {
        _ if is_local_look_up(error) => texts.local_look_up_failed(),
        _ if came_back(error) => texts.datagram_came_back(),
        operation => texts.failed(operation),
    };
    format!("{what}{}{}", texts.colon(), short(error, lang))
}

fn short(error: &NetError, lang: Lang) -> &'static str {
    match &error.tls {
        Some(fault) => lang.texts().tls_why_short(fault),
        None => lang.texts().cause_short(Cause::of(error)),
    }
}

/// Nothing failed, but the user must know about it.
fn is_remark(error: &NetError) -> bool {
    let of_frames = error.websocket.is_some() && error.operation == Operation::Receive;
    // Listening went on.
    let is_replaced =
        error.kind == ErrorKind::LeftBehind && error.address.starts_with(UNIX_SCHEME) && error.code.is_none();
    of_frames || is_replaced || matches!(error.tls.as_deref(), Some(TlsFault::Truncated | TlsFault::Unchecked { .. }))
}

/// The look-up of the local address failed, before a socket was bound.
fn is_local_look_up(error: &NetError) -> bool {
    error.operation == Operation::Bind
        && !error.address.is_empty()
        && matches!(error.kind, ErrorKind::Resolve | ErrorKind::ZoneMissing | ErrorKind::NoSuchInterface)
}

/// A datagram was sent, and the target answered that no program receives on the port.
fn came_back(error: &NetError) -> bool {
    error.operation == Operation::Send && error.kind == ErrorKind::Refused && error.address.starts_with("udp://")
}

/// `无法监听 TCP 0.0.0.0:8080`.
fn what_failed(error: &NetError, lang: Lang) -> String {
    let texts = lang.texts();
    let place = place(&error.address);
    if is_local_look_up(error) {
        let host = error.address.split_once("://").map_or(error.address.as_str(), |(_, host)| host);
        return texts.cannot_look_up_local(&harmless(host.strip_suffix(":0").unwrap_or(host)));
    }
    match (error.operation, place.as_str()) {
        (_, place) if is_remark(error) => place.to_owned(),
        (_, place) if came_back(error) => texts.datagram_not_received(place),
        (operation, "") => texts.cannot(operation).to_owned(),
        (operation, place) => texts.cannot_at(operation, place),
    }
}

/// `tcp://0.0.0.0:8080` as `TCP 0.0.0.0:8080`; paths and plain addresses as they are.
pub(super) fn place(address: &str) -> String {
    for (scheme, name) in [
        ("tcp://", "TCP "),
        ("tls://", "TLS "),
        ("ws://", "WebSocket "),
        ("wss://", "WebSocket (TLS) "),
        ("udp://", "UDP "),
    ] {
        if let Some(rest) = address.strip_prefix(scheme) {
            return format!("{name}{}", harmless(rest));
        }
    }
    harmless(address)
}

/// The full cause, with the detail if the cause alone is too vague.
fn why(error: &NetError, lang: Lang) -> String {
    if let Some(fault) = &error.websocket {
        return websocket_why(fault, lang);
    }
    if let Some(fault) = &error.tls {
        return tls_why(fault, lang);
    }
    let cause = Cause::of(error);
    let words = lang.texts().cause(cause);
    if !cause.needs_detail() {
        return words.to_owned();
    }
    let detail = lang.texts().detail(cause, detail(error));
    if detail.is_empty() { words.to_owned() } else { format!("{words}{}{detail}", lang.texts().colon()) }
}

/// The text of the system without its trailing error number, which the sentence already contains.
fn detail(error: &NetError) -> &str {
    let end = error.code.map(|code| format!(" (os error {code})")).unwrap_or_default();
    error.detail.trim().strip_suffix(end.as_str()).unwrap_or(error.detail.trim())
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn both(error: &NetError) -> (String, String) {
        (error_sentence(error, Lang::ZhCn), error_sentence(error, Lang::En))
    }

    fn system(operation: Operation, address: &str, error: &io::Error) -> NetError {
        NetError::from_io(operation, address, error)
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn system_errors_name_protocol_address_and_cause() {
        use Operation::{Bind, Connect, Listen, Receive};
        for (operation, address, code, zh, en) in [
            (
                Listen,
                "tcp://0.0.0.0:8080",
                98,
                "无法监听 TCP 0.0.0.0:8080：端口已被另一个程序占用（EADDRINUSE，系统错误 98）",
                "Cannot listen on TCP 0.0.0.0:8080: the port is in use by another program (EADDRINUSE, system error 98)",
            ),
            (
                Listen,
                "tcp://[::]:80",
                13,
                "无法监听 TCP [::]:80：1024 以下的端口需要管理员权限（EACCES，系统错误 13）",
                "Cannot listen on TCP [::]:80: ports below 1024 need administrator rights (EACCES, system error 13)",
            ),
            (
                Bind,
                "udp://10.9.8.7:9000",
                99,
                "无法绑定 UDP 10.9.8.7:9000：本机没有这个地址（EADDRNOTAVAIL，系统错误 99）",
                "Cannot bind UDP 10.9.8.7:9000: this machine has no such address (EADDRNOTAVAIL, system error 99)",
            ),
            (
                Connect,
                "tcp://127.0.0.1:1",
                111,
                "无法连接 TCP 127.0.0.1:1：对端拒绝连接，该端口没有程序在监听（ECONNREFUSED，系统错误 111）",
                "Cannot connect to TCP 127.0.0.1:1: the connection was refused because nothing is listening on that port (ECONNREFUSED, system error 111)",
            ),
            (
                Receive,
                "127.0.0.1:1",
                111,
                "无法从 127.0.0.1:1 接收：对端主机答复 ICMP 端口不可达，对端该端口没有程序监听（ECONNREFUSED，系统错误 111）",
                "Cannot receive from 127.0.0.1:1: the host answered ICMP port unreachable, nothing is listening there (ECONNREFUSED, system error 111)",
            ),
            (
                Connect,
                "tcp://[fe80::1]:1",
                22,
                "无法连接 TCP [fe80::1]:1：系统报告了错误（EINVAL，系统错误 22）",
                "Cannot connect to TCP [fe80::1]:1: the system reported an error: Invalid argument (EINVAL, system error 22)",
            ),
        ] {
            let error = system(operation, address, &io::Error::from_raw_os_error(code));
            assert_eq!(both(&error), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn own_findings_have_no_system_code() {
        for (error, zh, en) in [
            (
                NetError::new(Operation::Send, ErrorKind::NoPeer, "", ""),
                "无法发送：没有可发送的对端",
                "Cannot send: there is no peer to send to",
            ),
            (
                NetError::new(Operation::Reply, ErrorKind::TooLong, "tcp://127.0.0.1:1", "ignored"),
                "TCP 127.0.0.1:1 的自动应答：有的帧因太长或一次到达太多而没有应答",
                "Replies on TCP 127.0.0.1:1: some frames get no reply because they are too long, or because too many arrived at once",
            ),
            (
                NetError::new(Operation::Reply, ErrorKind::QueueFull, "127.0.0.1:2", "ignored"),
                "127.0.0.1:2 的自动应答：对端没有读取应答，因此暂停接收其数据，待其读取后继续",
                "Replies on 127.0.0.1:2: the peer does not read its replies, so reading from it is paused until it does",
            ),
            (
                NetError::new(Operation::Resolve, ErrorKind::Resolve, "tcp://nowhere:1", "Name or service not known"),
                "无法解析 TCP nowhere:1：找不到这个主机名的地址",
                "Cannot look up TCP nowhere:1: no address was found for the host name: Name or service not known",
            ),
            (
                NetError::new(Operation::Bind, ErrorKind::Resolve, "tcp://bad:0", "Name or service not known"),
                "无法解析本地地址 bad：找不到这个主机名的地址",
                "Cannot look up the local address bad: no address was found for the host name: Name or service not known",
            ),
            (
                NetError::new(Operation::Send, ErrorKind::Refused, "udp://127.0.0.1:9", ""),
                "已发往 UDP 127.0.0.1:9 的数据报未被接收：对端主机答复 ICMP 端口不可达，对端该端口没有程序监听",
                "A datagram sent to UDP 127.0.0.1:9 was not received: the host answered ICMP port unreachable, nothing is listening there",
            ),
            (
                NetError::new(Operation::ReadFile, ErrorKind::File, "/tmp/a\nb", "not a regular file"),
                "无法读取文件 /tmp/a\\nb：文件不可用或已改变：不是普通文件",
                "Cannot read the file /tmp/a\\nb: the file cannot be used or has changed: not a regular file",
            ),
            (
                NetError::new(Operation::Listen, ErrorKind::NotOneHost, "tcp://255.255.255.255:0", ""),
                "无法监听 TCP 255.255.255.255:0：广播或组播地址不能用于 TCP",
                "Cannot listen on TCP 255.255.255.255:0: TCP cannot use broadcast or multicast addresses",
            ),
            (
                NetError::new(Operation::Resolve, ErrorKind::ZoneMissing, "tcp://[fe80::1]:0", "fe80::1%eth0"),
                "无法解析 TCP [fe80::1]:0：链路本地地址后要写网络接口名，例如：fe80::1%eth0",
                "Cannot look up TCP [fe80::1]:0: a link-local address needs an interface after it, for example: fe80::1%eth0",
            ),
            (
                NetError::new(Operation::Connect, ErrorKind::Timeout, "tcp://192.0.2.1:9", "ignored"),
                "无法连接 TCP 192.0.2.1:9：对端在时限内没有应答",
                "Cannot connect to TCP 192.0.2.1:9: no answer in time",
            ),
        ] {
            assert_eq!(both(&error), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn a_banner_has_two_parts_and_a_field_the_cause() {
        let error = system(Operation::Listen, "tcp://0.0.0.0:8080", &io::Error::from(io::ErrorKind::AddrInUse));
        assert_eq!(
            error_parts(&error, Lang::ZhCn),
            ("无法监听 TCP 0.0.0.0:8080".to_owned(), "端口已被另一个程序占用".to_owned())
        );
        assert_eq!(
            error_parts(&error, Lang::En),
            ("Cannot listen on TCP 0.0.0.0:8080".to_owned(), "The port is in use by another program".to_owned())
        );
        assert_eq!(error_cause(&error, Lang::ZhCn), "端口已被占用");
        assert_eq!(error_cause(&error, Lang::En), "Port in use");
        assert_eq!(error_brief(&error, Lang::ZhCn), "监听失败：端口已被占用");
        assert_eq!(error_brief(&error, Lang::En), "Listening failed: port in use");
    }

    #[test]
    fn privileged_is_said_only_of_privileged_ports() {
        for (address, privileged) in [
            ("tcp://0.0.0.0:1023", true),
            ("udp://[::]:1", true),
            ("tcp://0.0.0.0:1024", false),
            ("tcp://0.0.0.0:0", false),
            ("", false),
        ] {
            let error = system(Operation::Listen, address, &io::Error::from(io::ErrorKind::PermissionDenied));
            assert_eq!(error_sentence(&error, Lang::ZhCn).contains("管理员"), privileged, "{address}");
        }
        let connect =
            system(Operation::Connect, "tcp://10.0.0.1:80", &io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(error_cause(&connect, Lang::En), "Forbidden by the system");
    }

    #[test]
    #[cfg(unix)]
    fn an_interface_of_ours_that_is_down_is_told_from_a_missing_route() {
        // The detail that the engine gives.
        let detail = "the interface eth0 with 10.0.0.2 is down or has no link";
        let ours = NetError::new(Operation::Receive, ErrorKind::Unreachable, "tcp://10.0.0.2:80", detail);
        let sentence = error_sentence(&ours, Lang::ZhCn);
        assert!(sentence.ends_with("本机的网络接口已断开：eth0"), "{sentence}");
        let code = rustix::io::Errno::NETUNREACH.raw_os_error();
        let route = system(Operation::Connect, "tcp://10.0.0.2:80", &io::Error::from_raw_os_error(code));
        assert_eq!(error_cause(&route, Lang::ZhCn), "主机不可达");
    }

    #[test]
    #[cfg(unix)]
    fn missing_files_are_told_from_changed_ones() {
        let missing =
            system(Operation::ReadFile, "/x", &io::Error::from_raw_os_error(rustix::io::Errno::NOENT.raw_os_error()));
        assert_eq!(error_cause(&missing, Lang::ZhCn), "文件不存在");
        let changed = NetError::new(Operation::ReadFile, ErrorKind::File, "/x", "changed");
        assert_eq!(error_cause(&changed, Lang::ZhCn), "文件不可用");
    }

    #[test]
    fn every_operation_and_kind_has_words_in_both_languages() {
        for operation in Operation::all() {
            for kind in ErrorKind::all() {
                for address in ["", "tcp://[::1]:9"] {
                    let error = NetError { code: Some(100_000), ..NetError::new(operation, kind, address, "") };
                    for text in [
                        error_sentence(&error, Lang::ZhCn),
                        error_parts(&error, Lang::ZhCn).1,
                        error_cause(&error, Lang::ZhCn),
                        error_brief(&error, Lang::ZhCn),
                    ] {
                        assert!(text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{text}");
                    }
                    let english = error_sentence(&error, Lang::En);
                    // A reply that is left out is no failed operation.
                    let head = if operation == Operation::Reply { "Replies" } else { "Cannot " };
                    assert!(
                        english.starts_with(head) && english.ends_with("(system error 100000)") && english.is_ascii(),
                        "{english}"
                    );
                    assert_eq!(english.contains("[::1]:9"), !address.is_empty());
                    assert!(error_cause(&error, Lang::En).is_ascii() && error_brief(&error, Lang::En).is_ascii());
                }
            }
        }
    }
}
