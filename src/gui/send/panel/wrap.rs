//! The wrap of a payload: a button labelled with its summary, and its popover.

use super::checks;
use super::preview;
use super::widths::words_width;
use super::wrap_row::{INDENT, WIDTH, row};
use crate::codec::checksum::Endian;
use crate::codec::wrap::{Head, LengthHead, LengthWidth, OwnBytes, Tail, Wrap};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::send::state::Composed;
use crate::gui::send::wrap_form::WrapForm;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{self, Button, Checkbox, Closed, Combo, Field, Side, menu_hairline, paint, tooltip};
use crate::words::{self, Lang, Text};
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Response, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Minimum width of the button.
pub const LEAST: f32 = 128.0;
/// Height of the summary below the bytes.
const SUM: f32 = 20.0;

/// The width of the whole button.
pub fn width(ui: &Ui, panels: &Panels<'_>, session: &Session) -> f32 {
    let label = words_width(ui, panels.text(Text::Wrap), measure::TEXT_LABEL);
    let summary = words::wrap_summary(&session.setup.wrap, panels.lang);
    label + words_width(ui, &summary, measure::TEXT) + 10.0 + 8.0 + 32.0
}

/// Draws the button, and the popover while it is open.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, width: f32) {
    let response = button(ui, panels, session, width);
    if response.clicked() {
        session.send.wrap_form = match session.send.wrap_form.take() {
            Some(_) => None,
            None => Some(WrapForm::new(&session.setup.wrap)),
        };
    }
    popover(panels, session, &response);
}

fn button(ui: &mut Ui, panels: &Panels<'_>, session: &Session, width: f32) -> Response {
    let t = theme::tokens(ui);
    let summary = words::wrap_summary(&session.setup.wrap, panels.lang);
    let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::click());
    let is_open = session.send.wrap_form.is_some();
    let (fill, edge) = match (response.hovered(), response.is_pointer_button_down_on()) {
        (_, true) => (t.toggle_on, t.line_hover),
        (true, false) => (t.hover, t.line_hover),
        (false, false) => (t.canvas, t.line),
    };
    let painter = ui.painter();
    paint::plate(painter, rect, measure::RADIUS, fill, edge);
    if is_open || response.has_focus() {
        paint::focus_edge(painter, rect, measure::RADIUS, t.accent);
    }
    let y = rect.center().y;
    let (label, font) = (panels.text(Text::Wrap), theme::ui_font(measure::TEXT_LABEL));
    let label = paint::text(painter, pos2(rect.left() + 10.0, y), paint::At::Left, label, font, t.muted);
    let (left, right) = (label.right() + 8.0, rect.right() - 30.0);
    let words = paint::elided(painter, &summary, theme::ui_font(measure::TEXT), t.text, right - left);
    let is_cut = words.elided;
    paint::put(painter, pos2(left, y), paint::At::Left, measure::TEXT, words, t.text);
    paint::icon(painter, pos2(rect.right() - 15.0, y), icons::CARET_DOWN, measure::ICON_SMALL, t.muted);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Button, response.enabled(), panels.text(Text::Wrap));
        info.current_text_value = Some(summary.clone());
        info
    });
    if is_cut { tooltip(response, &summary, None) } else { response }
}

/// Draws the popover above `button` while it is open.
pub fn popover(panels: &mut Panels<'_>, session: &mut Session, button: &Response) {
    let Some(mut form) = session.send.wrap_form.take() else { return };
    let name = panels.text(Text::Wrap);
    match widgets::popover(button, name, Side::Above, WIDTH, |ui| contents(ui, panels, session, &mut form)) {
        Some(Closed::Undone) => session.setup.wrap = form.before,
        Some(Closed::Kept) => {}
        None => session.send.wrap_form = Some(form),
    }
}

fn contents(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, form: &mut WrapForm) {
    let t = theme::tokens(ui);
    ui.set_width(WIDTH);
    ui.spacing_mut().item_spacing = vec2(8.0, measure::FORM_PITCH - measure::CONTROL);
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, 20.0), Sense::hover());
    let font = theme::medium(measure::TEXT_LABEL);
    paint::text(
        ui.painter(),
        pos2(rect.left(), rect.center().y),
        paint::At::Left,
        panels.text(Text::Wrap),
        font,
        t.text,
    );
    let changes = link(ui, panels, &session.setup.wrap, rect);
    let mut change = None;
    if session.setup.wrap.as_framing {
        framing(ui, panels, session);
    } else {
        let wrap = &mut session.setup.wrap;
        head(ui, panels, wrap, form);
        tail(ui, panels, wrap, form);
        change = checks::show(ui, panels, wrap, form);
    }
    menu_hairline(ui);
    result(ui, panels, session, form);
    // Last: in a popover that shrinks within this frame, the click would be outside of it and close it.
    session.setup.wrap.as_framing ^= changes;
    if let Some(change) = change {
        checks::apply(change, &mut session.setup.wrap, form);
    }
}

/// Draws the link at the right end of the title that changes between the framing rule and parts of the user's own. Returns whether
/// it was clicked.
fn link(ui: &mut Ui, panels: &Panels<'_>, wrap: &Wrap, title: Rect) -> bool {
    let (words, icon) = match wrap.as_framing {
        true => (Text::CustomParts, icons::LINK_BREAK),
        false => (Text::SameAsFraming, icons::LINK),
    };
    let layout = Layout::right_to_left(Align::Center);
    let rect = Rect::from_center_size(title.center(), vec2(title.width(), measure::CONTROL));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
    ui.add(Button::link(panels.text(words)).icon(icon)).clicked()
}

/// Draws the rule that the wrap follows.
fn framing(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let rule = session.setup.rule();
    let words = rule.preset_name().map_or_else(|| rule.to_string(), str::to_owned);
    row(ui, panels.text(Text::Framing), |ui| {
        let (rect, response) = ui.allocate_exact_size(vec2(WIDTH - INDENT, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::text_elided(ui.painter(), at, &words, theme::mono(measure::TEXT), t.text, rect.width());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    });
}

/// The choices for the head.
#[derive(Clone, Copy, PartialEq)]
enum HeadKind {
    None,
    Length,
    Bytes,
}

fn head(ui: &mut Ui, panels: &Panels<'_>, wrap: &mut Wrap, form: &mut WrapForm) {
    let items = [
        (HeadKind::None, panels.text(Text::WrapNothing)),
        (HeadKind::Length, panels.text(Text::LengthField)),
        (HeadKind::Bytes, panels.text(Text::OwnBytes)),
    ];
    let before = match wrap.head {
        Head::None => HeadKind::None,
        Head::Length(_) => HeadKind::Length,
        Head::Bytes(_) => HeadKind::Bytes,
    };
    row(ui, panels.text(Text::WrapHead), |ui| {
        let mut kind = before;
        Combo::new(panels.text(Text::WrapHead)).width(120.0).show(ui, &mut kind, &items);
        if kind != before {
            wrap.head = match kind {
                HeadKind::None => Head::None,
                HeadKind::Length => Head::Length(LengthHead::default()),
                HeadKind::Bytes => Head::Bytes(own(&form.head).unwrap_or_default()),
            };
        }
        match &mut wrap.head {
            Head::None => {}
            Head::Length(length) => length_field(ui, panels, length),
            Head::Bytes(bytes) => own_field(ui, panels, Text::HeadBytes, &mut form.head, bytes),
        }
    });
    if let Head::Length(length) = &mut wrap.head {
        row(ui, "", |ui| {
            let check = Checkbox::new(&mut length.counts_check, panels.text(Text::CountsCheck));
            ui.add_enabled(!wrap.checks.is_empty(), check);
        });
        row(ui, "", |ui| ui.add(Checkbox::new(&mut length.counts_itself, panels.text(Text::CountsItself))));
    }
}

fn length_field(ui: &mut Ui, panels: &Panels<'_>, length: &mut LengthHead) {
    let widths = [
        (LengthWidth::One, panels.text(Text::OneByte)),
        (LengthWidth::Two, panels.text(Text::TwoBytes)),
        (LengthWidth::Four, panels.text(Text::FourBytes)),
    ];
    Combo::new(panels.text(Text::LengthFieldWidth)).width(92.0).show(ui, &mut length.width, &widths);
    let orders = [(Endian::Big, panels.text(Text::BigShort)), (Endian::Little, panels.text(Text::LittleShort))];
    let order = Combo::new(panels.text(Text::LengthFieldOrder)).width(68.0);
    ui.add_enabled_ui(length.width != LengthWidth::One, |ui| order.show(ui, &mut length.endian, &orders));
}

fn own(text: &str) -> Option<OwnBytes> {
    OwnBytes::try_from(text.to_owned()).ok()
}

/// Draws a field for custom bytes. Invalid hex keeps the last valid bytes.
fn own_field(ui: &mut Ui, panels: &Panels<'_>, name: Text, text: &mut String, bytes: &mut OwnBytes) {
    let error = own_error(text, panels.lang);
    let field = Field::new(text, panels.text(name)).hint("AA 55").mono().width(148.0).error(error.as_deref());
    if field.show(ui).changed()
        && let Some(typed) = own(text)
    {
        *bytes = typed;
    }
}

fn own_error(text: &str, lang: Lang) -> Option<String> {
    match crate::codec::hex::parse(text) {
        Err(error) => Some(words::hex_error(&error, lang)),
        Ok(bytes) if bytes.len() > OwnBytes::MAX_LEN => Some(lang.texts().own_bytes_too_long(OwnBytes::MAX_LEN)),
        Ok(_) => None,
    }
}

fn tail(ui: &mut Ui, panels: &Panels<'_>, wrap: &mut Wrap, form: &mut WrapForm) {
    let bytes = match &wrap.tail {
        Tail::Bytes(bytes) => bytes.clone(),
        _ => own(&form.tail).unwrap_or_default(),
    };
    let items = [
        (Tail::None, panels.text(Text::WrapNothing)),
        (Tail::Cr, "CR"),
        (Tail::Lf, "LF"),
        (Tail::CrLf, "CRLF"),
        (Tail::Bytes(bytes), panels.text(Text::OwnBytes)),
    ];
    row(ui, panels.text(Text::WrapTail), |ui| {
        Combo::new(panels.text(Text::WrapTail)).width(120.0).show(ui, &mut wrap.tail, &items);
        if let Tail::Bytes(bytes) = &mut wrap.tail {
            own_field(ui, panels, Text::TailBytes, &mut form.tail, bytes);
        }
    });
}

/// Draws the bytes that the box sends now.
fn result(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, form: &mut WrapForm) {
    let t = theme::tokens(ui);
    let lang = panels.lang;
    row(ui, panels.text(Text::WrapResult), |ui| {
        let width = WIDTH - INDENT;
        let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL + SUM), Sense::hover());
        let y = rect.top() + measure::CONTROL / 2.0;
        let words = match session.send.composed(&session.setup, panels.wake) {
            Composed::Ready(payload) => {
                let pieces = preview::pieces(payload, (width / preview::BYTE) as usize);
                preview::paint(ui.painter(), &pieces, (rect.left(), y), t);
                let digits: Vec<&str> = pieces.iter().map(|(_, digits)| digits.as_str()).collect();
                let composition = words::composition(&payload.sizes(1), lang);
                let at = pos2(rect.left(), rect.bottom() - SUM / 2.0);
                let font = theme::ui_font(measure::TEXT_SMALL);
                paint::text_elided(ui.painter(), at, &composition, font, t.muted, width);
                format!("{} {composition}", digits.join(" "))
            }
            Composed::Wrong(error) => {
                let words = error.words(lang);
                let font = theme::ui_font(measure::TEXT_SMALL);
                paint::text_elided(ui.painter(), pos2(rect.left(), y), &words, font, t.error, width);
                words
            }
            Composed::Working => panels.text(Text::ReadingPaste).to_owned(),
        };
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    });
    let foot = vec2(WIDTH, measure::CONTROL);
    ui.allocate_ui_with_layout(foot, Layout::right_to_left(Align::Center), |ui| {
        let remove = Button::link(panels.text(Text::RemoveWrap));
        if ui.add_enabled(!session.setup.wrap.is_empty(), remove).clicked() {
            session.setup.wrap = Wrap::default();
            *form = WrapForm { before: form.before.clone(), ..WrapForm::new(&Wrap::default()) };
        }
    });
}
