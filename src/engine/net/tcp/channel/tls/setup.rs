//! From the configuration of a session to what each of its connections needs.

use super::failure::{Chain, Seen};
use super::identity::{self, Identity};
use super::key_log::KeyLogFile;
use super::trust::{ClientTrust, Judge, ServerTrust};
use super::{ReadBuffer, Tls};
use crate::engine::net::tcp::stream::Stream;
use crate::model::{
    ErrorKind, HostPort, NetError, Operation, ServerIdentity, TlsClientConfig, TlsFault, TlsFiles, TlsServerConfig,
    TlsTrust, TlsVersion, TlsVersions,
};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::ServerName;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ServerSessionMemoryCache, WebPkiClientVerifier};
use rustls::{ClientConfig, ClientConnection, KeyLog, ServerConfig, ServerConnection, SupportedProtocolVersion};
use std::io;
use std::path::Path;
use std::sync::Arc;

/// Sessions that clients can resume.
const SESSIONS: usize = 256;

/// TLS of a run.
#[derive(Clone, Debug)]
pub(in crate::engine) struct TlsLayer {
    side: Side,
    versions: TlsVersions,
    buffer: ReadBuffer,
}

#[derive(Clone, Debug)]
enum Side {
    Client { config: ClientConfig, name: ServerName<'static>, judge: Judge },
    Server { config: ServerConfig, clients: Option<Arc<dyn ClientCertVerifier>> },
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn versions(versions: TlsVersions) -> Vec<&'static SupportedProtocolVersion> {
    let all = [(TlsVersion::V13, &rustls::version::TLS13), (TlsVersion::V12, &rustls::version::TLS12)];
    all.into_iter().filter(|(version, _)| versions.contains(*version)).map(|(_, supported)| supported).collect()
}

fn bytes(alpn: &[String]) -> Vec<Vec<u8>> {
    alpn.iter().map(|name| name.clone().into_bytes()).collect()
}

fn key_log(path: Option<&Path>) -> Result<Option<Arc<dyn KeyLog>>, NetError> {
    let open = |path: &Path| match KeyLogFile::open(path) {
        Ok(file) => Ok(Arc::new(file) as Arc<dyn KeyLog>),
        Err(error) => Err(NetError::from_io(Operation::SaveFile, path.display().to_string(), &error)),
    };
    path.map(open).transpose()
}

/// The name that a certificate must have.
fn server_name(config: &TlsClientConfig, remote: &HostPort) -> Result<ServerName<'static>, NetError> {
    let name = config.server_name.as_deref().unwrap_or(&remote.host);
    // The zone of an address belongs to this machine alone.
    let bare = name.split_once('%').map_or(name, |(address, _)| address);
    let bad = |_| NetError::tls(Operation::Connect, format!("tls://{remote}"), TlsFault::BadName { name: name.into() });
    ServerName::try_from(bare.to_owned()).map_err(bad)
}

/// A failure of rustls to take a certificate and its key.
fn unusable(files: Option<&TlsFiles>, local: &str) -> impl Fn(rustls::Error) -> NetError {
    let place = files.map_or_else(|| local.to_owned(), |files| files.certificates.display().to_string());
    move |error| {
        let fault = match error {
            rustls::Error::InconsistentKeys(_) => TlsFault::KeyMismatch,
            other => TlsFault::UnusableFile { detail: other.to_string() },
        };
        NetError::tls(Operation::ReadFile, place.clone(), fault)
    }
}

impl TlsLayer {
    /// TLS of a client that connects to `remote`.
    ///
    /// # Errors
    /// A file cannot be used, the name cannot be in a certificate, or the system trusts no authority.
    pub(in crate::engine) fn client(config: &TlsClientConfig, remote: &HostPort) -> Result<Self, NetError> {
        let address = format!("tls://{remote}");
        let general = |detail: String| NetError::new(Operation::Connect, ErrorKind::Invalid, address.clone(), detail);
        let provider = provider();
        let algorithms = provider.signature_verification_algorithms;
        let of_roots = |roots: rustls::RootCertStore| {
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider.clone())
                .build()
                .map(Judge::Authorities)
                .map_err(|error| general(error.to_string()))
        };
        let judge = match &config.trust {
            TlsTrust::System => of_roots(identity::system_authorities(&address)?)?,
            TlsTrust::Authority { file } => of_roots(identity::authorities(file)?)?,
            TlsTrust::Any => Judge::Any,
            TlsTrust::Fingerprint { sha256 } => Judge::Fingerprint(sha256.clone()),
        };
        let name = server_name(config, remote)?;
        let trust = ServerTrust { judge: judge.clone(), algorithms, chain: Chain::default() };
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&versions(config.versions))
            .map_err(|error| general(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(trust));
        let mut made = match &config.identity {
            None => builder.with_no_client_auth(),
            Some(files) => {
                let (chain, key) = identity::of_files(files)?;
                builder.with_client_auth_cert(chain, key).map_err(unusable(Some(files), &address))?
            }
        };
        made.alpn_protocols = bytes(&config.alpn);
        // Each connection shows its certificate.
        made.resumption = Resumption::disabled();
        if let Some(log) = key_log(config.key_log.as_deref())? {
            made.key_log = log;
        }
        let side = Side::Client { config: made, name, judge };
        Ok(Self { side, versions: config.versions, buffer: ReadBuffer::default() })
    }

    /// TLS of a server that listens on `local`.
    ///
    /// # Errors
    /// A file cannot be used.
    pub(in crate::engine) fn server(config: &TlsServerConfig, local: &HostPort) -> Result<Self, NetError> {
        let address = format!("tls://{local}");
        let general = |detail: String| NetError::new(Operation::Listen, ErrorKind::Invalid, address.clone(), detail);
        let provider = provider();
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&versions(config.versions))
            .map_err(|error| general(error.to_string()))?;
        let clients = match &config.client_authority {
            None => None,
            Some(file) => {
                let roots = Arc::new(identity::authorities(file)?);
                let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider)
                    .build()
                    .map_err(|error| general(error.to_string()))?;
                Some(verifier)
            }
        };
        let (files, (chain, key)): (_, Identity) = match &config.identity {
            ServerIdentity::SelfSigned => (None, identity::self_signed(local)?),
            ServerIdentity::Files(files) => (Some(files), identity::of_files(files)?),
        };
        let mut made = builder.with_no_client_auth().with_single_cert(chain, key).map_err(unusable(files, &address))?;
        made.alpn_protocols = bytes(&config.alpn);
        made.session_storage = ServerSessionMemoryCache::new(SESSIONS);
        if let Some(log) = key_log(config.key_log.as_deref())? {
            made.key_log = log;
        }
        let side = Side::Server { config: made, clients };
        Ok(Self { side, versions: config.versions, buffer: ReadBuffer::default() })
    }

    /// Puts TLS on a connected socket.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(in crate::engine::net::tcp::channel) fn on(&self, socket: Stream) -> io::Result<Tls> {
        let chain = Chain::default();
        let (connection, accepts_any) = match &self.side {
            Side::Client { config, name, judge } => {
                let mut config = config.clone();
                let algorithms = config.crypto_provider().signature_verification_algorithms;
                let trust = ServerTrust { judge: judge.clone(), algorithms, chain: chain.clone() };
                config.dangerous().set_certificate_verifier(Arc::new(trust));
                let connection = ClientConnection::new(Arc::new(config), name.clone()).map_err(io::Error::other)?;
                (connection.into(), matches!(judge, Judge::Any))
            }
            Side::Server { config, clients } => {
                let config = match clients {
                    None => config.clone(),
                    Some(verifier) => watched(config, verifier, &versions(self.versions), &chain),
                };
                let connection = ServerConnection::new(Arc::new(config)).map_err(io::Error::other)?;
                (connection.into(), false)
            }
        };
        let seen = Seen::new(self.versions, accepts_any, chain);
        Ok(Tls::new(socket, connection, self.buffer.clone(), seen))
    }
}

/// The configuration for one connection, whose certificates are kept.
fn watched(
    config: &ServerConfig,
    verifier: &Arc<dyn ClientCertVerifier>,
    versions: &[&'static SupportedProtocolVersion],
    chain: &Chain,
) -> ServerConfig {
    let trust = ClientTrust { verifier: verifier.clone(), chain: chain.clone() };
    let provider = config.crypto_provider().clone();
    let made = ServerConfig::builder_with_provider(provider).with_protocol_versions(versions);
    let Ok(builder) = made else { return config.clone() };
    let mut made = builder.with_client_cert_verifier(Arc::new(trust)).with_cert_resolver(config.cert_resolver.clone());
    made.alpn_protocols.clone_from(&config.alpn_protocols);
    made.session_storage = config.session_storage.clone();
    made.key_log = config.key_log.clone();
    made
}
