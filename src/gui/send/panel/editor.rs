//! The text box and the line at its foot that says exactly what will go out.

use crate::codec::hex;
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::send::compose::ComposeError;
use crate::gui::send::state::{Composed, EDITOR_LIMIT, TargetChoice};
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{Button, Chip, paint, take_focus};
use crate::model::{Protocol, SessionId};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::CCursor;
use egui::{Align, Event, Id, Layout, Margin, Painter, Rect, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

const PADDING: f32 = 10.0;
const FOOT: f32 = 28.0;
/// Of a hexdump.
const DUMP_BYTES_SHOWN: usize = 8;

/// Draws box and foot line; true = what is in it can be sent.
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

/// The text box of a session.
pub fn id(session: SessionId) -> Id {
    Id::unique(("send-content", session.0))
}

/// The editor; true = it has the focus.
fn edit(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect, wrong: Option<&ComposeError>) -> bool {
    let t = theme::tokens(ui);
    let id = id(session.id);
    if ui.memory(|memory| memory.has_focus(id)) {
        take_long_paste(ui, session);
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
            (session.send.failure, session.send.cancelled) = (None, None);
            // A repeat takes it before the next frame.
            ui.ctx().request_repaint();
            let draft = &mut session.setup.draft;
            session.send.bound_draft(draft);
        }
        response.has_focus()
    })
}

/// A long paste never reaches the editor, which would lay it out.
fn take_long_paste(ui: &Ui, session: &mut Session) {
    let long = ui.input_mut(|input| {
        let at = input.events.iter().position(|event| matches!(event, Event::Paste(text) if text.len() > EDITOR_LIMIT));
        at.map(|at| input.events.remove(at))
    });
    if let Some(Event::Paste(text)) = long {
        session.send.paste(&text);
    }
}

/// A part of the foot line.
enum Part {
    Words(String),
    Bytes(String),
    Red(String),
}

fn foot_line(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect, wrong: Option<&ComposeError>) {
    let t = theme::tokens(ui);
    let mut rect = rect;
    if let Some(left) = parse_escapes(ui, panels, session, rect) {
        rect.max.x = left;
    }
    let parts = parts(panels, session, wrong);
    let sentence: String = parts
        .iter()
        .map(|part| match part {
            Part::Words(words) | Part::Bytes(words) | Part::Red(words) => words.trim(),
        })
        .collect::<Vec<_>>()
        .join(" ");
    let mut left = rect.left();
    let y = rect.center().y;
    for part in &parts {
        left = paint_part(ui.painter(), part, pos2(left, y), rect.right() - left, t);
    }
    let id = ui.make_persistent_id(("foot", session.id.0));
    let response = ui.interact(rect, id, Sense::hover());
    if !sentence.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.as_str()));
        if parts.iter().any(|part| matches!(part, Part::Red(_))) {
            crate::gui::widgets::tooltip(response, &sentence, None);
        }
    }
}

/// What looks like escapes and is sent as typed, with a button that parses it; gives its left edge.
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

fn paint_part(painter: &Painter, part: &Part, at: egui::Pos2, room: f32, t: &Tokens) -> f32 {
    let small = theme::ui_font(measure::TEXT_SMALL);
    let place = match part {
        Part::Words(words) => paint::text_elided(painter, at, words, small, t.muted, room),
        Part::Bytes(bytes) => paint::text_elided(painter, at, bytes, theme::mono(measure::TEXT_SMALL), t.accent, room),
        Part::Red(words) => paint::text_elided(painter, at, words, small, t.error, room),
    };
    place.right() + 5.0
}

fn parts(panels: &Panels<'_>, session: &mut Session, wrong: Option<&ComposeError>) -> Vec<Part> {
    let lang = panels.lang;
    // A repeat goes on with what was right last.
    let repeated = session.send.active.as_ref().filter(|active| active.repeats);
    let repeated = repeated.map(|active| sentences::still_repeating(&active.payload, lang));
    if let Some(error) = wrong {
        let mut parts = vec![Part::Red(error.words(lang))];
        parts.extend(repeated.map(Part::Words));
        return parts;
    }
    let target = session.errors.get(crate::gui::network::form::Field::TargetAddress);
    if let Some(error) = target.filter(|_| session.send.target == TargetChoice::Address) {
        return vec![Part::Red(error.words(lang))];
    }
    if let Some(error) = &session.send.failure {
        return vec![Part::Red(words::error_sentence(error, lang))];
    }
    if let Some((sent, total)) = session.send.cancelled {
        return vec![Part::Words(words::send_cancelled(sent, total, lang))];
    }
    if session.send.is_empty(&session.setup) {
        if session.setup.protocol != Protocol::Udp
            && let Some(repeated) = repeated
        {
            return vec![Part::Words(repeated)];
        }
        let udp = session.setup.protocol == Protocol::Udp && session.state.is_open();
        return if udp { vec![Part::Words(panels.text(Text::EmptyDatagram).to_owned())] } else { Vec::new() };
    }
    let append = words::wrap_summary(&session.setup.wrap, lang);
    let Composed::Ready(payload) = session.send.composed(&session.setup, panels.wake) else {
        return vec![Part::Words(panels.text(Text::ReadingPaste).to_owned())];
    };
    let count = |len: usize| lang.texts().bytes(u64::try_from(len).unwrap_or(u64::MAX));
    let appended = [&payload.head, &payload.check, &payload.tail].map(|part| payload.part(part)).concat();
    let is_dump = payload.is_dump;
    let mut parts = if appended.is_empty() {
        vec![Part::Words(count(payload.body.len()))]
    } else {
        vec![
            Part::Words(format!("{} + {append}", count(payload.body.len()))),
            Part::Bytes(hex::spaced_upper(&appended)),
            Part::Words(format!("= {}", count(payload.bytes.len()))),
        ]
    };
    if is_dump {
        let body = payload.part(&payload.body);
        parts.push(Part::Bytes(hex::spaced_upper(&body[..body.len().min(DUMP_BYTES_SHOWN)])));
        parts.push(Part::Words(sentences::hexdump(body.len() > DUMP_BYTES_SHOWN, lang)));
        return parts;
    }
    // A pasted chip is too long to be looked through each frame.
    let is_typed_hex = session.setup.send_hex && session.send.chip().is_none();
    if let Some(digit) = is_typed_hex.then(|| hex::odd_digit(&session.setup.draft)).flatten() {
        parts.push(Part::Words(format!("· {}", lang.texts().odd_digit(digit))));
    }
    parts
}
