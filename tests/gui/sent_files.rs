//! Sent files that were not kept: those of a foreign capture are read only after the user allows it; the settings determine which
//! files are kept.

use crate::support::{LANGS, Start};
use std::fs;
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload, file_stamp};
use wirebench::model::{Direction, PeerId};
use wirebench::words::Lang;

#[test]
fn files_of_a_foreign_capture_are_read_after_confirmation() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.path().canonicalize().expect("there");
        let file = folder.join("secret.txt");
        fs::write(&file, "what is in it").expect("written");
        let captures = folder.join("data").join("captures");
        let endpoint = "tcp://192.0.2.7:7001".parse().expect("endpoint");
        let mut writer = CaptureWriter::create(&captures, &endpoint, CaptureOptions::default()).expect("capture");
        let (size, modified_ns) = file_stamp(&file.metadata().expect("there"));
        let payload = Payload::File { path: &file, offset: 0, len: size as u32, size, modified_ns, hash: 0 };
        writer.append(&NewRecord::data(Direction::Sent, PeerId(1), payload)).expect("appended");
        let meta = writer.reader().folder().join("meta.json");
        writer.close();
        let text = fs::read_to_string(&meta).expect("read");
        assert!(text.contains("origin"));
        fs::write(&meta, text.replace("origin", "elsewhere")).expect("written");

        let (settings, page, open, unread, read) = match lang {
            Lang::ZhCn => ("设置", "捕获记录", "打开", "不是本程序在本机写入的", "读取这些文件"),
            Lang::En => ("Settings", "Captures", "Open", "not written on this machine", "Read these files"),
        };
        let mut window = start.open();
        window.click(settings);
        window.segment(page);
        window.wait(&["ListItem tcp://192.0.2.7:7001"]);
        window.click(open);
        window.wait(&[unread]);
        assert!(window.line(&["what is in it"]).is_none());
        window.click(read);
        window.wait(&["what is in it"]);
        assert!(window.line(&[unread]).is_none() && !window.shows(read));
    }
}

#[test]
fn the_size_up_to_which_sent_files_are_kept_is_chosen() {
    for lang in LANGS {
        let (settings, field, bad) = match lang {
            Lang::ZhCn => ("设置", "存入捕获的发送文件", "0 到 1 GiB"),
            Lang::En => ("Settings", "Sent files kept", "0 to 1 GiB"),
        };
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let mut window = start.open();
        window.click(settings);
        window.wait(&["TextInput", field]);
        assert_eq!(window.field(field), "4.0 MiB");
        for wrong in ["2 GiB", "-1", "much"] {
            window.fill(field, wrong);
            assert!(window.line(&[bad]).is_some(), "{wrong}");
        }
        window.fill(field, "64 KiB");
        assert!(window.line(&[bad]).is_none());
        drop(window);
        let mut window = Start::in_folder(lang, folder).open();
        window.click(settings);
        window.wait(&["TextInput", field]);
        assert_eq!(window.field(field), "64.0 KiB");
    }
}
