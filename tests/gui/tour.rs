//! A tour of all states that a user can reach: every menu, list, dialog, panel and strip.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{Peer, Pick, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

/// A window on tour, and the callback for each stop.
struct Tour<'a> {
    window: Window,
    look: &'a mut dyn FnMut(&Window, &str),
}

impl Tour<'_> {
    /// Without the pointer, since hover elements are drawn over others on their own background.
    fn stop(&mut self, place: &str) {
        self.window.harness.event(egui::Event::PointerGone);
        self.window.steps(1);
        (self.look)(&self.window, place);
    }

    fn escape(&mut self) {
        self.window.harness.key_press(Key::Escape);
        self.window.steps(10);
    }

    fn keys(&mut self, modifiers: Modifiers, key: Key) {
        self.window.harness.key_press_modifiers(modifiers, key);
        self.window.steps(4);
    }

    /// The left column scrolls in a low window.
    fn reach(&mut self, role: Role, name: &str) {
        self.window.until(name, |harness| harness.query_all_by_role_and_label(role, name).next().is_some());
        self.window.harness.get_all_by_role_and_label(role, name).next().expect("it").scroll_to_me();
        self.window.steps(8);
    }

    /// Clicks an element and visits the result.
    fn click(&mut self, role: Role, name: &str) {
        self.reach(role, name);
        self.window.harness.get_all_by_role_and_label(role, name).next().expect("it").click();
        self.window.steps(8);
        self.stop(name);
    }

    /// Opens what a control opens, visits it, and closes it.
    fn open(&mut self, role: Role, name: &str) {
        self.click(role, name);
        self.escape();
    }

    /// Likewise for the context menu of the last element whose name contains `part`.
    fn right_click(&mut self, role: Role, part: &str) {
        let of_role = format!("{role:?} ");
        let names = self.window.names();
        let name = names.iter().rev().filter_map(|name| name.strip_prefix(&of_role)).find(|name| name.contains(part));
        let name = name.expect("something to click on");
        self.window.harness.get_all_by_role_and_label(role, name).next().expect("it").click_secondary();
        self.window.steps(8);
        self.stop(name);
        self.escape();
    }

    fn menu(&mut self, menu: &str, row: &str) {
        self.window.menu(menu, row);
        self.stop(row);
    }
}

/// Runs the tour in a window of this size (points); `look` gets the window and the place.
pub fn tour(lang: Lang, size: Vec2, look: &mut dyn FnMut(&Window, &str)) {
    let mut start = Start::new(lang);
    start.size = size;
    let mut tour = Tour { window: start.open(), look };
    tour.stop("start");
    before_traffic(&mut tour, lang);
    failures(&mut tour, lang);
    traffic(&mut tour, lang);
    comparing(&mut tour, lang);
    finding(&mut tour, lang);
    dialogs(&mut tour, lang);
    many_tabs(&mut tour, lang);
}

fn before_traffic(tour: &mut Tour<'_>, lang: Lang) {
    for name in [lang.pick("协议类型", "Protocol"), lang.pick("字符编码", "Encoding"), lang.pick("数据分包", "Framing")]
    {
        tour.open(Role::ComboBox, name);
    }
    tour.open(Role::ComboBox, lang.pick("接收校验", "Receive checksum"));
    for kind in [lang.pick("TCP 客户端", "TCP client"), "UDP", lang.pick("TCP 服务器", "TCP server")] {
        tour.reach(Role::ComboBox, lang.pick("协议类型", "Protocol"));
        tour.window.choose(lang.pick("协议类型", "Protocol"), kind);
        tour.stop(kind);
    }
}

/// Invalid input, and a port in use by another program.
fn failures(tour: &mut Tour<'_>, lang: Lang) {
    let (address, port, listen) =
        (lang.pick("本地地址", "Local address"), lang.pick("本地端口", "Local port"), lang.pick("开始监听", "Listen"));
    tour.reach(Role::TextInput, address);
    tour.window.fill(address, "bad host!");
    tour.window.fill(port, "70000");
    tour.reach(Role::Button, listen);
    tour.window.click(listen);
    tour.stop("wrong fields");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    tour.reach(Role::TextInput, address);
    tour.window.fill(address, "127.0.0.1");
    tour.window.fill(port, &taken.local_addr().expect("its port").port().to_string());
    tour.reach(Role::Button, listen);
    tour.window.click(listen);
    tour.window.wait(&[lang.pick("重试", "Retry")]);
    tour.stop("a port in use");
}

/// Two records beside each other.
fn comparing(tour: &mut Tour<'_>, lang: Lang) {
    tour.window.harness.get_by_role_and_label(Role::ScrollView, lang.pick("收发记录", "Traffic")).focus();
    tour.window.steps(2);
    for _ in 0..2 {
        tour.keys(Modifiers::COMMAND, Key::D);
        tour.stop("compare");
    }
    tour.window.click(lang.pick("关闭比较", "Close comparison"));
    tour.window.steps(4);
}

fn traffic(tour: &mut Tour<'_>, lang: Lang) {
    tour.reach(Role::TextInput, lang.pick("本地地址", "Local address"));
    let window = &mut tour.window;
    let mut peer = Peer::connect(window.listens(lang));
    peer.send(b"\x01\x02\x03\x04\xFF");
    window.wait(&["←", "#1"]);
    for name in ["HEX", lang.pick("对照", "Dump"), lang.pick("文本", "Text")] {
        let name = if lang == Lang::En && name == "HEX" { "Hex" } else { name };
        tour.click(Role::RadioButton, name);
    }
    for name in [
        lang.pick("更多", "More"),
        lang.pick("发送历史", "Send history"),
        lang.pick("列", "Columns"),
        lang.pick("Δ 的含义", "Meaning of Δ"),
        lang.pick("封装", "Wrap"),
        lang.pick("发送选项", "Send options"),
        lang.pick("查找方式", "Find by"),
    ] {
        tour.open(Role::Button, name);
    }
    tour.open(Role::ComboBox, lang.pick("发送给", "Send to"));
    tour.right_click(Role::Tab, "TCP");
    tour.right_click(Role::ListItem, "#1");
    tour.window.harness.get_by_role_and_label(Role::ScrollView, lang.pick("收发记录", "Traffic")).focus();
    tour.window.steps(2);
    tour.keys(Modifiers::SHIFT, Key::ArrowRight);
    tour.right_click(Role::Label, "←");
    for form in [lang.pick("应答用时", "response time"), lang.pick("相对上一条", "since previous")] {
        tour.window.click(lang.pick("Δ 的含义", "Meaning of Δ"));
        let row = tour.window.line(&["MenuItemRadio", form]).expect("a form of time");
        tour.window.click_as(Role::MenuItemRadio, row.strip_prefix("MenuItemRadio ").unwrap_or(&row));
        tour.window.steps(8);
        tour.stop(form);
    }
    for name in [lang.pick("字节检视", "Byte inspector"), lang.pick("速率与应答时间", "Rates and response times")]
    {
        tour.window.menu(lang.pick("更多", "More"), name);
        tour.window.steps(4);
        tour.stop(name);
    }
}

fn finding(tour: &mut Tour<'_>, lang: Lang) {
    tour.click(Role::Button, lang.pick("筛选", "Filter"));
    for name in [
        lang.pick("筛选类型", "Filter by kind"),
        lang.pick("内容的写法", "Content format"),
        lang.pick("按对端筛选", "Filter by peer"),
    ] {
        tour.open(Role::ComboBox, name);
    }
    // Where the toolbar has room for the list of peers, its click has closed the popover.
    if !tour.window.shows(lang.pick("最小长度", "Minimum length")) {
        tour.click(Role::Button, lang.pick("筛选", "Filter"));
    }
    tour.window.fill(lang.pick("最小长度", "Minimum length"), "x");
    tour.stop("a wrong filter");
    tour.escape();
    tour.keys(Modifiers::COMMAND, Key::F);
    tour.window.fill(lang.pick("查找", "Find"), "zz");
    tour.window.steps(20);
    tour.stop("search");
    tour.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    tour.window.steps(8);
    tour.stop("hits");
    tour.keys(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
}

fn dialogs(tour: &mut Tour<'_>, lang: Lang) {
    let (more, close) = (lang.pick("更多", "More"), lang.pick("关闭", "Close"));
    for row in [lang.pick("高亮规则…", "Highlight rules…"), lang.pick("捕获记录…", "Captures…")] {
        tour.menu(more, row);
        tour.window.click(close);
        tour.window.steps(8);
    }
    for row in [
        lang.pick("导出…", "Export…"),
        lang.pick("保存日志…", "Save log…"),
        lang.pick("保存接收数据…", "Save received…"),
    ] {
        tour.menu(more, row);
        tour.escape();
    }
    tour.menu(lang.pick("文件", "File"), lang.pick("发送文件…", "Send file…"));
    tour.escape();
    let settings = lang.pick("设置", "Settings");
    for name in [lang.pick("语言", "Language"), lang.pick("界面缩放", "Scale")] {
        tour.click(Role::Button, settings);
        tour.click(Role::ComboBox, name);
        for _ in 0..2 {
            tour.escape();
        }
        if tour.window.line(&["ComboBox", name]).is_some() {
            tour.window.click(close);
            tour.window.steps(8);
        }
    }
    // An open dock has folded the left column in a small window.
    let show = lang.pick("展开连接栏", "Show connection");
    let is_folded = tour.window.shows(show);
    if is_folded {
        tour.window.click(show);
        tour.window.steps(4);
    }
    tour.reach(Role::ComboBox, lang.pick("数据分包", "Framing"));
    tour.window.choose(lang.pick("数据分包", "Framing"), lang.pick("自定义…", "Custom…"));
    tour.stop("rule editor");
    tour.window.click(lang.pick("取消", "Cancel"));
    tour.window.steps(8);
    if is_folded {
        tour.window.click(lang.pick("隐藏连接栏", "Hide connection"));
        tour.window.steps(4);
    }
}

fn many_tabs(tour: &mut Tour<'_>, lang: Lang) {
    tour.click(Role::Button, lang.pick("左右并排", "Side by side"));
    for _ in 0..25 {
        tour.keys(Modifiers::COMMAND, Key::T);
    }
    tour.stop("many tabs");
    tour.open(Role::Button, lang.pick("全部会话", "All sessions"));
}
