//! `tls://`: with Python's `ssl` and `openssl` as peers.

use crate::support::{Bench, Ended, Process, peer, python, shown};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

/// Serves one TLS client on 127.0.0.1: `argv` is certificate, key, least and greatest version, and what to do. Prints the port.
const SERVER: &str = r#"
import socket, ssl, struct, sys
certificate, key, least, most, act = sys.argv[1:6]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
versions = {"1.0": ssl.TLSVersion.TLSv1, "1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
context.set_ciphers("ALL:@SECLEVEL=0" if act != "rsa" else "AES128-SHA:@SECLEVEL=0")
context.minimum_version, context.maximum_version = versions[least], versions[most]
if act == "alpn":
    context.set_alpn_protocols(["h2", "echo"])
if act.startswith("client-ca:"):
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(act.split(":", 1)[1])
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1])
raw, _ = listener.accept()
try:
    peer = context.wrap_socket(raw, server_side=True)
    print(peer.version(), peer.cipher()[0], peer.selected_alpn_protocol())
    while data := peer.recv(65536):
        peer.sendall(data.upper())
        if act == "cut":
            # FIN without close_notify.
            socket.socket(fileno=peer.detach()).close()
            sys.exit()
    peer.unwrap()
    print("unwrapped")
except (ssl.SSLError, OSError) as error:
    print("failed", error)
"#;

/// Connects by TLS to a port of 127.0.0.1: `argv` is port, CA, name, text, and what to do.
const CLIENT: &str = r#"
import socket, ssl, sys
port, ca, name, text, act = sys.argv[1:6]
context = ssl.create_default_context(cafile=ca)
if act.startswith("certificate:"):
    _, certificate, key = act.split(":")
    context.load_cert_chain(certificate, key)
if act == "old":
    context.set_ciphers("AES128-SHA:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1
try:
    peer = context.wrap_socket(socket.create_connection(("127.0.0.1", int(port))), server_hostname=name)
    peer.sendall(text.encode())
    answer = b""
    while len(answer) < len(text):
        part = peer.recv(65536)
        if not part:
            break
        answer += part
    print(answer.decode(), peer.version())
    peer.unwrap().close()
    print("unwrapped")
except (ssl.SSLError, OSError) as error:
    print("failed", error)
"#;

/// A small authority in a folder, and the path of a file in it.
fn authority(bench: &Bench, names: &[&str]) -> impl Fn(&str) -> PathBuf {
    let folder = bench.path("certificates");
    let arguments = [&["cert"], names, &["--ca", "--out", shown(&folder)]].concat();
    bench.ran(&arguments).exits(0);
    move |name: &str| folder.join(name)
}

fn serve(certificate: &Path, key: &Path, least: &str, most: &str, act: &str) -> (Process, String) {
    let mut server = python(SERVER, &[shown(certificate), shown(key), least, most, act]);
    let port = server.first_line();
    (server, format!("tls://127.0.0.1:{port}"))
}

/// The `tls` lines of a step.
fn steps(ended: &Ended, step: &str) -> Vec<Value> {
    ended.all("tls").into_iter().filter(|line| line["step"] == step).collect()
}

/// Why the connection failed: the field `tls` of the only error, and its sentence.
fn failure(ended: &Ended) -> (String, String) {
    let errors = ended.all("error");
    let [error] = errors.as_slice() else { panic!("not one error: {errors:?}") };
    let text = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(error["kind"], "tls", "{error}");
    (text("tls"), text("message"))
}

#[test]
fn a_client_shows_the_handshake_and_exchanges_payload_in_both_versions() {
    let bench = Bench::new();
    let file = authority(&bench, &["127.0.0.1", "device.local"]);
    for (version, name) in [("1.2", "TLS 1.2"), ("1.3", "TLS 1.3")] {
        let (server, address) = serve(&file("127.0.0.1.pem"), &file("127.0.0.1-key.pem"), version, version, "alpn");
        let ca = file("ca.pem");
        let arguments = ["connect", &address, "--tls-ca", shown(&ca), "--alpn", "echo", "--send", "hello", "--json"];
        let ended = bench.ran(&arguments).exits(0);
        assert_eq!((ended.text("sent"), ended.text("received")), ("hello".into(), "HELLO".into()));
        assert_eq!(ended.all("warning"), Vec::<Value>::new(), "both sides said goodbye");
        let [sent, received] = ["sent_hello", "received_hello"].map(|step| steps(&ended, step).remove(0));
        assert_eq!(
            (&sent["from"], &sent["alpn"][0], &received["from"]),
            (&"client".into(), &"echo".into(), &"server".into())
        );
        assert_eq!(received["versions"][0], name);
        let certificate = &steps(&ended, "certificates")[0]["chain"][0];
        assert!(certificate["names"].as_array().unwrap().contains(&"device.local".into()), "{certificate}");
        assert!(certificate["issuer"].as_str().unwrap().contains("Wirebench test authority"));
        let agreed = &steps(&ended, "agreed")[0];
        assert_eq!((&agreed["version"], &agreed["alpn"]), (&name.into(), &"echo".into()));
        let server = server.end();
        let text = String::from_utf8_lossy(&server.stdout).into_owned();
        assert!(text.contains("unwrapped") && text.contains("echo"), "{text}");
    }
}

#[test]
fn a_server_answers_clients_of_python_and_keeps_the_others_waiting_for_nobody() {
    let bench = Bench::new();
    let file = authority(&bench, &["device.local"]);
    let (certificate, key) = (file("device.local.pem"), file("device.local-key.pem"));
    let mut server = bench.json(&[
        "listen",
        "tls://127.0.0.1:0",
        "--tls-cert",
        shown(&certificate),
        "--tls-key",
        shown(&key),
        "--reply-upper",
    ]);
    let port = server.local().port().to_string();
    // One that never says anything.
    let silent = TcpStream::connect(("127.0.0.1", port.parse().unwrap())).unwrap();
    let ca = file("ca.pem");
    let clients: Vec<Process> = (0..8)
        .map(|number| python(CLIENT, &[&port, shown(&ca), "device.local", &format!("client {number}"), ""]))
        .collect();
    for (number, client) in clients.into_iter().enumerate() {
        let text = String::from_utf8(client.end().stdout).unwrap();
        assert!(text.contains(&format!("CLIENT {number} TLSv1.3")) && text.contains("unwrapped"), "{text}");
    }
    drop(silent);
    let warning = server.event("warning");
    assert_eq!(warning["tls"], "ended", "{warning}");
}

#[test]
fn a_client_that_is_too_old_is_named_as_what_it_is() {
    let bench = Bench::new();
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed"]);
    let port = server.local().port().to_string();
    let file = authority(&bench, &["localhost"]);
    let client = python(CLIENT, &[&port, shown(&file("ca.pem")), "localhost", "x", "old"]);
    let hello = server.event_where("tls", |line| line["step"] == "received_hello");
    assert_eq!(hello["versions"], serde_json::json!(["TLS 1.0"]));
    let warning = server.event("warning");
    assert_eq!(warning["tls"], "nothing_in_common");
    let message = warning["message"].as_str().unwrap();
    assert!(
        message.contains("the peer offers TLS 1.0 with RSA key exchange only, which this program does not speak"),
        "{message}"
    );
    client.end();
}

#[test]
fn a_certificate_that_is_not_trusted_is_refused_and_says_why() {
    let bench = Bench::new();
    let file = authority(&bench, &["other.local"]);
    let (certificate, key, ca) = (file("other.local.pem"), file("other.local-key.pem"), file("ca.pem"));
    let connect = |more: &[&str]| {
        let (_server, address) = serve(&certificate, &key, "1.2", "1.3", "");
        bench.ran(&[&["connect", &address, "--json"], more].concat())
    };
    let ended = connect(&["--tls-ca", shown(&ca)]).exits(1);
    let (cause, message) = failure(&ended);
    assert_eq!(cause, "wrong_host");
    assert!(message.ends_with("the certificate is not for 127.0.0.1, but for other.local"), "{message}");
    assert_eq!(steps(&ended, "certificates").len(), 1, "what was refused is shown");
    assert_eq!(failure(&connect(&[]).exits(1)).0, "unknown_issuer");
    let accepted = connect(&["--tls-ca", shown(&ca), "--tls-name", "other.local", "--send", "x"]).exits(0);
    let sha256 = steps(&accepted, "certificates")[0]["chain"][0]["sha256"].as_str().unwrap().to_owned();
    let accepted = connect(&["--tls-insecure", "--send", "x"]).exits(0);
    let warning = &accepted.all("warning")[0];
    assert_eq!(warning["tls"], "unchecked");
    let pairs = warning["message"].as_str().unwrap().to_lowercase().replace(':', "");
    assert!(pairs.contains(&sha256), "{warning}");
    connect(&["--tls-fingerprint", &sha256.to_uppercase(), "--send", "x"]).exits(0);
    assert_eq!(failure(&connect(&["--tls-fingerprint", &"0".repeat(64)]).exits(1)).0, "other_fingerprint");
}

#[test]
fn an_expired_certificate_names_its_date() {
    let bench = Bench::new();
    let signer = rcgen::KeyPair::generate().unwrap();
    let mut content = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    (content.not_before, content.not_after) = (rcgen::date_time_ymd(2019, 1, 1), rcgen::date_time_ymd(2020, 2, 3));
    let certificate = bench.file("old.pem", content.self_signed(&signer).unwrap().pem());
    let key = bench.file("key.pem", signer.serialize_pem());
    let (_server, address) = serve(&certificate, &key, "1.2", "1.3", "");
    let ended = bench.ran(&["connect", &address, "--tls-ca", shown(&certificate), "--json"]).exits(1);
    let (cause, message) = failure(&ended);
    assert!(cause == "expired" && message.contains("the certificate expired on 2020-02-03"), "{cause}: {message}");
}

#[test]
fn servers_that_speak_only_what_is_old_are_explained() {
    let bench = Bench::new();
    let (key, certificate) = (bench.path("key.pem"), bench.path("rsa.pem"));
    let made = [
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "10",
        "-subj",
        "/CN=device",
        "-keyout",
        shown(&key),
        "-out",
        shown(&certificate),
    ];
    peer("openssl", &made).end();
    for (least, most, act, part) in [
        ("1.0", "1.0", "", "accepts none of the versions of this side (TLS 1.3, TLS 1.2)"),
        ("1.2", "1.2", "rsa", "finds nothing acceptable in what was offered"),
    ] {
        let (_server, address) = serve(&certificate, &key, least, most, act);
        let ended = bench.ran(&["connect", &address, "--tls-insecure", "--json"]).exits(1);
        let (cause, message) = failure(&ended);
        assert!(cause == "alert" && message.contains(part), "{cause}: {message}");
    }
}

#[test]
fn plain_peers_are_quoted() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tls://{}", listener.local_addr().unwrap());
    let client = bench.json(&["connect", &address, "--tls-insecure"]);
    let (mut plain, _) = listener.accept().unwrap();
    plain.write_all(b"220 device ready\r\n").unwrap();
    let (cause, message) = failure(&client.end().exits(1));
    assert_eq!(cause, "not_tls");
    assert!(message.ends_with("the peer does not speak TLS; it sent \"220 device ready\""), "{message}");
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed"]);
    let mut client = TcpStream::connect(server.local()).unwrap();
    client.write_all(b"GET / HTTP/1.1\r\n\r\n").unwrap();
    let warning = server.event("warning");
    assert!(warning["message"].as_str().unwrap().contains("it sent \"GET / HTTP/1.1\""), "{warning}");
    client.read_to_end(&mut Vec::new()).ok();
}

#[test]
fn an_end_without_close_notify_keeps_the_bytes_and_is_reported() {
    let bench = Bench::new();
    let file = authority(&bench, &["127.0.0.1"]);
    let (_server, address) = serve(&file("127.0.0.1.pem"), &file("127.0.0.1-key.pem"), "1.2", "1.3", "cut");
    let ca = file("ca.pem");
    let arguments = ["connect", &address, "--tls-ca", shown(&ca), "--send", "last", "--until-closed", "--json"];
    let ended = bench.ran(&arguments).exits(0);
    assert_eq!(ended.text("received"), "LAST");
    let warnings = ended.all("warning");
    assert_eq!(warnings.iter().map(|warning| &warning["tls"]).collect::<Vec<_>>(), ["truncated"]);
}

#[test]
fn client_certificates_are_required_and_shown() {
    let bench = Bench::new();
    let file = authority(&bench, &["device.local"]);
    bench.ran(&["cert", "worker", "--ca", "--client", "--out", shown(file("").as_path())]).exits(0);
    let [ca, certificate, key] = ["ca.pem", "device.local.pem", "device.local-key.pem"].map(&file);
    let mut server = bench.json(&[
        "listen",
        "tls://127.0.0.1:0",
        "--tls-cert",
        shown(&certificate),
        "--tls-key",
        shown(&key),
        "--tls-client-ca",
        shown(&ca),
        "--echo",
    ]);
    let port = server.local().port().to_string();
    python(CLIENT, &[&port, shown(&ca), "device.local", "x", ""]).end();
    assert_eq!(server.event("warning")["tls"], "no_client_certificate");
    let act = format!("certificate:{}:{}", shown(&file("worker.pem")), shown(&file("worker-key.pem")));
    let client = python(CLIENT, &[&port, shown(&ca), "device.local", "x", &act]).end();
    let shows = server.event_where("tls", |line| line["step"] == "certificates");
    assert!(shows["chain"][0]["subject"].as_str().unwrap().contains("worker"), "{shows}");
    assert!(String::from_utf8_lossy(&client.stdout).contains("unwrapped"), "{client:?}");
    // The other way round.
    let act = format!("client-ca:{}", shown(&ca));
    let connect = |more: &[&str]| {
        let (server, address) = serve(&certificate, &key, "1.2", "1.2", &act);
        let arguments =
            ["connect", &address, "--tls-ca", shown(&ca), "--tls-name", "device.local", "--send", "x", "--json"];
        (bench.ran(&[&arguments[..], more].concat()), server)
    };
    let (ended, _server) = connect(&[]);
    assert_eq!(failure(&ended.exits(1)).0, "alert");
    let (worker, worker_key) = (file("worker.pem"), file("worker-key.pem"));
    let (ended, _server) = connect(&["--tls-cert", shown(&worker), "--tls-key", shown(&worker_key)]);
    assert_eq!(ended.exits(0).text("received"), "X");
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let bench = Bench::new();
    let file = authority(&bench, &["device.local"]);
    let other = bench.path("other");
    bench.ran(&["cert", "b", "--out", shown(&other)]).exits(0);
    let none = bench.file("empty.pem", "nothing");
    let good = file("device.local.pem");
    let other_key = other.join("b-key.pem");
    for (certificate, key, part) in [
        (&good, &none, "it has no private key in PEM form"),
        (&none, &none, "it has no certificate in PEM form"),
        (&good, &other_key, "the private key does not belong to this certificate"),
        (&bench.path("missing.pem"), &none, "the file or its folder does not exist"),
    ] {
        let arguments =
            ["listen", "tls://127.0.0.1:0", "--tls-cert", shown(certificate), "--tls-key", shown(key), "--json"];
        let ended = bench.ran(&arguments).exits(1);
        let message = ended.all("error")[0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(part), "{message}");
    }
    let again = bench.ran(&["cert", "b", "--out", shown(&other)]).exits(1);
    assert!(again.stderr.contains("exists already"), "{again:?}");
}

#[test]
fn options_of_tls_need_tls() {
    let bench = Bench::new();
    for (arguments, part) in [
        (&["connect", "tcp://127.0.0.1:1", "--tls-insecure"][..], "--tls-insecure: applies to tls:// only"),
        (&["listen", "tls://127.0.0.1:0"], "ENDPOINT: a server needs a certificate"),
        (&["connect", "tls://127.0.0.1:1", "--tls-insecure", "--tls-ca", "x"], "cannot be used together"),
        (&["connect", "tls://127.0.0.1:1", "--tls-min", "1.1"], "--tls-min \"1.1\": should be 1.2 or 1.3"),
        (
            &["connect", "tls://127.0.0.1:1", "--tls-min", "1.3", "--tls-max", "1.2"],
            "--tls-min: is newer than --tls-max",
        ),
        (&["connect", "tls://127.0.0.1:1", "--tls-fingerprint", "ab"], "should be a SHA-256 fingerprint"),
    ] {
        let ended = bench.ran(arguments).exits(2);
        let message = ended.stderr;
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_key_log_has_the_secrets_of_both_versions() {
    let bench = Bench::new();
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed", "--echo"]);
    let address = format!("tls://{}", server.local());
    let log = bench.path("keys.log");
    for version in ["1.2", "1.3"] {
        let options = ["--tls-insecure", "--tls-max", version, "--send", "x", "--key-log", shown(&log)];
        bench.ran(&[&["connect", &address], &options[..]].concat()).exits(0);
    }
    let text = std::fs::read_to_string(&log).unwrap();
    for label in ["CLIENT_RANDOM", "CLIENT_TRAFFIC_SECRET_0", "SERVER_TRAFFIC_SECRET_0"] {
        assert_eq!(text.lines().filter(|line| line.starts_with(label)).count(), 1, "{label}: {text}");
    }
}

#[test]
fn a_talk_file_speaks_tls() {
    let bench = Bench::new();
    let _files = authority(&bench, &["127.0.0.1"]);
    let talk = "session device listen tls://127.0.0.1:0 { tls-cert \"127.0.0.1.pem\"; tls-key \"127.0.0.1-key.pem\" }\n\
                session client connect tls://127.0.0.1:{{port(device)}} { tls-ca \"ca.pem\"; start later }\n\
                session wrong connect tls://127.0.0.1:{{port(device)}} { start later }\n\
                step \"speaks\"\n open wrong fails tls\n open client\n > client: \"ping\"\n < device: \"ping\"\n";
    let file = bench.path("certificates").join("tls.talk");
    std::fs::write(&file, talk).unwrap();
    let ended = bench.ran(&["run", shown(&file)]);
    let text = format!("{}{}", String::from_utf8_lossy(&ended.stdout), ended.stderr);
    assert_eq!(ended.code, Some(0), "{text}");
}
