//! Files that an export or a session replaces: the old one is kept until the new one is complete, and a capture is never
//! overwritten.
#![cfg(unix)]

use crate::support::{Bench, program};
use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::PathBuf;
use std::process::Command;

/// A capture of 100,000 bytes. Returns its id and folder.
fn recorded(bench: &Bench) -> (String, PathBuf) {
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(&content()).expect("written");
    drop(peer);
    let id = listen.end().exits(0).summary()["capture"].as_str().expect("an id").to_owned();
    let folder = bench.path("data").join("captures").join(&id);
    (id, folder)
}

fn content() -> Vec<u8> {
    (0..100_000_u32).map(|n| (n % 251) as u8).collect()
}

/// The current export of the capture.
fn exported(bench: &Bench, id: &str) -> Vec<u8> {
    let out = bench.path("check.bin");
    bench.ran(&["captures", "export", id, "--out", &out.display().to_string()]).exits(0);
    fs::read(out).expect("read")
}

#[test]
fn an_export_into_the_folder_of_a_capture_is_refused_and_damages_nothing() {
    let bench = Bench::new();
    let (id, folder) = recorded(&bench);
    let (file_link, folder_link) = (bench.path("link.bin"), bench.path("linked"));
    symlink(folder.join("00000001.data"), &file_link).expect("linked");
    symlink(&folder, &folder_link).expect("linked");
    let targets = [
        folder.join("00000001.data"),
        folder.join("meta.json"),
        folder.join("new.bin"),
        file_link,
        folder_link.join("00000001.index"),
        folder_link.join("new.bin"),
    ];
    for out in targets.iter().map(|path| path.display().to_string()) {
        for (lang, why) in [("en", "belongs to a capture"), ("zh-CN", "属于一个捕获")] {
            let refused = bench.ran(&["captures", "export", &id, "--out", &out, "--lang", lang]).exits(1);
            assert!(refused.stderr.contains(why), "{out}: {}", refused.stderr);
        }
        for option in ["--save", "--log"] {
            bench.ran(&["listen", "127.0.0.1:0", "--for", "1ms", option, &out]).exits(2);
        }
        assert_eq!(exported(&bench, &id), content(), "{out}");
    }
    assert!(!folder.join("new.bin").exists());
}

#[test]
fn a_hard_link_of_a_capture_file_is_refused_and_the_capture_stays_whole() {
    let bench = Bench::new();
    let (id, folder) = recorded(&bench);
    for name in ["00000001.data", "00000001.index", "meta.json", "peers"] {
        let hard = bench.path(&format!("hard-{name}"));
        fs::hard_link(folder.join(name), &hard).expect("linked");
        let before = fs::read(&hard).expect("read");
        let out = hard.display().to_string();
        for (lang, why) in [("en", "belongs to a capture"), ("zh-CN", "属于一个捕获")] {
            let export = ["captures", "export", &id, "--format", "hexdump", "--lang", lang, "--out", &out];
            let refused = bench.ran(&export).exits(1);
            assert!(refused.stderr.contains(why), "{out}: {}", refused.stderr);
            for option in ["--save", "--log"] {
                let session = ["listen", "127.0.0.1:0", "--for", "1ms", "--lang", lang, option, &out];
                let refused = bench.ran(&session).exits(2);
                assert!(refused.stderr.contains(why), "{out}: {}", refused.stderr);
            }
        }
        assert!(fs::read(&hard).expect("read") == before, "{name}");
    }
    assert_eq!(exported(&bench, &id), content());
}

#[test]
fn an_export_that_fails_leaves_the_old_file_and_nothing_beside_it() {
    let bench = Bench::new();
    let (id, _) = recorded(&bench);
    let folder = bench.path("out");
    fs::create_dir(&folder).expect("made");
    let out = folder.join("old.bin");
    fs::write(&out, b"the old file").expect("written");
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -f 8; exec \"$0\" \"$@\""]).arg(program());
    limited.args(["captures", "export", &id, "--out"]).arg(&out).arg("--data-dir").arg(bench.path("data"));
    let ended = limited.output().expect("started");
    assert_eq!(ended.status.code(), Some(1), "{}", String::from_utf8_lossy(&ended.stderr));
    assert_eq!(fs::read(&out).expect("read"), b"the old file");
    assert_eq!(fs::read_dir(&folder).expect("listed").count(), 1);
}

#[test]
fn an_export_keeps_links_rights_and_devices() {
    let bench = Bench::new();
    let (id, _) = recorded(&bench);
    let (real, link) = (bench.path("real.bin"), bench.path("link.bin"));
    fs::write(&real, b"old").expect("written");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("set");
    symlink(&real, &link).expect("linked");
    for out in [link.display().to_string(), "/dev/null".to_owned()] {
        bench.ran(&["captures", "export", &id, "--out", &out]).exits(0);
    }
    assert!(link.is_symlink());
    assert_eq!(fs::read(&real).expect("read"), content());
    assert_eq!(real.metadata().expect("there").permissions().mode() & 0o777, 0o640);
    assert!(fs::metadata("/dev/null").expect("there").file_type().is_char_device());
}
