//! TLS in the `session` block of a talk file: `tls-ca "ca.pem"`.

use super::opening::{single, unexpected};
use crate::model::{
    HostPort, ServerIdentity, SessionConfig, TcpClientConfig, TcpServerConfig, TlsClientConfig, TlsFiles,
    TlsServerConfig, TlsTrust, TlsVersion, TlsVersions, alpn_of,
};
use crate::talk::content::is_below;
use crate::talk::error::{Error, ErrorKind};
use crate::talk::eval::FaultKind;
use crate::talk::tree::{Role, SessionOption};
use std::path::{Path, PathBuf};

/// A session at a `tls://` address. A server without `tls-cert` signs its certificate itself.
pub(super) fn config(role: Role, at: HostPort) -> SessionConfig {
    match role {
        Role::Connect => SessionConfig::TcpClient(TcpClientConfig {
            tls: Some(TlsClientConfig::default()),
            ..TcpClientConfig::new(at)
        }),
        _ => SessionConfig::TcpServer(TcpServerConfig {
            tls: Some(TlsServerConfig::default()),
            ..TcpServerConfig::new(at)
        }),
    }
}

/// Sets an option of TLS. `None`: it is not one, or not of this session.
pub(super) fn set(option: &SessionOption, config: &mut SessionConfig) -> Option<Result<(), Error>> {
    match config {
        SessionConfig::TcpClient(TcpClientConfig { tls: Some(tls), .. }) => set_of_client(option, tls),
        SessionConfig::TcpServer(TcpServerConfig { tls: Some(tls), .. }) => set_of_server(option, tls),
        _ => None,
    }
}

fn set_of_client(option: &SessionOption, tls: &mut TlsClientConfig) -> Option<Result<(), Error>> {
    let done = match option.name.value.as_str() {
        "tls-ca" => path(option).map(|file| tls.trust = TlsTrust::Authority { file }),
        "tls-insecure" => flag(option).map(|()| tls.trust = TlsTrust::Any),
        "tls-fingerprint" => fingerprint(option).map(|sha256| tls.trust = TlsTrust::Fingerprint { sha256 }),
        "tls-name" => single(option).map(|(name, _)| tls.server_name = Some(name)),
        "tls-cert" => path(option).map(|file| set_certificates(&mut tls.identity, file)),
        "tls-key" => path(option).map(|file| set_key(&mut tls.identity, file)),
        _ => return set_of_both(option, &mut tls.versions, &mut tls.alpn),
    };
    Some(done)
}

fn set_of_server(option: &SessionOption, tls: &mut TlsServerConfig) -> Option<Result<(), Error>> {
    let mut files = match &tls.identity {
        ServerIdentity::Files(files) => Some(files.clone()),
        ServerIdentity::SelfSigned => None,
    };
    let done = match option.name.value.as_str() {
        "tls-self-signed" => flag(option).map(|()| tls.identity = ServerIdentity::SelfSigned),
        "tls-cert" => path(option).map(|file| set_certificates(&mut files, file)),
        "tls-key" => path(option).map(|file| set_key(&mut files, file)),
        "tls-client-ca" => path(option).map(|file| tls.client_authority = Some(file)),
        _ => return set_of_both(option, &mut tls.versions, &mut tls.alpn),
    };
    if let Some(files) = files.filter(|_| option.name.value != "tls-self-signed") {
        tls.identity = ServerIdentity::Files(files);
    }
    Some(done)
}

fn set_of_both(
    option: &SessionOption,
    versions: &mut TlsVersions,
    alpn: &mut Vec<String>,
) -> Option<Result<(), Error>> {
    let done = match option.name.value.as_str() {
        "tls-min" => version(option).map(|version| versions.min = version),
        "tls-max" => version(option).map(|version| versions.max = version),
        "alpn" => single(option).and_then(|(text, span)| {
            *alpn = alpn_of(&text).map_err(|_| unexpected(option, span, &["h2,http/1.1"]))?;
            Ok(())
        }),
        _ => return None,
    };
    Some(done)
}

fn set_certificates(files: &mut Option<TlsFiles>, file: PathBuf) {
    match files {
        Some(files) => files.certificates = file,
        None => *files = Some(TlsFiles { certificates: file.clone(), key: file }),
    }
}

fn set_key(files: &mut Option<TlsFiles>, file: PathBuf) {
    match files {
        Some(files) => files.key = file,
        None => *files = Some(TlsFiles { certificates: file.clone(), key: file }),
    }
}

/// A file below the folder of the talk file, which may come from others.
fn path(option: &SessionOption) -> Result<PathBuf, Error> {
    let (text, span) = single(option)?;
    if is_below(&text) {
        Ok(PathBuf::from(text))
    } else {
        Err(Error { kind: ErrorKind::Fault(FaultKind::PathOutside(text)), span })
    }
}

fn flag(option: &SessionOption) -> Result<(), Error> {
    match option.values.first() {
        Some(extra) => Err(unexpected(option, extra.text().span, &[])),
        None => Ok(()),
    }
}

fn version(option: &SessionOption) -> Result<TlsVersion, Error> {
    let (text, span) = single(option)?;
    TlsVersion::by_name(&text).ok_or_else(|| unexpected(option, span, &["1.2", "1.3"]))
}

fn fingerprint(option: &SessionOption) -> Result<String, Error> {
    let (text, span) = single(option)?;
    TlsTrust::fingerprint_of(&text).ok_or_else(|| unexpected(option, span, &["SHA-256"]))
}

/// Paths that are relative are below the folder of the talk file.
pub(super) fn beside(folder: Option<&Path>, config: &mut SessionConfig) {
    let Some(folder) = folder else { return };
    let set = |path: &mut PathBuf| *path = folder.join(&*path);
    let set_files = |files: &mut TlsFiles| {
        set(&mut files.certificates);
        set(&mut files.key);
    };
    match config {
        SessionConfig::TcpClient(TcpClientConfig { tls: Some(tls), .. }) => {
            if let TlsTrust::Authority { file } = &mut tls.trust {
                set(file);
            }
            tls.identity.as_mut().into_iter().for_each(set_files);
        }
        SessionConfig::TcpServer(TcpServerConfig { tls: Some(tls), .. }) => {
            tls.client_authority.as_mut().into_iter().for_each(set);
            if let ServerIdentity::Files(files) = &mut tls.identity {
                set_files(files);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::talk::tree::TopKind;

    #[test]
    fn files_outside_of_the_folder_are_refused() {
        let read = |written: &str| {
            let source = format!("session a connect tls://127.0.0.1:1 {{ tls-ca \"{written}\" }}\n");
            let parsed = crate::talk::parse(&source);
            let Some(TopKind::Session(session)) = parsed.file.tops.first().map(|top| &top.kind) else {
                panic!("{:?}", parsed.errors)
            };
            path(&session.options[0])
        };
        assert_eq!(read("certs/ca.pem").ok(), Some(PathBuf::from("certs/ca.pem")));
        for outside in ["/etc/ssl/ca.pem", "../ca.pem", "certs/../../ca.pem", "C:/ca.pem"] {
            let error = read(outside).expect_err("outside");
            assert_eq!(error.kind, ErrorKind::Fault(FaultKind::PathOutside(outside.to_owned())));
        }
    }
}
