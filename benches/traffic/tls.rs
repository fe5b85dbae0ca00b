//! One TLS stream in, one file out, beside a rustls loop that reads and discards.

use super::beside::{alternate, seconds};
use super::plain::Plain;
use super::program::{Program, count};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use wirebench::engine::certificates::{self, Use};

/// Receives and stores, beside reading and discarding.
pub fn receive(mib: u64, rounds: u64) {
    let folder = tempfile::tempdir().expect("a folder");
    let issued = certificates::issued(&["127.0.0.1".to_owned()], 10, Use::Server).expect("a certificate");
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("a plain name").to_owned()
    };
    let certificate = path("certificate.pem", &issued.certificate.certificate);
    let key = path("key.pem", &issued.certificate.key);
    let client = client(&issued.authority.certificate);
    let bytes = mib << 20;
    let mut discard = Plain::start("discard-tls", &[certificate.clone(), key.clone()]);
    let to_discard = discard.local();
    let [discarded, stored] = alternate(
        rounds,
        [
            &mut || {
                seconds(|| {
                    send(&client, to_discard, bytes);
                    assert_eq!(discard.says().parse(), Ok(bytes));
                })
            },
            &mut || ours(&client, (&certificate, &key), bytes),
        ],
    );
    println!("tls: {mib} MiB over one TLS 1.3 stream, {rounds} rounds, median (spread)");
    println!("  rustls, read 64 KiB, discard {}", discarded.rate(mib as f64, "MiB"));
    println!("  listen tls:// --show none    {}", stored.rate(mib as f64, "MiB"));
    println!("  ratio {:.2}", stored.ratio_to(&discarded));
}

fn ours(client: &Arc<ClientConfig>, (certificate, key): (&str, &str), bytes: u64) -> f64 {
    let until = bytes.to_string();
    let mut program = Program::start(&[
        "listen",
        "tls://127.0.0.1:0",
        "--tls-cert",
        certificate,
        "--tls-key",
        key,
        "--show",
        "none",
        "--until-bytes",
        &until,
        "--timeout",
        "10m",
        "--capture-limit",
        "4GiB",
    ]);
    let to = program.local();
    seconds(|| {
        send(client, to, bytes);
        assert_eq!(count(&program.summary(), "stored_bytes"), bytes);
    })
}

fn client(authority: &str) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).expect("PEM")).expect("an authority");
    let builder = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions");
    Arc::new(builder.with_root_certificates(roots).with_no_client_auth())
}

/// Sends in blocks of 256 KiB and closes in order.
fn send(config: &Arc<ClientConfig>, to: SocketAddr, bytes: u64) {
    let connection = ClientConnection::new(config.clone(), to.ip().into()).expect("a connection");
    let mut stream = StreamOwned::new(connection, TcpStream::connect(to).expect("connect"));
    let block: Vec<u8> = (0..262_144_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut left = bytes;
    while left > 0 {
        let part = left.min(block.len() as u64) as usize;
        stream.write_all(&block[..part]).expect("written");
        left -= part as u64;
    }
    stream.conn.send_close_notify();
    stream.flush().expect("flushed");
}

/// The plain program: accepts one connection after the other, reads each to its end and prints the byte count.
pub fn discard(certificate: &str, key: &str) {
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let chain = vec![CertificateDer::from_pem_file(certificate).expect("a certificate")];
    let config =
        Arc::new(builder.with_single_cert(chain, PrivateKeyDer::from_pem_file(key).expect("a key")).expect("both"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    println!("{}", listener.local_addr().expect("address"));
    let mut buffer = vec![0; 65_536];
    loop {
        let (stream, _) = listener.accept().expect("accept");
        let connection = ServerConnection::new(config.clone()).expect("a connection");
        let mut stream = StreamOwned::new(connection, stream);
        let mut total = 0;
        while let count @ 1.. = stream.read(&mut buffer).expect("read") {
            total += count;
        }
        println!("{total}");
    }
}
