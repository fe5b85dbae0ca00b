//! The text box, and the foot line that shows exactly the bytes to send.

use super::editor_id::id;
use super::{foot, preview, variables};
use crate::gui::action::{Action, QuickAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::send::compose::ComposeError;
use crate::gui::send::state::{Composed, EDITOR_LIMIT};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Chip, paint, take_focus};
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{
    Align, Event, Id, Key, Layout, Margin, Modifiers, Rect, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

const PADDING: f32 = 10.0;
const FOOT: f32 = 28.0;
/// Gap between the bytes and the text of the foot line.
const AFTER_BYTES: f32 = 14.0;
/// If fewer bytes than this fit, only the text is shown.
const BYTES_LEAST: usize = 4;

/// Draws text box and foot line. Returns true if the content can be sent.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect) -> bool {
    let t = theme::tokens(ui);
    let ready = crate::gui::send::panel::is_ready(session, panels.wake) && session.can_send();
    let wrong = match session.send.composed(&session.setup, panels.wake) {
        Composed::Wrong(error) => Some(error.clone()),
        _ => None,
    };
    paint::plate(ui.painter(), rect, measure::RADIUS, t.canvas, t.line);
    let inner = Rect::from_min_max(
        pos2(rect.left() + PADDING, rect.top() + 4.0),
        pos2(rect.right() - 4.0, rect.bottom() - FOOT),
    );
    let focused = if session.send.chip().is_some() {
        chip(ui, panels, session, inner);
        false
    } else {
        edit(ui, panels, session, inner, wrong.as_ref())
    };
    if focused {
        paint::focus_edge(ui.painter(), rect, measure::RADIUS, t.accent);
    }
    let foot = Rect::from_min_max(
        pos2(rect.left() + PADDING, rect.bottom() - FOOT),
        pos2(rect.right() - PADDING, rect.bottom()),
    );
    foot_line(ui, panels, session, foot, wrong.as_ref());
    ready
}

fn chip(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) {
    let mut remove = false;
    within(ui, rect, "chip", Layout::top_down(Align::Min), |ui| {
        let Some(chip) = session.send.chip() else { return };
        ui.add_space(6.0);
        let title = panels.lang.texts().pasted(u64::try_from(chip.text.len()).unwrap_or(u64::MAX));
        let name = panels.text(Text::RemovePasted);
        remove = Chip { icon: icons::CLIPBOARD_TEXT, title: &title, detail: &chip.head, remove_name: name }.show(ui);
    });
    if remove {
        session.send.remove_chip();
    }
}

/// Draws the editor. Returns true if it has the focus.
fn edit(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect, wrong: Option<&ComposeError>) -> bool {
    let t = theme::tokens(ui);
    let id = id(session.id);
    if ui.memory(|memory| memory.has_focus(id)) {
        take_long_paste(ui, session);
        recall(ui, session, id);
    }
    within(ui, rect, "edit", Layout::top_down(Align::Min), |ui| {
        let scroll = ScrollArea::vertical().auto_shrink(false).id_salt("draft");
        let response = scroll.show(ui, |ui| {
            let before = ui.painter().add(egui::Shape::Noop);
            let output = TextEdit::multiline(&mut session.setup.draft)
                .id(id)
                .font(theme::mono(measure::TEXT))
                .frame(egui::Frame::NONE)
                .margin(Margin::symmetric(0, 4))
                .desired_width(f32::INFINITY)
                .min_size(vec2(0.0, rect.height() - 1.0))
                .lock_focus(false)
                .hint_text(
                    egui::RichText::new(panels.text(Text::SendContentHint))
                        .font(theme::ui_font(measure::TEXT))
                        .color(t.faint),
                )
                .show(ui);
            let response = output.response.response.accessible_name(panels.text(Text::SendContent));
            take_focus(&response);
            if let Some(position) = wrong.and_then(ComposeError::position) {
                let at = output.galley.pos_from_cursor(CCursor::new(position));
                let end = output.galley.pos_from_cursor(CCursor::new(position + 1));
                let width = if end.left() > at.left() { end.left() - at.left() } else { 7.0 };
                let mark = Rect::from_min_size(output.galley_pos + at.min.to_vec2(), vec2(width, at.height()));
                let ground = egui::epaint::RectShape::filled(mark, f32::from(measure::RADIUS_BYTES), t.error_ground);
                ui.painter().set(before, ground);
                let y = mark.bottom() - 1.0;
                ui.painter().hline(mark.x_range(), y, egui::Stroke::new(1.5, t.error));
            }
            response
        });
        let response = response.inner;
        if response.changed() {
            session.send.typed();
            (session.send.failure, session.send.cancelled) = (None, None);
            // A repeat applies the change before the next frame.
            ui.ctx().request_repaint();
            let draft = &mut session.setup.draft;
            session.send.bound_draft(draft);
        }
        response.has_focus()
    })
}

/// Ctrl+Up and Ctrl+Down step through the history; the caret moves to the end of the text.
fn recall(ui: &Ui, session: &mut Session, id: Id) {
    let (older, newer) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::COMMAND, key);
        (pressed(Key::ArrowUp), pressed(Key::ArrowDown))
    });
    if older == newer || !session.send.step_history(older, &mut session.setup) {
        return;
    }
    if let Some(mut state) = TextEditState::load(ui.ctx(), id) {
        let end = CCursor::new(session.setup.draft.chars().count());
        state.cursor.set_char_range(Some(CCursorRange::one(end)));
        state.store(ui.ctx(), id);
    }
    // A repeat applies the change before the next frame.
    ui.ctx().request_repaint();
}

/// Turns a long paste into a chip before it reaches the editor, which would lay it out.
fn take_long_paste(ui: &Ui, session: &mut Session) {
    let long = ui.input_mut(|input| {
        let at = input.events.iter().position(|event| matches!(event, Event::Paste(text) if text.len() > EDITOR_LIMIT));
        at.map(|at| input.events.remove(at))
    });
    if let Some(Event::Paste(text)) = long {
        session.send.paste(&text);
    }
}

fn foot_line(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, wrong: Option<&ComposeError>) {
    let t = theme::tokens(ui);
    let mut rect = rect;
    if let Some(left) = variables::foot(ui, panels, session, rect) {
        rect.max.x = left;
    }
    if let Some(left) = parse_escapes(ui, panels, session, rect) {
        rect.max.x = left;
    }
    if let Some(left) = add_command(ui, panels, session, rect) {
        rect.max.x = left;
    }
    let mut foot = foot::of(panels, session, wrong);
    let y = rect.center().y;
    let font = theme::ui_font(measure::TEXT_SMALL);
    let words_width = paint::line(ui.painter(), foot.words.as_str(), font.clone(), t.muted).size().x;
    let room = rect.width() - words_width - AFTER_BYTES;
    let most = (room / preview::BYTE) as usize;
    let mut left = rect.left();
    if let Some(payload) = foot.payload.take_if(|_| most >= BYTES_LEAST) {
        let pieces = preview::pieces(&payload, most.saturating_sub(1));
        left = preview::paint(ui.painter(), &pieces, (left, y), t) + AFTER_BYTES;
        let digits: Vec<&str> = pieces.iter().map(|(_, digits)| digits.as_str()).collect();
        foot.spoken = format!("{} {}", digits.join(" "), foot.words);
    }
    let colour = if foot.is_wrong { t.error } else { t.muted };
    paint::text_elided(ui.painter(), pos2(left, y), &foot.words, font, colour, rect.right() - left);
    let id = ui.make_persistent_id(("foot", session.id.0));
    let response = ui.interact(rect, id, Sense::hover());
    let sentence = if foot.spoken.is_empty() { &foot.words } else { &foot.spoken };
    if !sentence.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.as_str()));
        if foot.is_wrong || words_width > rect.right() - left {
            crate::gui::widgets::tooltip(response, &foot.words, None);
        }
    }
}

/// Draws a link that adds the first quick command. Returns its left edge. With commands there are chips below the box instead.
fn add_command(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect) -> Option<f32> {
    let is_wanted = session.talk.is_loaded() && session.quick.groups(&session.talk).is_empty();
    if !is_wanted || session.send.chip().is_some() {
        return None;
    }
    within(ui, rect, "add-command", Layout::right_to_left(Align::Center), |ui| {
        let texts = panels.lang.texts();
        let link = Button::link(texts.quick("add")).icon(icons::PLUS).name(texts.quick("add-name")).muted();
        let response = ui.add(link);
        if response.clicked() {
            panels.actions.push(Action::Quick(QuickAction::KeepBox(session.id)));
        }
        Some(response.rect.left() - 8.0)
    })
}

/// Draws a note about text that looks like escapes but is sent as typed, and a button that parses it. Returns its left edge.
fn parse_escapes(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) -> Option<f32> {
    if session.setup.send_hex || session.setup.escapes || session.send.chip().is_some() {
        return None;
    }
    let found = crate::codec::escape::first_escapes(&session.setup.draft)?;
    let words = panels.lang.texts().unparsed(found);
    within(ui, rect, "escapes", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        let parse = Button::link(panels.lang.texts().parse_escapes()).hint(panels.text(Text::Escapes));
        if ui.add(parse).clicked() {
            session.setup.escapes = true;
        }
        let t = theme::tokens(ui);
        let line = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT_SMALL), t.warning);
        let (place, response) = ui.allocate_exact_size(vec2(line.size().x, FOOT), Sense::hover());
        let at = pos2(place.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, line, t.warning);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
        Some(place.left() - 8.0)
    })
}
