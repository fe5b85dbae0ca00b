//! Failures in words: what failed, where, why.

use super::cause::Cause;
use super::{Lang, harmless, system_code};
use crate::model::{ErrorKind, NetError, Operation};

/// One clear sentence: what failed, where, why. `无法监听 TCP 0.0.0.0:8080：端口已被另一个程序占用（EADDRINUSE，系统错误 98）`.
#[must_use]
pub fn error_sentence(error: &NetError, lang: Lang) -> String {
    let what = what_failed(error, lang);
    let why = why(error, lang);
    match (lang, error.code) {
        (Lang::ZhCn, None) => format!("{what}：{why}"),
        (Lang::En, None) => format!("{what}: {why}"),
        (Lang::ZhCn, Some(code)) => {
            let name = system_code::name(code).map(|name| format!("{name}，")).unwrap_or_default();
            format!("{what}：{why}（{name}系统错误 {code}）")
        }
        (Lang::En, Some(code)) => {
            let name = system_code::name(code).map(|name| format!("{name}, ")).unwrap_or_default();
            format!("{what}: {why} ({name}system error {code})")
        }
    }
}

/// The same in two parts for a banner: what and where, then why (without the system code).
#[must_use]
pub fn error_parts(error: &NetError, lang: Lang) -> (String, String) {
    let mut why = capitalised(&why(error, lang));
    if error.operation == Operation::Store {
        why.push_str(lang.pick("，接收已暂停，可以写入后自动继续", "; receiving waits until it can be written"));
    }
    (what_failed(error, lang), why)
}

/// Only the cause, short, for under a field: `端口已被占用`.
#[must_use]
pub fn error_cause(error: &NetError, lang: Lang) -> String {
    let cause = Cause::of(error);
    capitalised(lang.pick(cause.zh_short, cause.en_short))
}

/// What failed and the short cause, without the address, for a status line: `监听失败：端口已被占用`.
#[must_use]
pub fn error_brief(error: &NetError, lang: Lang) -> String {
    let cause = Cause::of(error);
    let (zh, en) = match error.operation {
        _ if is_local_look_up(error) => ("本地地址解析失败", "Local address look-up failed"),
        _ if came_back(error) => ("数据报未被接收", "Datagram not received"),
        Operation::Resolve => ("域名解析失败", "Name look-up failed"),
        Operation::Listen => ("监听失败", "Listening failed"),
        Operation::Bind => ("绑定失败", "Binding failed"),
        Operation::Connect => ("连接失败", "Connecting failed"),
        Operation::Accept => ("接受连接失败", "Accepting failed"),
        Operation::Receive => ("接收失败", "Receiving failed"),
        Operation::Send => ("发送失败", "Sending failed"),
        Operation::ReadFile => ("读取文件失败", "Reading the file failed"),
        Operation::Store => ("写入记录失败", "Writing the capture failed"),
        Operation::OpenCapture => ("打开记录失败", "Opening the capture failed"),
        Operation::DeleteCapture => ("删除捕获失败", "Deleting the capture failed"),
        Operation::SaveFile => ("写入文件失败", "Writing the file failed"),
    };
    match lang {
        Lang::ZhCn => format!("{zh}：{}", cause.zh_short),
        Lang::En => format!("{en}: {}", cause.en_short),
    }
}

/// The address of ours was not found, before anything was bound.
fn is_local_look_up(error: &NetError) -> bool {
    error.operation == Operation::Bind
        && !error.address.is_empty()
        && matches!(error.kind, ErrorKind::Resolve | ErrorKind::ZoneMissing | ErrorKind::NoSuchInterface)
}

/// A datagram went out, and the system of its target answered that nothing receives there.
fn came_back(error: &NetError) -> bool {
    error.operation == Operation::Send && error.kind == ErrorKind::Refused && error.address.starts_with("udp://")
}

/// `无法监听 TCP 0.0.0.0:8080`.
fn what_failed(error: &NetError, lang: Lang) -> String {
    let place = place(&error.address);
    if is_local_look_up(error) {
        let host = error.address.split_once("://").map_or(error.address.as_str(), |(_, host)| host);
        let host = harmless(host.strip_suffix(":0").unwrap_or(host));
        return match lang {
            Lang::ZhCn => format!("无法解析本地地址 {host}"),
            Lang::En => format!("Cannot look up the local address {host}"),
        };
    }
    if came_back(error) {
        return match lang {
            Lang::ZhCn => format!("已发往 {place} 的数据报未被接收"),
            Lang::En => format!("A datagram sent to {place} was not received"),
        };
    }
    if place.is_empty() {
        let (zh, en) = match error.operation {
            Operation::Resolve => ("无法解析主机名", "Cannot look up the host name"),
            Operation::Listen => ("无法监听", "Cannot listen"),
            Operation::Bind => ("无法绑定本地地址", "Cannot bind the local address"),
            Operation::Connect => ("无法连接", "Cannot connect"),
            Operation::Accept => ("无法接受新连接", "Cannot accept connections"),
            Operation::Receive => ("无法接收", "Cannot receive"),
            Operation::Send => ("无法发送", "Cannot send"),
            Operation::ReadFile => ("无法读取文件", "Cannot read the file"),
            Operation::Store => ("无法写入记录", "Cannot write the capture"),
            Operation::OpenCapture => ("无法打开记录", "Cannot open the capture"),
            Operation::DeleteCapture => ("无法删除捕获", "Cannot delete the capture"),
            Operation::SaveFile => ("无法写入文件", "Cannot write the file"),
        };
        return lang.pick(zh, en).to_owned();
    }
    match (lang, error.operation) {
        (Lang::ZhCn, Operation::Resolve) => format!("无法解析 {place}"),
        (Lang::En, Operation::Resolve) => format!("Cannot look up {place}"),
        (Lang::ZhCn, Operation::Listen) => format!("无法监听 {place}"),
        (Lang::En, Operation::Listen) => format!("Cannot listen on {place}"),
        (Lang::ZhCn, Operation::Bind) => format!("无法绑定 {place}"),
        (Lang::En, Operation::Bind) => format!("Cannot bind {place}"),
        (Lang::ZhCn, Operation::Connect) => format!("无法连接 {place}"),
        (Lang::En, Operation::Connect) => format!("Cannot connect to {place}"),
        (Lang::ZhCn, Operation::Accept) => format!("无法在 {place} 接受新连接"),
        (Lang::En, Operation::Accept) => format!("Cannot accept connections on {place}"),
        (Lang::ZhCn, Operation::Receive) => format!("无法从 {place} 接收"),
        (Lang::En, Operation::Receive) => format!("Cannot receive from {place}"),
        (Lang::ZhCn, Operation::Send) => format!("无法发送到 {place}"),
        (Lang::En, Operation::Send) => format!("Cannot send to {place}"),
        (Lang::ZhCn, Operation::ReadFile) => format!("无法读取文件 {place}"),
        (Lang::En, Operation::ReadFile) => format!("Cannot read the file {place}"),
        (Lang::ZhCn, Operation::Store) => format!("无法写入记录 {place}"),
        (Lang::En, Operation::Store) => format!("Cannot write the capture {place}"),
        (Lang::ZhCn, Operation::OpenCapture) => format!("无法打开记录 {place}"),
        (Lang::En, Operation::OpenCapture) => format!("Cannot open the capture {place}"),
        (Lang::ZhCn, Operation::DeleteCapture) => format!("无法删除捕获 {place}"),
        (Lang::En, Operation::DeleteCapture) => format!("Cannot delete the capture {place}"),
        (Lang::ZhCn, Operation::SaveFile) => format!("无法写入文件 {place}"),
        (Lang::En, Operation::SaveFile) => format!("Cannot write the file {place}"),
    }
}

/// `tcp://0.0.0.0:8080` as `TCP 0.0.0.0:8080`; paths and plain addresses as they are.
pub(super) fn place(address: &str) -> String {
    for (scheme, name) in [("tcp://", "TCP "), ("udp://", "UDP ")] {
        if let Some(rest) = address.strip_prefix(scheme) {
            return format!("{name}{}", harmless(rest));
        }
    }
    harmless(address)
}

/// The cause in full, with the detail where the kind alone says too little.
fn why(error: &NetError, lang: Lang) -> String {
    let cause = Cause::of(error);
    let words = lang.pick(cause.zh, cause.en);
    let detail = match lang {
        // The system's text, and that of libraries, is English.
        // Names of interfaces are of no language.
        Lang::ZhCn if matches!(error.kind, ErrorKind::ZoneMissing | ErrorKind::NoSuchInterface) => detail(error),
        Lang::ZhCn => zh_detail(error),
        Lang::En => detail(error),
    };
    match lang {
        _ if !cause.needs_detail || detail.is_empty() => words.to_owned(),
        Lang::ZhCn => format!("{words}：{detail}"),
        Lang::En => format!("{words}: {detail}"),
    }
}

/// The system's own text without the number at its end, which stands in the sentence already.
fn detail(error: &NetError) -> String {
    let end = error.code.map(|code| format!(" (os error {code})")).unwrap_or_default();
    harmless(error.detail.trim().strip_suffix(end.as_str()).unwrap_or(error.detail.trim()))
}

/// What our own details add, in Chinese; nothing of the system's.
fn zh_detail(error: &NetError) -> String {
    let detail = error.detail.trim();
    let interface = detail.strip_suffix(" is down").filter(|name| !name.contains(' '));
    let known = match detail {
        "not a regular file" | "is no regular file" => "不是普通文件",
        "the name has no address" | "the look-up ended without a result" => "没有解析结果",
        "the interval of a repeat is at least 1 ms" => "循环间隔至少为 1 ms",
        "the session is open already" => "会话已经打开",
        "only a TCP client connects" => "只有 TCP 客户端会连接",
        "an endless repeat needs an interval" => "不限次数的循环需要间隔",
        "too many sends are under way" => "同时进行的发送太多",
        "port 0 names nobody" => "端口不能为 0",
        _ if detail.starts_with("the file changed while it was sent") => "文件在发送期间被修改",
        _ if detail.starts_with("format version ") => "不支持它的格式版本",
        _ if detail.starts_with("meta.json") => "meta.json 已损坏或无法读取",
        _ => return interface.map(harmless).unwrap_or_default(),
    };
    known.to_owned()
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
                "无法连接 TCP 127.0.0.1:1：对方拒绝连接，该端口没有程序在监听（ECONNREFUSED，系统错误 111）",
                "Cannot connect to TCP 127.0.0.1:1: the connection was refused, nothing listens on that port (ECONNREFUSED, system error 111)",
            ),
            (
                Receive,
                "127.0.0.1:1",
                111,
                "无法从 127.0.0.1:1 接收：对方主机答复 ICMP 端口不可达，该端口没有程序接收（ECONNREFUSED，系统错误 111）",
                "Cannot receive from 127.0.0.1:1: the host answered ICMP port unreachable, nothing receives there (ECONNREFUSED, system error 111)",
            ),
            (
                Connect,
                "tcp://[fe80::1]:1",
                22,
                "无法连接 TCP [fe80::1]:1：系统报告了错误（EINVAL，系统错误 22）",
                "Cannot connect to TCP [fe80::1]:1: the system reports an error: Invalid argument (EINVAL, system error 22)",
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
                "无法发送：没有可以发送到的对象",
                "Cannot send: there is nobody to send to",
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
                "已发往 UDP 127.0.0.1:9 的数据报未被接收：对方主机答复 ICMP 端口不可达，该端口没有程序接收",
                "A datagram sent to UDP 127.0.0.1:9 was not received: the host answered ICMP port unreachable, nothing receives there",
            ),
            (
                NetError::new(Operation::ReadFile, ErrorKind::File, "/tmp/a\nb", "not a regular file"),
                "无法读取文件 /tmp/a\\nb：文件不可用或已改变：不是普通文件",
                "Cannot read the file /tmp/a\\nb: the file is not usable or has changed: not a regular file",
            ),
            (
                NetError::new(Operation::Listen, ErrorKind::NotOneHost, "tcp://255.255.255.255:0", ""),
                "无法监听 TCP 255.255.255.255:0：广播或组播地址不能用于 TCP",
                "Cannot listen on TCP 255.255.255.255:0: TCP has no broadcast or multicast addresses",
            ),
            (
                NetError::new(Operation::Resolve, ErrorKind::ZoneMissing, "tcp://[fe80::1]:0", "fe80::1%eth0"),
                "无法解析 TCP [fe80::1]:0：链路本地地址后要写网络接口名，例如：fe80::1%eth0",
                "Cannot look up TCP [fe80::1]:0: a link-local address needs its interface behind it, for example: fe80::1%eth0",
            ),
            (
                NetError::new(Operation::Connect, ErrorKind::Timeout, "tcp://192.0.2.1:9", "ignored"),
                "无法连接 TCP 192.0.2.1:9：对方在时限内没有应答",
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
        let ours = NetError::new(Operation::Receive, ErrorKind::Unreachable, "tcp://10.0.0.2:80", "eth0 is down");
        let sentence = error_sentence(&ours, Lang::ZhCn);
        assert!(sentence.contains("本机的网络接口已断开") && sentence.contains("eth0"), "{sentence}");
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
                    assert!(
                        english.starts_with("Cannot ")
                            && english.ends_with("(system error 100000)")
                            && english.is_ascii(),
                        "{english}"
                    );
                    assert_eq!(english.contains("[::1]:9"), !address.is_empty());
                    assert!(error_cause(&error, Lang::En).is_ascii() && error_brief(&error, Lang::En).is_ascii());
                }
            }
        }
    }
}
