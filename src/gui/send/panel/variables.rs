//! Variables in the text: the menu that inserts them, and the chip that says that they are replaced.

use super::editor_id::id;
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::send::compose::{Format, is_template};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, MenuItem, focus_later, menu_rows, paint, popup_frame};
use crate::settings::SessionSetup;
use crate::talk::template::{Notation, Template, may_have_fields};
use crate::words::Lang;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Align, Layout, Popup, Rect, RectAlign, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the chip.
const CHIP: f32 = 20.0;

/// A row of the menu: its name and the field that it inserts.
type Row = (&'static str, &'static str);

fn rows(hex: bool, lang: Lang) -> Vec<Row> {
    let texts = lang.texts();
    if hex {
        return vec![
            (texts.counter(), "{{n:u16}}"),
            (texts.counter_little(), "{{n:u16le}}"),
            (texts.unix_milliseconds(), "{{unix_ms:u64}}"),
            (texts.random_bytes(), "{{random(4)}}"),
            (texts.date_and_time(), "{{time()}}"),
        ];
    }
    vec![
        (texts.counter(), "{{n}}"),
        (texts.counter_padded(), "{{n:04}}"),
        (texts.unix_seconds(), "{{unix:.0}}"),
        (texts.unix_milliseconds(), "{{unix_ms}}"),
        (texts.date_and_time(), "{{time()}}"),
        (texts.random_number(), "{{random(0, 100)}}"),
        (texts.random_uuid(), "{{uuid()}}"),
    ]
}

/// Draws the button with the menu.
pub fn button(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let name = panels.lang.texts().insert_variable();
    // What was pasted is data, and has no variables.
    let is_text = session.send.chip().is_none();
    let button = ui.add_enabled(is_text, IconButton::new(icons::BRACKETS_CURLY, name));
    let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui))).gap(4.0).width(300.0);
    popup.align(RectAlign::TOP_END).show(|ui| {
        menu_rows(ui, |ui| {
            for (name, field) in rows(session.setup.send_hex, panels.lang) {
                if ui.add(MenuItem::new(name).shortcut(field)).clicked() {
                    insert(ui, session, field);
                }
            }
        });
    });
}

/// Inserts a field at the caret, and has variables replaced.
fn insert(ui: &Ui, session: &mut Session, field: &str) {
    let id = id(session.id);
    let draft = &mut session.setup.draft;
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let end = draft.chars().count();
    let range = state.cursor.char_range().map_or(end..end, |range| {
        let (from, to) = (range.primary.index.0.min(end), range.secondary.index.0.min(end));
        from.min(to)..from.max(to)
    });
    let byte = |at: usize| draft.char_indices().nth(at).map_or(draft.len(), |(byte, _)| byte);
    let (from, to) = (byte(range.start), byte(range.end));
    // Digits beside a field stay bytes of their own.
    let before =
        if session.setup.send_hex && !draft[..from].is_empty() && !draft[..from].ends_with(' ') { " " } else { "" };
    let inserted = format!("{before}{field}");
    draft.replace_range(from..to, &inserted);
    let caret = range.start + inserted.chars().count();
    state.cursor.set_char_range(Some(CCursorRange::one(CCursor::new(caret))));
    state.store(ui.ctx(), id);
    focus_later(ui.ctx(), id);
    session.setup.variables = true;
    session.send.typed();
    (session.send.failure, session.send.cancelled) = (None, None);
}

/// Draws the chip of a text with variables, or, where they are sent as typed, a button that replaces them. Returns its left edge.
pub fn foot(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) -> Option<f32> {
    if session.send.chip().is_some() || !may_have_fields(&session.setup.draft) {
        return None;
    }
    if is_template(&session.setup.draft, &Format::of(&session.setup)) {
        return Some(chip(ui, panels, session, rect));
    }
    let field = first_field(&session.setup)?;
    let (words, t) = (panels.lang.texts().variable_as_typed(&field), theme::tokens(ui));
    within(ui, rect, "variables", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if ui.add(Button::link(panels.lang.texts().use_variables())).clicked() {
            session.setup.variables = true;
        }
        let line = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT_SMALL), t.muted);
        let (place, response) = ui.allocate_exact_size(vec2(line.size().x, rect.height()), Sense::hover());
        let at = pos2(place.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, line, t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
        Some(place.left() - 8.0)
    })
}

/// The first field, if the text is a template; other text with braces is of no interest.
fn first_field(setup: &SessionSetup) -> Option<String> {
    let notation = match (setup.send_hex, setup.escapes) {
        (true, _) => Notation::Hex,
        (false, true) => Notation::Escaped,
        (false, false) => Notation::Plain,
    };
    let template = Template::parse(&setup.draft, notation, setup.encoding).ok()?;
    template.first_field().map(str::to_owned)
}

fn chip(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) -> f32 {
    let t = theme::tokens(ui);
    let label = panels.lang.texts().variables();
    let line = paint::line(ui.painter(), label, theme::ui_font(measure::TEXT_LABEL), t.variable);
    let width = line.size().x + 8.0 + CHIP;
    let ground = Rect::from_min_size(pos2(rect.right() - width, rect.center().y - CHIP / 2.0), vec2(width, CHIP));
    ui.painter().rect_filled(ground, f32::from(measure::RADIUS_BYTES), t.variable_ground);
    let at = pos2(ground.left() + 8.0, rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, line, t.variable);
    let place = Rect::from_center_size(pos2(ground.right() - CHIP / 2.0, rect.center().y), vec2(CHIP, CHIP));
    let off = IconButton::new(icons::X, panels.lang.texts().turn_variables_off()).small(measure::ICON_SMALL);
    let id = ui.make_persistent_id(("variables", session.id.0));
    if off.at(ui, place, id).clicked() {
        session.setup.variables = false;
        (session.send.failure, session.send.cancelled) = (None, None);
    }
    ground.left() - 8.0
}
