//! TLS of a client in the window: the option, the certificate that was not checked, and the trust in it alone.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{LANGS, Pick, window};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use wirebench::engine::certificates;
use wirebench::jobs::thread::spawn_named;

/// A TLS server that greets `clients` clients, one after the other, and returns its port.
fn greeting_server(clients: usize) -> u16 {
    let made = certificates::self_signed(&["device.local".to_owned()]).expect("a certificate");
    let builder = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let builder = builder.with_safe_default_protocol_versions().expect("versions").with_no_client_auth();
    let chain = vec![CertificateDer::from_pem_slice(made.certificate.as_bytes()).expect("a certificate")];
    let key = PrivateKeyDer::from_pem_slice(made.key.as_bytes()).expect("a key");
    let config = Arc::new(builder.with_single_cert(chain, key).expect("both"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    spawn_named("tls server", move || {
        for _ in 0..clients {
            let Ok((stream, _)) = listener.accept() else { return };
            let Ok(connection) = ServerConnection::new(config.clone()) else { return };
            let mut stream = StreamOwned::new(connection, stream);
            if stream.write_all(b"greetings").is_ok() {
                // Until the client closes.
                stream.read_to_end(&mut Vec::new()).ok();
            }
        }
    })
    .expect("a thread");
    port
}

#[test]
fn a_certificate_that_was_not_checked_is_shown_and_can_be_trusted_alone() {
    for lang in LANGS {
        let port = greeting_server(2);
        let mut window = window(lang);
        window.choose(lang.pick("协议类型", "Protocol"), lang.pick("TCP 客户端", "TCP client"));
        window.fill(lang.pick("远程地址", "Remote address"), "127.0.0.1");
        window.fill(lang.pick("远程端口", "Remote port"), &port.to_string());
        window.click(lang.pick("选项", "Options"));
        window.check(lang.pick("TLS 加密", "Encrypt with TLS"));
        window.choose(lang.pick("信任的证书", "Trusted certificates"), lang.pick("不验证，显示指纹", "Any, but shown"));
        window.click(lang.pick("连接", "Connect"));
        window.wait(&["Label", "greetings"]);
        window.wait(&[lang.pick("证书未经验证", "The certificate was not checked")]);
        window.wait(&["SHA-256"]);
        window.wait(&["Label", lang.pick("TLS 已建立", "TLS is established")]);
        window.click(lang.pick("信任此证书", "Trust this one"));
        window.click(lang.pick("断开", "Disconnect"));
        window.wait(&["Status", lang.pick("已关闭", "Closed")]);
        window.click(lang.pick("连接", "Connect"));
        window.wait(&["Status", lang.pick("已连接", "Connected")]);
        let names = window.names().join("\n");
        assert!(!names.contains(lang.pick("信任此证书", "Trust this one")), "{names}");
    }
}
