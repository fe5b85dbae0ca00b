//! The first bytes of a TLS peer, and its certificate.

use super::Input;
use wirebench::codec::tls::{HelloReader, certificate, key_exchange, suite_name};

/// Input: the size of the parts, then a stream, which is also read as a certificate.
pub fn hello(data: &[u8]) {
    let mut input = Input(data);
    let part = usize::from(input.byte()) + 1;
    let stream = input.0;
    let (mut whole, mut parts) = (HelloReader::default(), HelloReader::default());
    let at_once = whole.feed(stream);
    let in_parts: Vec<_> = stream.chunks(part).flat_map(|part| parts.feed(part)).collect();
    assert_eq!(at_once, in_parts, "the result depends on how the stream is cut");
    for hello in &at_once {
        assert!(hello.suites.len().max(hello.groups.len()).max(hello.alpn.len()) <= 128);
        for suite in &hello.suites {
            assert!(suite_name(*suite).is_ascii(), "{:?}", key_exchange(*suite));
        }
    }
    let read = certificate(stream);
    assert_eq!(read.sha256.len(), 64);
    assert!(read.names.len() <= 64 && read.subject.chars().count() <= 256);
}
