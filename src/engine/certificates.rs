//! Certificates that this program makes: one that signs itself, or a small authority with certificates below it.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::net::IpAddr;
use time::{Duration, OffsetDateTime};

/// Validity of what the window and `--tls-self-signed` make, in days: the most that common clients accept.
pub const DAYS: u32 = 825;

/// A certificate with its private key.
#[derive(Clone, Debug)]
pub struct Made {
    /// The certificate as PEM.
    pub certificate: String,
    /// The private key as PEM (PKCS #8).
    pub key: String,
    /// The certificate as DER.
    pub der: Vec<u8>,
    /// The private key as DER (PKCS #8).
    pub key_der: Vec<u8>,
}

/// An authority with a certificate below it.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The authority.
    pub authority: Made,
    /// The certificate that it issued.
    pub certificate: Made,
}

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Servers and clients.
    Server,
    /// Clients only.
    Client,
}

/// The names by which clients reach a server that listens at `host`: this machine's own, and the addresses of its interfaces if it
/// listens on all of them.
#[must_use]
pub fn names_of_this_machine(host: &str) -> Vec<String> {
    let mut names = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    let mut add = |name: String| {
        if !names.contains(&name) {
            names.push(name);
        }
    };
    let bare = host.split_once('%').map_or(host, |(address, _)| address);
    match bare.parse::<IpAddr>() {
        Ok(address) if address.is_unspecified() => {
            let addresses = crate::engine::local_addresses();
            addresses.into_iter().for_each(|local| add(local.ip.to_string()));
        }
        _ => add(bare.to_owned()),
    }
    names
}

fn made(certificate: &rcgen::Certificate, key: &KeyPair) -> Made {
    Made {
        certificate: certificate.pem(),
        key: key.serialize_pem(),
        der: certificate.der().to_vec(),
        key_der: key.serialize_der(),
    }
}

/// The content of a certificate for `names`, of which the first is its subject.
fn content(names: &[String], days: u32, used: Use) -> Result<CertificateParams, rcgen::Error> {
    let mut content = CertificateParams::new(names.to_vec())?;
    content.distinguished_name.push(DnType::CommonName, names.first().map_or("Wirebench", String::as_str));
    content.distinguished_name.push(DnType::OrganizationName, "Wirebench");
    content.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    content.extended_key_usages = match used {
        Use::Server => vec![ExtendedKeyUsagePurpose::ServerAuth, ExtendedKeyUsagePurpose::ClientAuth],
        Use::Client => vec![ExtendedKeyUsagePurpose::ClientAuth],
    };
    valid_for(&mut content, days);
    Ok(content)
}

/// A day back, since clocks of devices differ.
fn valid_for(content: &mut CertificateParams, days: u32) {
    let now = OffsetDateTime::now_utc();
    content.not_before = now.saturating_sub(Duration::days(1));
    content.not_after = now.saturating_add(Duration::days(days.into()));
}

/// Makes a certificate for `names` that signs itself.
///
/// # Errors
/// In English: a name cannot be in a certificate, or the system has no random numbers.
pub fn self_signed(names: &[String]) -> Result<Made, String> {
    self_signed_for(names, DAYS, Use::Server)
}

/// The same with its validity and use.
///
/// # Errors
/// As for [`self_signed`].
pub fn self_signed_for(names: &[String], days: u32, used: Use) -> Result<Made, String> {
    let key = KeyPair::generate().map_err(|error| error.to_string())?;
    let certificate = content(names, days, used).and_then(|content| content.self_signed(&key));
    certificate.map(|certificate| made(&certificate, &key)).map_err(|error| error.to_string())
}

/// The common name of our authorities.
const AUTHORITY: &str = "Wirebench test authority";

fn authority(days: u32) -> CertificateParams {
    let mut authority = CertificateParams::default();
    authority.distinguished_name = DistinguishedName::new();
    authority.distinguished_name.push(DnType::CommonName, AUTHORITY);
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    valid_for(&mut authority, days);
    authority
}

/// Makes an authority, and a certificate for `names` that it issues.
///
/// # Errors
/// As for [`self_signed`].
pub fn issued(names: &[String], days: u32, used: Use) -> Result<Issued, String> {
    let all = || -> Result<Issued, rcgen::Error> {
        let key_of_authority = KeyPair::generate()?;
        let authority = authority(days);
        let certificate = authority.self_signed(&key_of_authority)?;
        let authority_made = made(&certificate, &key_of_authority);
        let issuer = Issuer::new(authority, key_of_authority);
        let key = KeyPair::generate()?;
        let mut below = content(names, days, used)?;
        below.use_authority_key_identifier_extension = true;
        let below = below.signed_by(&key, &issuer)?;
        Ok(Issued { authority: authority_made, certificate: made(&below, &key) })
    };
    all().map_err(|error| error.to_string())
}

/// Issues a certificate for `names` by an authority that [`issued`] made earlier: its certificate and its key as PEM.
///
/// # Errors
/// In English: the authority is another one, its key cannot be used, or as for [`self_signed`].
pub fn issue_by(certificate: &str, key: &str, names: &[String], days: u32, used: Use) -> Result<Made, String> {
    let der = CertificateDer::from_pem_slice(certificate.as_bytes()).map_err(|error| error.to_string())?;
    if crate::codec::tls::certificate(&der).subject != format!("CN={AUTHORITY}") {
        return Err("the authority was not made by this program".to_owned());
    }
    let all = || -> Result<Made, rcgen::Error> {
        let issuer = Issuer::new(authority(days), KeyPair::from_pem(key)?);
        let key = KeyPair::generate()?;
        let mut below = content(names, days, used)?;
        below.use_authority_key_identifier_extension = true;
        let below = below.signed_by(&key, &issuer)?;
        Ok(made(&below, &key))
    };
    all().map_err(|error| error.to_string())
}
