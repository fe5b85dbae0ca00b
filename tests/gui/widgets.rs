//! The painted controls: found by accessible name, operated by pointer and keyboard, silent while disabled.

use egui::Key;
use egui::accesskit::{Role, Toggled};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use wirebench::gui::widgets::{
    Banner, BannerAnswer, BannerKind, Button, Checkbox, Chip, Combo, EditableCombo, Field, GroupHeader, IconButton,
    ProgressBar, Segmented, Toasts, Tone,
};
use wirebench::gui::{icons, theme};
use wirebench::settings::Theme;

#[derive(Default)]
struct Controls {
    port: String,
    address: String,
    on: bool,
    open: bool,
    mode: u8,
    encoding: u8,
    clicks: Vec<&'static str>,
    error: Option<&'static str>,
    banner: Option<BannerAnswer>,
    is_disabled: bool,
    toasts: Toasts,
}

impl eframe::App for Controls {
    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        if self.is_disabled {
            ui.disable();
        }
        let mut click = |clicked: bool, name| {
            if clicked {
                self.clicks.push(name);
            }
        };
        click(ui.add(Button::primary("发送").size(112.0, 58.0)).clicked(), "发送");
        click(ui.add(Button::danger("断开网络").name("断开")).clicked(), "断开");
        click(ui.add(IconButton::new(icons::TRASH, "清除显示").shortcut("Ctrl+L")).clicked(), "清除显示");
        Field::new(&mut self.port, "本地端口").error(self.error).show(ui);
        let proposals = ["0.0.0.0".to_owned(), "127.0.0.1".to_owned()];
        EditableCombo::new(&mut self.address, "本地地址", "本地地址列表", &proposals).show(ui);
        ui.add(Checkbox::new(&mut self.on, "循环").name("循环发送"));
        Segmented::new("显示方式", &[(0, "文本"), (1, "HEX"), (2, "对照")]).width(167.0).show(ui, &mut self.mode);
        Combo::new("字符编码").show(ui, &mut self.encoding, &[(0, "UTF-8"), (1, "GBK"), (2, "Big5")]);
        GroupHeader::new("网络设置", &mut self.open).show(ui);
        ui.add(ProgressBar::new("发送文件", Some(0.5)));
        let chip = Chip { icon: icons::PAPERCLIP, title: "粘贴 1.2 MiB", detail: "01 02", remove_name: "移除" };
        click(chip.show(ui), "移除");
        let banner = Banner {
            kind: BannerKind::Error,
            title: "无法监听 TCP 0.0.0.0:8080",
            cause: "端口已被另一个程序占用",
            actions: &["改用 8081", "重试"],
            close_name: "关闭提示",
        };
        if let Some(answer) = banner.show(ui) {
            self.banner = Some(answer);
        }
        self.toasts.show(ui.ctx(), 300.0, 700.0);
    }
}

fn window<'a>(controls: Controls) -> Harness<'a, Controls> {
    let mut window = Harness::builder().with_size([600.0, 700.0]).build_eframe(|cc| {
        theme::install(&cc.egui_ctx, Theme::Light);
        controls
    });
    window.step();
    window
}

#[test]
fn every_control_has_its_role_and_name() {
    let window = window(Controls::default());
    for (role, name) in [
        (Role::Button, "发送"),
        (Role::Button, "断开"),
        (Role::Button, "清除显示"),
        (Role::TextInput, "本地端口"),
        (Role::TextInput, "本地地址"),
        (Role::Button, "本地地址列表"),
        (Role::CheckBox, "循环发送"),
        (Role::RadioGroup, "显示方式"),
        (Role::RadioButton, "对照"),
        (Role::ComboBox, "字符编码"),
        (Role::Button, "网络设置"),
        (Role::ProgressIndicator, "发送文件"),
        (Role::Button, "改用 8081"),
        (Role::Button, "关闭提示"),
    ] {
        window.get_by_role_and_label(role, name);
    }
    window.get_by_label_contains("无法监听 TCP 0.0.0.0:8080 端口已被另一个程序占用");
    assert_eq!(window.unnamed_widgets(), Vec::<String>::new());
}

#[test]
fn buttons_answer_to_clicks_and_keys() {
    let mut window = window(Controls::default());
    for name in ["发送", "断开", "清除显示", "移除"] {
        window.get_by_label(name).click();
        window.run_steps(2);
    }
    window.get_by_label("断开").focus();
    window.step();
    window.key_press(Key::Enter);
    window.run_steps(2);
    assert_eq!(window.state().clicks, ["发送", "断开", "清除显示", "移除", "断开"]);
    window.get_by_label("重试").click();
    window.run_steps(2);
    assert_eq!(window.state().banner, Some(BannerAnswer::Action(1)));
    window.get_by_label("关闭提示").click();
    window.run_steps(2);
    assert_eq!(window.state().banner, Some(BannerAnswer::Closed));
}

#[test]
fn disabled_controls_do_nothing() {
    let mut window = window(Controls { is_disabled: true, ..Controls::default() });
    for name in ["发送", "循环发送", "对照", "字符编码", "网络设置"] {
        assert!(window.get_by_label(name).accesskit_node().is_disabled(), "{name}");
        window.get_by_label(name).click();
        window.run_steps(2);
    }
    let state = window.state();
    assert!(state.clicks.is_empty() && !state.on && !state.open && state.mode == 0);
    assert!(window.query_by_label("GBK").is_none(), "a disabled list stays closed");
}

#[test]
fn text_is_typed_into_fields_and_their_errors_are_read() {
    let mut window = window(Controls::default());
    window.get_by_label("本地端口").focus();
    window.step();
    window.get_by_label("本地端口").type_text("8080");
    window.run_steps(2);
    assert_eq!(window.state().port, "8080");
    window.state_mut().error = Some("端口已被占用");
    window.run_steps(2);
    window.get_by_label("端口已被占用");
}

#[test]
fn an_editable_combo_takes_a_proposal() {
    let mut window = window(Controls::default());
    window.get_by_label("本地地址列表").click();
    window.run_steps(3);
    window.get_by_role_and_label(Role::MenuItemRadio, "127.0.0.1").click();
    window.run_steps(3);
    assert_eq!(window.state().address, "127.0.0.1");
    assert!(window.query_by_role(Role::MenuItemRadio).is_none(), "the list closes");
}

#[test]
fn a_checkbox_is_toggled_by_click_and_space() {
    let mut window = window(Controls::default());
    window.get_by_label("循环发送").click();
    window.run_steps(2);
    assert!(window.state().on);
    assert_eq!(window.get_by_label("循环发送").accesskit_node().toggled(), Some(Toggled::True));
    window.get_by_label("循环发送").focus();
    window.step();
    window.key_press(Key::Space);
    window.run_steps(2);
    assert!(!window.state().on);
}

#[test]
fn segments_are_chosen_by_click_and_arrows() {
    let mut window = window(Controls::default());
    window.get_by_label("对照").click();
    window.run_steps(2);
    assert_eq!(window.state().mode, 2);
    window.get_by_label("对照").focus();
    window.step();
    window.key_press(Key::ArrowRight);
    window.run_steps(2);
    assert_eq!(window.state().mode, 0, "the last is followed by the first");
    window.key_press(Key::ArrowLeft);
    window.run_steps(2);
    window.key_press(Key::ArrowLeft);
    window.run_steps(2);
    assert_eq!(window.state().mode, 1, "the focus moves along");
    assert_eq!(window.get_by_label("HEX").accesskit_node().toggled(), Some(Toggled::True));
}

#[test]
fn a_combo_is_worked_by_pointer_and_keys() {
    let mut window = window(Controls::default());
    window.get_by_label("字符编码").click();
    window.run_steps(3);
    assert_eq!(window.get_by_label("UTF-8").accesskit_node().toggled(), Some(Toggled::True));
    window.get_by_label("GBK").click();
    window.run_steps(3);
    assert_eq!(window.state().encoding, 1);
    assert!(window.query_by_label("Big5").is_none(), "the list closes");
    window.get_by_label("字符编码").focus();
    window.step();
    window.key_press(Key::ArrowDown);
    window.run_steps(2);
    assert_eq!(window.state().encoding, 2);
    window.key_press(Key::ArrowDown);
    window.run_steps(2);
    assert_eq!(window.state().encoding, 2, "it stops at the last");
}

#[test]
fn toasts_are_read_and_go() {
    let mut window = window(Controls::default());
    let ctx = window.ctx.clone();
    window.state_mut().toasts.add(&ctx, Tone::Good, "已复制 8 字节");
    window.run_steps(2);
    window.get_by_label("已复制 8 字节");
    window.state_mut().toasts.add(&ctx, Tone::Good, "已复制 8 字节");
    window.run_steps(2);
    assert_eq!(window.query_all_by_label("已复制 8 字节").count(), 1, "said once");
    window.run_steps(30);
    assert!(window.query_by_label("已复制 8 字节").is_none());
}
