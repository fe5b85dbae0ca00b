//! TLS in Chinese.

use super::ZhCn;
use crate::model::TlsFault;
use crate::words::harmless;
use crate::words::texts::FaultParts;

texts! { Tls for ZhCn;

    tls_and: "、";
    tls_why(fault: &TlsFault, parts: &FaultParts) -> String {
        match fault {
            TlsFault::Expired { not_after: None } => "证书已过期".to_owned(),
            TlsFault::Expired { .. } => format!("证书已于 {} 过期", parts.date),
            TlsFault::NotYetValid { not_before: None } => "证书尚未生效".to_owned(),
            TlsFault::NotYetValid { .. } => format!("证书到 {} 才生效（请检查本机时钟）", parts.date),
            TlsFault::WrongHost { expected, .. } if parts.list.is_empty() => {
                format!("证书不含任何主机名，应为 {}", harmless(expected))
            }
            TlsFault::WrongHost { expected, .. } => {
                format!("证书不是颁发给 {} 的，而是颁发给 {}", harmless(expected), parts.list)
            }
            TlsFault::UnknownIssuer { is_self_signed: true, .. } => "证书是自签名的，没有受信任的颁发者".to_owned(),
            TlsFault::UnknownIssuer { issuer: Some(issuer), .. } => {
                format!("证书的颁发者不受信任：{}", harmless(issuer))
            }
            TlsFault::UnknownIssuer { .. } => "证书的颁发者不受信任".to_owned(),
            TlsFault::BadCertificate { .. } => "证书无法使用（已损坏、用途不符或签名算法不受支持）".to_owned(),
            TlsFault::OtherFingerprint { .. } => format!("证书与指定的不一致，其 SHA-256 指纹为 {}", parts.fingerprint),
            TlsFault::Unchecked { .. } => format!("已接受未经验证的证书，SHA-256 指纹 {}", parts.fingerprint),
            TlsFault::NothingInCommon { versions, .. } if versions.is_empty() => "对端没有提供此处允许的任何算法".to_owned(),
            TlsFault::NothingInCommon { .. } => nothing_in_common(parts),
            TlsFault::NoProtocol { .. } if parts.list.is_empty() => "对端没有提供任何协议（ALPN）".to_owned(),
            TlsFault::NoProtocol { .. } => format!("对端的协议（ALPN）与本端没有交集，对端只有 {}", parts.list),
            TlsFault::NotTls { .. } if parts.list.is_empty() => "对端不支持 TLS，没有应答就关闭了连接".to_owned(),
            TlsFault::NotTls { .. } => format!("对端不支持 TLS，它发来的是 {}", parts.list),
            TlsFault::Alert { alert, .. } => {
                let reason = match alert {
                    40 => "对端不接受本端提供的任何算法，往往因为它只有较旧的密码套件",
                    42 | 43 | 46 => "对端不接受本端的证书",
                    44 => "本端的证书已被吊销",
                    45 => "本端的证书已过期",
                    48 => "对端不认识本端证书的颁发者",
                    49 => "对端拒绝访问",
                    70 => return format!(
                        "对端不接受本端的任何版本（{}），它可能只支持更旧的版本［警报 {}］",
                        parts.ours, parts.alert
                    ),
                    71 => "对端要求更强的加密",
                    112 => "对端没有所请求名称（SNI）的证书",
                    116 => "对端要求客户端证书",
                    120 => "对端没有本端提供的任何协议（ALPN）",
                    _ => return format!("被对端拒绝［警报 {}］", parts.alert),
                };
                format!("{reason}［警报 {}］", parts.alert)
            }
            TlsFault::NoClientCertificate => "客户端没有出示证书，而此处要求证书".to_owned(),
            TlsFault::Ended => "对端在握手过程中关闭了连接".to_owned(),
            TlsFault::Truncated => "对端没有发送 close_notify 就结束了连接，末尾可能缺少数据".to_owned(),
            TlsFault::Protocol { .. } => "对端违反了 TLS 协议".to_owned(),
            TlsFault::BadName { name } => format!("{} 不能作为证书中的服务器名称", harmless(name)),
            TlsFault::NoCertificateInFile => "文件中没有 PEM 格式的证书".to_owned(),
            TlsFault::NoKeyInFile => "文件中没有 PEM 格式的私钥".to_owned(),
            TlsFault::EncryptedKey => "私钥有密码保护，只能使用没有密码的私钥".to_owned(),
            TlsFault::KeyMismatch => "私钥与证书不匹配".to_owned(),
            TlsFault::UnusableFile { .. } => "其中的证书或私钥已损坏，或其类型不受支持".to_owned(),
            TlsFault::NoSystemRoots => "系统没有受信任的证书颁发机构，请指定一个 CA 文件".to_owned(),
        }
    }
    tls_why_short(fault: &TlsFault) -> &'static str {
        match fault {
            TlsFault::Expired { .. } => "证书已过期",
            TlsFault::NotYetValid { .. } => "证书尚未生效",
            TlsFault::WrongHost { .. } => "证书与主机名不符",
            TlsFault::UnknownIssuer { .. } => "颁发者不受信任",
            TlsFault::BadCertificate { .. } => "证书无法使用",
            TlsFault::OtherFingerprint { .. } => "证书与指定的不一致",
            TlsFault::Unchecked { .. } => "证书未经验证",
            TlsFault::NothingInCommon { .. } => "没有共同的版本或密码套件",
            TlsFault::NoProtocol { .. } => "没有共同的协议（ALPN）",
            TlsFault::NotTls { .. } => "对端不支持 TLS",
            TlsFault::Alert { .. } => "被对端拒绝",
            TlsFault::NoClientCertificate => "缺少客户端证书",
            TlsFault::Ended => "握手过程中被关闭",
            TlsFault::Truncated => "没有 close_notify 就结束",
            TlsFault::Protocol { .. } => "对端违反 TLS 协议",
            TlsFault::BadName { .. } => "不是服务器名称",
            TlsFault::NoCertificateInFile => "文件中没有证书",
            TlsFault::NoKeyInFile => "文件中没有私钥",
            TlsFault::EncryptedKey => "私钥有密码保护",
            TlsFault::KeyMismatch => "私钥与证书不匹配",
            TlsFault::UnusableFile { .. } => "证书文件无法使用",
            TlsFault::NoSystemRoots => "没有受信任的颁发机构",
        }
    }
    tls_hello(is_sent: bool, from_client: bool, is_retry: bool) -> &'static str {
        match (is_sent, from_client, is_retry) {
            (true, true, _) => "已发送 TLS ClientHello",
            (true, false, false) => "已发送 TLS ServerHello",
            (true, false, true) => "已发送 TLS ServerHello（要求重发 ClientHello）",
            (false, true, _) => "收到 TLS ClientHello",
            (false, false, false) => "收到 TLS ServerHello",
            (false, false, true) => "收到 TLS ServerHello（要求重发 ClientHello）",
        }
    }
    tls_server_name(name: &str) => "服务器名称 {name}";
    tls_suites(count: u64, names: &str) => "{count} 个密码套件：{names}";
    tls_groups(names: &str) => "密钥交换组 {names}";
    tls_certificate(subject: &str) => "对端的 TLS 证书：{subject}";
    tls_issuer(issuer: &str) => "颁发者 {issuer}";
    tls_self_signed: "自签名";
    tls_valid(from: &str, to: &str) => "有效期 {from} 至 {to}";
    tls_names(names: &str) => "用于 {names}";
    tls_issuers(count: u64, names: &str) => "附 {count} 个颁发者证书：{names}";
    tls_agreed: "TLS 已建立";
    tls_resumed: "恢复了以前的会话";

    // Window
    tls_encryption: "TLS 加密";
    tls_trust() -> (&'static str, &'static str) { ("信任", "信任的证书") }
    tls_trusts() -> [&'static str; 4] { ["系统的 CA", "文件中的 CA", "不验证，显示指纹", "只信任一个指纹"] }
    tls_authority_file() -> (&'static str, &'static str) { ("CA 文件", "CA 文件") }
    tls_fingerprint() -> (&'static str, &'static str) { ("SHA-256", "证书指纹") }
    tls_sni() -> (&'static str, &'static str) { ("名称", "服务器名称（SNI）") }
    tls_as_remote: "同远程地址";
    tls_own_certificate() -> (&'static str, &'static str) { ("证书文件", "证书文件") }
    tls_key() -> (&'static str, &'static str) { ("私钥文件", "私钥文件") }
    tls_key_beside: "在证书文件中";
    tls_server_certificate() -> (&'static str, &'static str) { ("证书", "服务器证书") }
    tls_server_certificates() -> [&'static str; 2] { ["自签名", "来自文件"] }
    tls_client_authority() -> (&'static str, &'static str) { ("客户端 CA", "客户端证书的 CA 文件") }
    tls_key_log() -> (&'static str, &'static str) { ("密钥日志", "密钥日志文件") }
    tls_no_file: "请填写文件路径";
    tls_no_fingerprint: "应为 64 个十六进制数字";
    tls_no_protocols: "应为以逗号分隔的名称";
    tls_unchecked: "证书未经验证";
    tls_trust_this: "信任此证书";
}

fn nothing_in_common(parts: &FaultParts) -> String {
    let FaultParts { versions, exchange, ours, .. } = parts;
    match (parts.has_version, exchange.is_empty()) {
        (false, true) => format!("对端只提供 {versions}，本程序不支持（此处可用 {ours}）"),
        (false, false) => {
            format!("对端只提供 {versions} 和 {exchange} 密钥交换，本程序不支持（此处可用 {ours} 和 ECDHE）")
        }
        (true, false) => format!("对端提供 {versions}，但只有 {exchange} 密钥交换，本程序不支持（此处可用 ECDHE）"),
        (true, true) => format!("对端提供 {versions}，但没有本程序支持的密码套件、密钥交换组或签名算法"),
    }
}
