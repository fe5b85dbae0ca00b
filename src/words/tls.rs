//! Sentences about TLS: the steps of a handshake, and why it failed.

use super::texts::FaultParts;
use super::{Lang, harmless};
use crate::codec::tls::{KeyExchange, alert_name, group_name, key_exchange, suite_name, version_name};
use crate::model::{TlsCertificate, TlsFault, TlsHello, TlsStep};

/// The most names of a list that a sentence has.
const LISTED: usize = 6;
/// Separates the facts of a step.
const BESIDE: &str = " · ";

/// Why TLS failed, after a colon.
pub(super) fn tls_why(fault: &TlsFault, lang: Lang) -> String {
    lang.texts().tls_why(fault, &parts(fault, lang))
}

/// A fingerprint as other programs show it: `AB:CD:…`.
#[must_use]
pub fn fingerprint(sha256: &str) -> String {
    let pairs: Vec<String> =
        sha256.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair).to_uppercase()).collect();
    harmless(&pairs.join(":"))
}

/// A moment of a certificate: `2026-12-01 04:05 UTC`.
#[must_use]
pub fn certificate_date(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.strftime("%Y-%m-%d %H:%M UTC").to_string())
}

fn parts(fault: &TlsFault, lang: Lang) -> FaultParts {
    let mut parts = FaultParts::default();
    let versions = |versions: &[u16]| listed(versions.iter().map(|version| version_name(*version)), lang);
    match fault {
        TlsFault::Expired { not_after: Some(date) } | TlsFault::NotYetValid { not_before: Some(date) } => {
            parts.date = certificate_date(*date);
        }
        TlsFault::WrongHost { names, .. } | TlsFault::NoProtocol { offered: names } => {
            parts.list = listed(names.iter().map(|name| harmless(name)), lang);
        }
        TlsFault::OtherFingerprint { found: sha256, .. } | TlsFault::Unchecked { sha256 } => {
            parts.fingerprint = fingerprint(sha256);
        }
        TlsFault::NothingInCommon { versions: theirs, suites, ours } => {
            parts.versions = versions(theirs);
            parts.ours = versions(ours);
            parts.has_version = theirs.iter().any(|version| ours.contains(version));
            parts.exchange = exchange(suites, lang);
        }
        TlsFault::NotTls { start } => parts.list = start_of(start),
        TlsFault::Alert { alert, ours } => {
            parts.ours = versions(ours);
            parts.alert = alert_name(*alert).map_or_else(|| alert.to_string(), |name| format!("{name} {alert}"));
        }
        _ => {}
    }
    parts
}

/// The key exchanges of these suites, if this program has none of them.
fn exchange(suites: &[u16], lang: Lang) -> String {
    let mut all: Vec<KeyExchange> = suites.iter().map(|suite| key_exchange(*suite)).collect();
    all.sort_unstable();
    all.dedup();
    if all.iter().any(|kind| !matches!(kind, KeyExchange::Rsa | KeyExchange::Dhe)) {
        return String::new();
    }
    listed(all.into_iter().map(|kind| if kind == KeyExchange::Rsa { "RSA".into() } else { "DHE".into() }), lang)
}

/// The first bytes of a peer: as text if they are text, else as hex.
fn start_of(start: &[u8]) -> String {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || b" \r\n\t".contains(byte);
    if !start.is_empty() && start.iter().all(is_text) {
        let text = String::from_utf8_lossy(start);
        return format!("\"{}\"", harmless(text.lines().next().unwrap_or_default()));
    }
    crate::codec::hex::spaced_lower(&start[..start.len().min(16)])
}

fn listed(names: impl Iterator<Item = String>, lang: Lang) -> String {
    let names: Vec<String> = names.collect();
    let shown = names.len().min(LISTED);
    let text = names[..shown].join(lang.texts().tls_and());
    if shown < names.len() { format!("{text} … (+{})", names.len() - shown) } else { text }
}

/// The sentence of a step of a handshake.
pub(super) fn tls_step(step: &TlsStep, lang: Lang) -> String {
    let texts = lang.texts();
    match step {
        TlsStep::SentHello { hello } => tls_hello(true, hello, lang),
        TlsStep::ReceivedHello { hello } => tls_hello(false, hello, lang),
        TlsStep::Certificates { chain } => certificates(chain, lang),
        TlsStep::Agreed { version, suite, alpn, group, is_resumed, took_ms, .. } => {
            let mut all = vec![texts.tls_agreed().to_owned(), version_name(*version), suite_name(*suite)];
            all.extend(group.map(group_name));
            all.extend(alpn.as_ref().map(|alpn| format!("ALPN {}", harmless(alpn))));
            all.extend(is_resumed.then(|| texts.tls_resumed().to_owned()));
            all.push(format!("{took_ms} ms"));
            all.join(BESIDE)
        }
    }
}

fn tls_hello(is_sent: bool, hello: &TlsHello, lang: Lang) -> String {
    let texts = lang.texts();
    let mut all = vec![texts.tls_hello(is_sent, hello.from_client, hello.is_retry).to_owned()];
    all.push(listed(hello.versions.iter().map(|version| version_name(*version)), lang));
    all.extend(hello.server_name.as_ref().map(|name| texts.tls_server_name(&harmless(name))));
    if !hello.alpn.is_empty() {
        all.push(format!("ALPN {}", listed(hello.alpn.iter().map(|name| harmless(name)), lang)));
    }
    let suites = listed(hello.suites.iter().map(|suite| suite_name(*suite)), lang);
    all.push(if hello.from_client { texts.tls_suites(hello.suites.len() as u64, &suites) } else { suites });
    if !hello.groups.is_empty() {
        all.push(texts.tls_groups(&listed(hello.groups.iter().map(|group| group_name(*group)), lang)));
    }
    all.join(BESIDE)
}

fn certificates(chain: &[TlsCertificate], lang: Lang) -> String {
    let texts = lang.texts();
    let Some((first, issuers)) = chain.split_first() else { return texts.tls_certificate("") };
    let mut all = vec![texts.tls_certificate(&harmless(&first.subject))];
    if first.issuer == first.subject {
        all.push(texts.tls_self_signed().to_owned());
    } else {
        all.push(texts.tls_issuer(&harmless(&first.issuer)));
    }
    all.push(texts.tls_valid(&certificate_date(first.not_before), &certificate_date(first.not_after)));
    if !first.names.is_empty() {
        all.push(texts.tls_names(&listed(first.names.iter().map(|name| harmless(name)), lang)));
    }
    all.extend((!first.key.is_empty()).then(|| harmless(&first.key)));
    all.push(format!("SHA-256 {}", fingerprint(&first.sha256)));
    if !issuers.is_empty() {
        let names = listed(issuers.iter().map(|issuer| harmless(&issuer.subject)), lang);
        all.push(texts.tls_issuers(issuers.len() as u64, &names));
    }
    all.join(BESIDE)
}

#[cfg(test)]
mod tests {
    use super::super::error_sentence;
    use super::*;
    use crate::model::{NetError, Operation};

    fn both(fault: TlsFault) -> [String; 2] {
        let error = NetError::tls(Operation::Accept, "tls://10.0.0.9:443", fault);
        Lang::ALL.map(|lang| error_sentence(&error, lang))
    }

    #[test]
    fn an_old_device_is_named_as_what_it_is() {
        let fault =
            TlsFault::NothingInCommon { versions: vec![0x0301], suites: vec![0x2F, 0x35], ours: vec![0x0304, 0x0303] };
        let all = both(fault).join("\n");
        assert!(
            all.contains("the peer offers TLS 1.0 with RSA key exchange only, which this program does not speak"),
            "{all}"
        );
        assert!(all.contains("对端只提供 TLS 1.0 和 RSA 密钥交换，本程序不支持"), "{all}");
    }

    #[test]
    fn a_plain_peer_is_quoted() {
        for (start, quoted) in [(&b"SSH-2.0-OpenSSH\r\n"[..], "\"SSH-2.0-OpenSSH\""), (b"\x00\x01", "00 01")] {
            for sentence in both(TlsFault::NotTls { start: start.to_vec() }) {
                assert!(sentence.contains(quoted), "{sentence}");
            }
        }
    }

    #[test]
    fn a_remark_is_no_failure() {
        let sentences = both(TlsFault::Truncated);
        assert!(sentences.iter().all(|sentence| sentence.starts_with("TLS 10.0.0.9:443")), "{sentences:?}");
        let sentences = both(TlsFault::Unchecked { sha256: "ab01".into() });
        assert!(sentences.iter().all(|sentence| sentence.ends_with("AB:01")), "{sentences:?}");
    }
}
