//! The application that the binary runs, without a window, and the peers of its sockets.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use wirebench::gui::{App, Ask, Boot};
use wirebench::settings::{Startup, Theme};
use wirebench::words::Lang;

/// Time limit; exceeded only if something is broken.
pub const LONG: Duration = Duration::from_secs(20);

/// One of two texts, by language.
pub trait Pick {
    fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str;
}

impl Pick for Lang {
    fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::ZhCn => zh,
            Self::En => en,
        }
    }
}

/// Both languages.
pub const LANGS: [Lang; 2] = [Lang::ZhCn, Lang::En];

/// The application in a harness.
pub struct Window {
    pub harness: Harness<'static, App>,
    pub folder: Arc<TempDir>,
}

/// How to start a window.
pub struct Start {
    pub startup: Startup,
    pub folder: Arc<TempDir>,
    pub chosen: Option<PathBuf>,
    pub size: Vec2,
}

impl Start {
    /// In a new folder.
    pub fn new(lang: Lang) -> Self {
        Self::in_folder(lang, Arc::new(tempfile::tempdir().expect("folder")))
    }

    /// In this folder, like a second run.
    pub fn in_folder(lang: Lang, folder: Arc<TempDir>) -> Self {
        let data_dir = Some(folder.path().join("data"));
        let startup = Startup { data_dir, lang: Some(lang), theme: Some(Theme::Light), ..Startup::default() };
        Self { startup, folder, chosen: None, size: Vec2::new(1280.0, 800.0) }
    }

    /// The answer of every file dialog.
    pub fn choosing(mut self, path: &Path) -> Self {
        self.chosen = Some(path.to_path_buf());
        self
    }

    /// Starts it.
    pub fn open(self) -> Window {
        let chosen = self.chosen;
        let boot = Boot::prepare(self.startup, Arc::new(move |_: &Ask| chosen.clone()));
        let harness = Harness::builder()
            .with_size(self.size)
            .with_theme(egui::Theme::Light)
            .build_eframe(|cc| App::new(cc, boot));
        let mut window = Window { harness, folder: self.folder };
        window.steps(3);
        window
    }
}

/// A window with one untouched session.
pub fn window(lang: Lang) -> Window {
    Start::new(lang).open()
}

impl Window {
    /// Draws `count` frames.
    pub fn steps(&mut self, count: usize) {
        for _ in 0..count {
            self.harness.step();
        }
    }

    /// Draws frames until `done` returns true; on time-out prints the screen's contents.
    pub fn until(&mut self, what: &str, mut done: impl FnMut(&Harness<'static, App>) -> bool) {
        let deadline = Instant::now() + LONG;
        loop {
            self.harness.step();
            if done(&self.harness) {
                return;
            }
            assert!(Instant::now() < deadline, "in vain: {what}\n{}", self.names().join("\n"));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The names of all elements on screen.
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        let mut stack = vec![self.harness.root()];
        while let Some(node) = stack.pop() {
            let access = node.accesskit_node();
            // The text of a label is its value; other elements have a name, and possibly a value.
            match (access.label(), access.value()) {
                (Some(label), Some(value)) => names.push(format!("{:?} {label} = {value}", access.role())),
                (Some(words), None) | (None, Some(words)) => names.push(format!("{:?} {words}", access.role())),
                (None, None) => {}
            }
            stack.extend(node.children());
        }
        names.reverse();
        names
    }

    /// Whether an element with exactly this name is on screen.
    pub fn shows(&self, name: &str) -> bool {
        self.harness.query_all_by_label(name).next().is_some()
    }

    /// A name on screen that contains all of `parts`.
    pub fn line(&self, parts: &[&str]) -> Option<String> {
        self.names().into_iter().find(|name| parts.iter().all(|part| name.contains(part)))
    }

    /// Waits for a name that contains all of `parts` and returns it.
    pub fn wait(&mut self, parts: &[&str]) -> String {
        let deadline = Instant::now() + LONG;
        loop {
            self.harness.step();
            if let Some(line) = self.line(parts) {
                return line;
            }
            assert!(Instant::now() < deadline, "in vain: {parts:?}\n{}", self.names().join("\n"));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// The place of the only element with this name.
    pub fn place(&self, name: &str) -> egui::Rect {
        self.harness.get_by_label(name).rect()
    }

    fn node<'a>(&'a self, role: Role, name: &'a str) -> Node<'a> {
        self.harness.get_by_role_and_label(role, name)
    }

    /// Clicks a button.
    pub fn click(&mut self, name: &str) {
        self.click_as(Role::Button, name);
    }

    /// Clicks an element of another role.
    pub fn click_as(&mut self, role: Role, name: &str) {
        self.until(&format!("{role:?} {name}"), |harness| {
            harness.query_all_by_role_and_label(role, name).any(|node| !node.accesskit_node().is_disabled())
        });
        self.node(role, name).click();
        self.steps(2);
    }

    /// Presses and releases the button at this position within one frame, like a quick click at a low frame rate.
    pub fn press_at(&mut self, pos: egui::Pos2) {
        self.harness.hover_at(pos);
        self.steps(1);
        let button =
            |pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers: Modifiers::NONE };
        self.harness.input_mut().events.extend([button(true), button(false)]);
        self.steps(1);
    }

    /// Chooses a segment.
    pub fn segment(&mut self, name: &str) {
        self.click_as(Role::RadioButton, name);
    }

    /// Chooses the row of a drop-down that begins like this.
    pub fn choose_peer(&mut self, name: &str, start: &str) {
        self.click_as(Role::ComboBox, name);
        let row = self.wait(&[&format!("MenuItemRadio {start}")]);
        let row = row.trim_start_matches("MenuItemRadio ").to_owned();
        self.click_as(Role::MenuItemRadio, &row);
        self.steps(8);
    }

    /// Toggles a checkbox.
    pub fn check(&mut self, name: &str) {
        // The left column scrolls.
        self.until(name, |harness| harness.query_by_role_and_label(Role::CheckBox, name).is_some());
        self.node(Role::CheckBox, name).scroll_to_me();
        self.steps(8);
        self.click_as(Role::CheckBox, name);
    }

    /// Chooses `row` of a drop-down.
    pub fn choose(&mut self, name: &str, row: &str) {
        self.click_as(Role::ComboBox, name);
        self.node(Role::MenuItemRadio, row).scroll_to_me();
        self.steps(2);
        self.click_as(Role::MenuItemRadio, row);
        // The list fades out and would intercept the next click.
        self.steps(8);
    }

    /// Chooses `row` for a part of the wrap, in its popover.
    pub fn wrap(&mut self, lang: Lang, part: &str, row: &str) {
        let wrap = lang.pick("封装", "Wrap");
        self.click(wrap);
        self.steps(4);
        self.choose(part, row);
        self.click(wrap);
        self.steps(4);
    }

    /// Toggles one of the send options.
    pub fn send_option(&mut self, lang: Lang, name: &str) {
        self.click(lang.pick("发送选项", "Send options"));
        self.steps(4);
        self.click_as(Role::CheckBox, name);
        self.harness.key_press(Key::Escape);
        self.steps(8);
    }

    /// Toggles the repeat, and where its numbers are folded, leaves them open.
    pub fn repeat(&mut self, lang: Lang) {
        let (repeat, options) = (lang.pick("循环", "Repeat"), lang.pick("循环选项", "Repeat options"));
        if !self.has_role(Role::CheckBox, repeat) {
            self.click(options);
            self.steps(4);
        }
        self.click_as(Role::CheckBox, repeat);
    }

    fn has_role(&self, role: Role, name: &str) -> bool {
        self.harness.query_all_by_role_and_label(role, name).next().is_some()
    }

    /// Opens the form that sends a file. There is no dialog here.
    pub fn file_to_send(&mut self, lang: Lang) {
        self.menu(lang.pick("文件", "File"), lang.pick("发送文件…", "Send file…"));
        self.wait(&[lang.pick("没有选择文件", "No file was chosen")]);
    }

    /// Sends a file by its path.
    pub fn send_file(&mut self, lang: Lang, path: &Path) {
        self.file_to_send(lang);
        self.fill(lang.pick("文件路径", "File path"), &path.display().to_string());
        self.click(lang.pick("开始发送", "Send the file"));
    }

    /// Clicks the button that starts an export; the button that opens its form may have the same name.
    pub fn start_export(&mut self, lang: Lang) {
        let name = lang.pick("导出", "Export");
        let buttons: Vec<_> = self.harness.query_all_by_role_and_label(Role::Button, name).collect();
        let lowest = buttons.iter().max_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
        lowest.expect("the button of the form").click();
        self.steps(2);
    }

    /// Opens a menu and chooses `row`.
    pub fn menu(&mut self, name: &str, row: &str) {
        self.click(name);
        self.click_as(Role::MenuItem, row);
        self.steps(8);
    }

    /// Replaces the content of a field with `text`.
    pub fn fill(&mut self, name: &str, text: &str) {
        self.focus(name);
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
        self.steps(1);
        if text.is_empty() {
            self.harness.key_press(Key::Delete);
        } else {
            self.harness.event(Event::Text(text.to_owned()));
        }
        self.steps(2);
    }

    /// Puts the caret into a field.
    pub fn focus(&mut self, name: &str) {
        self.until(&format!("field {name}"), |harness| {
            harness.query_by(|node| is_field(node) && node.label().as_deref() == Some(name)).is_some()
        });
        self.harness.get_by(|node| is_field(node) && node.label().as_deref() == Some(name)).focus();
        self.steps(2);
    }

    /// The content of a field.
    pub fn field(&self, name: &str) -> String {
        let node = self.harness.get_by(|node| is_field(node) && node.label().as_deref() == Some(name));
        node.accesskit_node().value().unwrap_or_default()
    }

    /// The value of a drop-down.
    pub fn chosen(&self, name: &str) -> String {
        self.node(Role::ComboBox, name).accesskit_node().value().unwrap_or_default()
    }

    /// Whether a button is enabled.
    pub fn enabled(&self, name: &str) -> bool {
        let mut buttons = self.harness.query_all_by_role_and_label(Role::Button, name);
        buttons.any(|node| !node.accesskit_node().is_disabled())
    }

    /// Waits until a button exists and is enabled.
    pub fn wait_enabled(&mut self, name: &str) {
        self.until(&format!("{name} can be pressed"), |harness| {
            let mut buttons = harness.query_all_by_role_and_label(Role::Button, name);
            buttons.any(|node| !node.accesskit_node().is_disabled())
        });
    }

    /// Pastes as from the keyboard.
    pub fn paste(&mut self, text: &str) {
        self.harness.event(Event::Paste(text.to_owned()));
        self.steps(2);
    }

    /// Ctrl+Enter.
    pub fn press_send(&mut self) {
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::Enter);
        self.steps(2);
    }

    /// Listens on a free port of 127.0.0.1, and returns the address.
    pub fn listens(&mut self, lang: Lang) -> SocketAddr {
        let [address, port, listen, listening] = match lang {
            Lang::ZhCn => ["本地地址", "本地端口", "开始监听", "正在监听"],
            Lang::En => ["Local address", "Local port", "Listen", "Listening on"],
        };
        self.fill(address, "127.0.0.1");
        self.fill(port, "0");
        self.click(listen);
        self.address_after(listening)
    }

    /// The address after `words` in the state line, once it is there.
    pub fn address_after(&mut self, words: &str) -> SocketAddr {
        let line = self.wait(&["Label ", words, "127.0.0.1:"]);
        line.split_whitespace().find_map(|part| part.parse().ok()).expect("an address in the line")
    }
}

fn is_field(node: &egui_kittest::kittest::AccessKitNode<'_>) -> bool {
    matches!(node.role(), Role::TextInput | Role::MultilineTextInput)
}

/// The peer of a TCP connection, with a read time-out.
pub struct Peer(pub TcpStream);

impl Peer {
    pub fn connect(address: SocketAddr) -> Self {
        Self::over(TcpStream::connect_timeout(&address, LONG).expect("connect"))
    }

    pub fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(LONG)).expect("timeout");
        Self(stream)
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).expect("send");
    }

    /// Reads as many bytes as `expected`, which they must equal.
    pub fn expect(&mut self, expected: &[u8]) {
        let mut got = vec![0; expected.len()];
        self.0.read_exact(&mut got).expect("read");
        assert!(got == expected, "got {} bytes that differ", got.len());
    }

    /// The other side must close: no more bytes, or a reset.
    pub fn expect_end(&mut self) {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => assert!(rest.is_empty(), "{rest:?}"),
            Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
        }
    }
}
