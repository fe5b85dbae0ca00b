//! TLS of `connect` and `listen`, and `cert`.

use super::optional_number;
use crate::cli::args::{CertArguments, TlsArguments, TlsClientArguments, TlsServerArguments};
use crate::cli::cert::CertPlan;
use crate::cli::help;
use crate::cli::usage::UsageError;
use crate::engine::certificates::{DAYS, Use};
use crate::model::{
    ServerIdentity, TlsClientConfig, TlsFiles, TlsServerConfig, TlsTrust, TlsVersion, TlsVersions, alpn_of,
};
use crate::words::Lang;
use std::path::PathBuf;

/// The name of the first option of `options` that is given, of which each applies to TLS only.
fn refuse(options: &[(bool, &str)], lang: Lang) -> Result<(), UsageError> {
    match options.iter().find(|(is_given, _)| *is_given) {
        Some((_, name)) => Err(UsageError::option(name, lang.texts().for_tls_only())),
        None => Ok(()),
    }
}

fn refuse_both(arguments: &TlsArguments, lang: Lang) -> Result<(), UsageError> {
    let options = [
        (arguments.tls_cert.is_some(), "--tls-cert"),
        (arguments.tls_key.is_some(), "--tls-key"),
        (arguments.alpn.is_some(), "--alpn"),
        (arguments.tls_min.is_some(), "--tls-min"),
        (arguments.tls_max.is_some(), "--tls-max"),
        (arguments.key_log.is_some(), "--key-log"),
    ];
    refuse(&options, lang)
}

fn versions(arguments: &TlsArguments, lang: Lang) -> Result<TlsVersions, UsageError> {
    let version = |option: &str, text: Option<&str>, default: TlsVersion| match text {
        None => Ok(default),
        Some(text) => TlsVersion::by_name(text).ok_or_else(|| {
            let names = help::either(TlsVersion::ALL.map(TlsVersion::name), lang);
            UsageError::value(option, text, lang.texts().should_be(&names))
        }),
    };
    let min = version("--tls-min", arguments.tls_min.as_deref(), TlsVersion::V12)?;
    let max = version("--tls-max", arguments.tls_max.as_deref(), TlsVersion::V13)?;
    if min > max {
        return Err(UsageError::option("--tls-min", lang.texts().versions_crossed()));
    }
    Ok(TlsVersions { min, max })
}

fn alpn(arguments: &TlsArguments, lang: Lang) -> Result<Vec<String>, UsageError> {
    let text = arguments.alpn.as_deref().unwrap_or_default();
    alpn_of(text).map_err(|_| UsageError::value("--alpn", text, lang.texts().no_protocols()))
}

fn files(arguments: &TlsArguments, lang: Lang) -> Result<Option<TlsFiles>, UsageError> {
    match (&arguments.tls_cert, &arguments.tls_key) {
        (Some(certificates), key) => {
            let key = key.clone().unwrap_or_else(|| certificates.clone());
            Ok(Some(TlsFiles { certificates: certificates.clone(), key }))
        }
        (None, Some(_)) => Err(UsageError::option("--tls-key", lang.texts().needs_tls_cert())),
        (None, None) => Ok(None),
    }
}

/// TLS of a client; `None`: its endpoint is not `tls://`.
///
/// # Errors
/// A value is wrong, options exclude each other, or an option of TLS is given for another endpoint.
pub(super) fn of_client(
    arguments: &TlsClientArguments,
    is_tls: bool,
    lang: Lang,
) -> Result<Option<TlsClientConfig>, UsageError> {
    let both = &arguments.both;
    let trusts = [
        (arguments.tls_ca.is_some(), "--tls-ca"),
        (arguments.tls_insecure, "--tls-insecure"),
        (arguments.tls_fingerprint.is_some(), "--tls-fingerprint"),
    ];
    if !is_tls {
        refuse_both(both, lang)?;
        refuse(&trusts, lang)?;
        refuse(&[(arguments.tls_name.is_some(), "--tls-name")], lang)?;
        return Ok(None);
    }
    let given: Vec<&str> = trusts.iter().filter(|(is_given, _)| *is_given).map(|(_, name)| *name).collect();
    if let [one, other, ..] = given.as_slice() {
        return Err(UsageError::exclusive(other, one, lang));
    }
    let trust = match (&arguments.tls_ca, arguments.tls_insecure, &arguments.tls_fingerprint) {
        (Some(file), ..) => TlsTrust::Authority { file: file.clone() },
        (_, true, _) => TlsTrust::Any,
        (_, _, Some(text)) => TlsTrust::Fingerprint {
            sha256: TlsTrust::fingerprint_of(text)
                .ok_or_else(|| UsageError::value("--tls-fingerprint", text, lang.texts().no_fingerprint()))?,
        },
        _ => TlsTrust::System,
    };
    Ok(Some(TlsClientConfig {
        versions: versions(both, lang)?,
        server_name: arguments.tls_name.clone(),
        alpn: alpn(both, lang)?,
        trust,
        identity: files(both, lang)?,
        key_log: both.key_log.clone(),
    }))
}

/// TLS of a server; `None`: its endpoint is not `tls://`.
///
/// # Errors
/// As for [`of_client`], or it has no certificate.
pub(super) fn of_server(
    arguments: &TlsServerArguments,
    is_tls: bool,
    lang: Lang,
) -> Result<Option<TlsServerConfig>, UsageError> {
    let both = &arguments.both;
    if !is_tls {
        refuse_both(both, lang)?;
        let options =
            [(arguments.tls_self_signed, "--tls-self-signed"), (arguments.tls_client_ca.is_some(), "--tls-client-ca")];
        refuse(&options, lang)?;
        return Ok(None);
    }
    let identity = match (files(both, lang)?, arguments.tls_self_signed) {
        (Some(_), true) => return Err(UsageError::exclusive("--tls-self-signed", "--tls-cert", lang)),
        (Some(files), false) => ServerIdentity::Files(files),
        (None, true) => ServerIdentity::SelfSigned,
        (None, false) => return Err(UsageError::option("ENDPOINT", lang.texts().needs_certificate())),
    };
    Ok(Some(TlsServerConfig {
        versions: versions(both, lang)?,
        alpn: alpn(both, lang)?,
        identity,
        client_authority: arguments.tls_client_ca.clone(),
        key_log: both.key_log.clone(),
    }))
}

/// `cert`.
///
/// # Errors
/// A value is wrong.
pub(super) fn certificates(arguments: CertArguments, lang: Lang) -> Result<CertPlan, UsageError> {
    let days = optional_number("--days", arguments.days.as_deref(), 1, lang)?;
    let days = days.map_or(DAYS, |days| u32::try_from(days).unwrap_or(u32::MAX).min(36_500));
    Ok(CertPlan {
        names: arguments.names,
        folder: arguments.out.unwrap_or_else(|| PathBuf::from(".")),
        with_authority: arguments.ca,
        used: if arguments.client { Use::Client } else { Use::Server },
        days,
        json: arguments.json,
        lang,
    })
}
