//! Certificates and keys out of files, and one of our own.

use crate::engine::certificates;
use crate::model::{ErrorKind, HostPort, NetError, Operation, TlsFault, TlsFiles};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use std::io::Read;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The longest file of certificates or keys that is read.
const FILE_BYTES: u64 = 4 << 20;

/// A chain and its private key.
pub(super) type Identity = (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>);

/// A failure about a file.
pub(super) fn wrong(path: &Path, fault: TlsFault) -> NetError {
    NetError::tls(Operation::ReadFile, path.display().to_string(), fault)
}

fn read(path: &Path) -> Result<Vec<u8>, NetError> {
    let failed = |error: std::io::Error| NetError {
        kind: ErrorKind::File,
        ..NetError::from_io(Operation::ReadFile, path.display().to_string(), &error)
    };
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(failed)?.take(FILE_BYTES).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

fn certificates_in(path: &Path) -> Result<Vec<CertificateDer<'static>>, NetError> {
    let bytes = read(path)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&bytes).collect();
    match all {
        Ok(all) if all.is_empty() => Err(wrong(path, TlsFault::NoCertificateInFile)),
        Ok(all) => Ok(all),
        Err(error) => Err(wrong(path, TlsFault::UnusableFile { detail: error.to_string() })),
    }
}

fn key_in(path: &Path) -> Result<PrivateKeyDer<'static>, NetError> {
    let bytes = read(path)?;
    match PrivateKeyDer::from_pem_slice(&bytes) {
        Ok(key) => Ok(key),
        Err(pem::Error::NoItemsFound) => {
            let text = String::from_utf8_lossy(&bytes);
            let is_encrypted = text.contains("ENCRYPTED");
            Err(wrong(path, if is_encrypted { TlsFault::EncryptedKey } else { TlsFault::NoKeyInFile }))
        }
        Err(error) => Err(wrong(path, TlsFault::UnusableFile { detail: error.to_string() })),
    }
}

/// Reads a chain and its key.
///
/// # Errors
/// A file cannot be read or has no usable content.
pub(super) fn of_files(files: &TlsFiles) -> Result<Identity, NetError> {
    Ok((certificates_in(&files.certificates)?, key_in(&files.key)?))
}

/// Reads the certificates of authorities.
///
/// # Errors
/// The file cannot be read or has no usable certificate.
pub(super) fn authorities(path: &Path) -> Result<RootCertStore, NetError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates_in(path)? {
        let detail = |error: rustls::Error| wrong(path, TlsFault::UnusableFile { detail: error.to_string() });
        roots.add(certificate).map_err(detail)?;
    }
    Ok(roots)
}

/// The authorities that the system trusts.
///
/// # Errors
/// There are none.
pub(super) fn system_authorities(address: &str) -> Result<RootCertStore, NetError> {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::debug!(%error, "trusted authorities of the system");
    }
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        return Err(NetError::tls(Operation::Connect, address, TlsFault::NoSystemRoots));
    }
    Ok(roots)
}

/// The certificate that was made last, with the names that it is for: a server that is opened again keeps it.
static MADE: Mutex<Option<(Vec<String>, certificates::Made)>> = Mutex::new(None);

/// A certificate for this machine that signs itself, the same one while the program runs.
///
/// # Errors
/// The system has no random numbers.
pub(super) fn self_signed(local: &HostPort) -> Result<Identity, NetError> {
    let names = certificates::names_of_this_machine(&local.host);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if made.as_ref().is_none_or(|(for_names, _)| *for_names != names) {
        let new = certificates::self_signed(&names).map_err(|detail| {
            NetError::tls(Operation::Listen, format!("tls://{local}"), TlsFault::UnusableFile { detail })
        })?;
        *made = Some((names, new));
    }
    match &*made {
        Some((_, made)) => Ok((
            vec![made.der.clone().into()],
            rustls::pki_types::PrivatePkcs8KeyDer::from(made.key_der.clone()).into(),
        )),
        None => Err(NetError::tls(Operation::Listen, format!("tls://{local}"), TlsFault::NoCertificateInFile)),
    }
}
