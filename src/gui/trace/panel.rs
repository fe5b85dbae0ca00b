//! The drawer tab: a row for each frame, unfolded with a row for each rule.

use crate::gui::action::{Action, RunAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::log::{self, LogView};
use crate::gui::session::Session;
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::{Segmented, paint, tooltip};
use crate::runner::{Trace, TracedFrame};
use crate::talk::pattern::Mismatch;
use crate::talk::rules::{Tried, WhyNot};
use crate::words::{self, Lang, harmless};
use egui::accesskit::Role;
use egui::{Color32, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of a row.
const ROW: f32 = 20.0;
/// Width of a byte.
const BYTE: f32 = 21.0;
/// From the left edge: caret, time, peer, mark and name of the rule, reason.
const CARET: f32 = 14.0;
const TIME: f32 = 24.0;
const PEER: f32 = 122.0;
const MARK: f32 = 160.0;
const NAME: f32 = 172.0;
const REASON: f32 = 288.0;
/// Bytes that a row shows.
const BYTES_MOST: usize = 24;

/// The count beside the label of the tab: frames without an answer.
pub fn count(session: &Session) -> Option<String> {
    Some(session.trace.unanswered()).filter(|count| *count > 0).map(|count| count.to_string())
}

/// A row of the list.
#[derive(Clone, Copy)]
enum Row {
    /// A frame, its place in the trace.
    Frame(usize),
    /// A rule that was tried with it.
    Rule(usize, usize),
    /// A rule that is off.
    Off(usize),
}

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    session.trace.shown();
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    choose(session);
    let has_rules = session.replies.rules().is_some_and(|rules| rules.takes_frames());
    let texts = panels.lang.texts();
    let trace = session.trace.found().unwrap_or_default();
    let rows = rows(session, &trace);
    let empty = match () {
        () if !has_rules => Some(texts.trace_no_rules()),
        () if trace.frames.is_empty() => Some(texts.trace_no_frames()),
        () if rows.is_empty() => Some(texts.trace_all_answered()),
        () => None,
    };
    if let Some(words) = empty {
        let font = theme::ui_font(measure::TEXT_LABEL);
        let said = paint::text(ui.painter(), ui.max_rect().center(), paint::At::Centre, words, font, t.muted);
        let label = ui.interact(said, ui.scope_id().with("none"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        return;
    }
    let is_of_chosen =
        |row: &Row| matches!(row, Row::Frame(at) if Some(trace.frames[*at].record) == session.trace.chosen);
    let goal = rows.iter().position(is_of_chosen).filter(|_| session.trace.scrolls);
    let mut area = ScrollArea::vertical().auto_shrink(false).id_salt("trace").stick_to_bottom(goal.is_none());
    if let Some(goal) = goal {
        let room = ui.available_height();
        area = area.vertical_scroll_offset((goal as f32 * ROW - room / 3.0).max(0.0));
        session.trace.scrolls = false;
    }
    area.show_rows(ui, ROW, rows.len(), |ui, range| {
        for row in &rows[range] {
            match *row {
                Row::Frame(at) => frame(ui, panels, session, &trace, at),
                Row::Rule(at, rule) => tried(ui, panels, &trace, &trace.frames[at], rule),
                Row::Off(rule) => off(ui, panels, &trace.off[rule]),
            }
        }
    });
}

/// Draws the choice at the right end of the tab row.
pub fn tools(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let texts = panels.lang.texts();
    let items = [(false, texts.trace_all()), (true, texts.trace_only_unanswered())];
    let response = Segmented::new(texts.trace_choice(), &items).show(ui, &mut session.trace.only_unanswered);
    let (shown, is_partial) = session.trace.found().map_or((0, false), |trace| (trace.frames.len(), trace.is_partial));
    tooltip(response, &texts.trace_is_replay(shown, is_partial), None);
}

/// The trace follows the selection of the log.
fn choose(session: &mut Session) {
    let item = session.log.as_ref().and_then(LogView::chosen_items).map(|items| items.start);
    let record = item.and_then(|item| session.log.as_mut()?.last_record_of(item));
    session.trace.choose(record);
}

fn rows(session: &Session, trace: &Trace) -> Vec<Row> {
    let mut rows = Vec::new();
    let (mut last, mut place) = (None, 0);
    for (at, frame) in trace.frames.iter().enumerate() {
        place = if last == Some(frame.record) { place + 1 } else { 0 };
        last = Some(frame.record);
        if session.trace.only_unanswered && !frame.is_unanswered() {
            continue;
        }
        rows.push(Row::Frame(at));
        if is_open(session, frame, place) {
            rows.extend((0..frame.tried.len()).map(|rule| Row::Rule(at, rule)));
            if frame.is_unanswered() && frame.is_frame {
                rows.extend((0..trace.off.len()).map(Row::Off));
            }
        }
    }
    rows
}

/// Frames without an answer and the selected one are unfolded, unless the user has decided otherwise.
fn is_open(session: &Session, frame: &TracedFrame, place: usize) -> bool {
    let by_itself = frame.is_unanswered() || session.trace.chosen == Some(frame.record);
    by_itself != session.trace.toggled.contains(&(frame.record, place))
}

fn frame(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, trace: &Trace, at: usize) {
    let t = theme::tokens(ui);
    let frame = &trace.frames[at];
    let place = trace.frames[..at].iter().rev().take_while(|other| other.record == frame.record).count();
    let is_chosen = session.trace.chosen == Some(frame.record);
    let is_open = is_open(session, frame, place);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(rect, 0.0, if is_chosen { t.toggle_on } else { t.hover });
    }
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, 0, t);
    }
    let (painter, y) = (ui.painter(), rect.center().y);
    let x = |from: f32| pos2(rect.left() + from, y);
    let caret = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let toggle = ui.interact(rect.with_max_x(rect.left() + TIME - 2.0), response.id.with("fold"), Sense::CLICK);
    if !frame.tried.is_empty() {
        paint::icon(painter, x(CARET), caret, measure::ICON_SMALL, t.muted);
    }
    let mono = theme::mono(measure::TEXT);
    let (time, peer) = (log::clock(frame.unix_ns), format!("#{}", frame.peer.0));
    paint::text(painter, x(TIME), paint::At::Left, &time, mono.clone(), t.time);
    paint::text(painter, x(PEER), paint::At::Left, &peer, mono, t.peer(frame.peer));
    let bytes_at = bytes_at(rect);
    let (verdict, colour) = verdict(frame, trace, panels.lang, t);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text_elided(painter, x(MARK - 6.0), &verdict, font, colour, bytes_at - rect.left() - MARK - 2.0);
    let width = rect.right() - 12.0 - bytes_at;
    let shown = bytes(painter, pos2(bytes_at, y), width, &frame.bytes, t.text);
    let spoken = format!("{time} {peer} {verdict} {}", crate::codec::hex::spaced_upper(&frame.bytes[..shown]));
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, spoken.as_str()));
    if toggle.clicked() {
        let key = (frame.record, place);
        if !session.trace.toggled.remove(&key) {
            session.trace.toggled.insert(key);
        }
    } else if response.clicked() {
        panels.actions.push(Action::Run(RunAction::ShowRecord(session.id, frame.record)));
    }
}

/// What the present rules make of a frame, in short. It is no statement about what was sent.
fn verdict(frame: &TracedFrame, trace: &Trace, lang: Lang, t: &Tokens) -> (String, Color32) {
    let texts = lang.texts();
    let acts: Vec<String> =
        frame.tried.iter().filter(|tried| tried.why_not.is_none()).map(|tried| label(trace, tried)).collect();
    match () {
        () if !frame.is_frame => (texts.trace_no_frame().to_owned(), t.muted),
        () if frame.is_served => (texts.trace_served().to_owned(), t.wrap_head),
        () if acts.is_empty() => (texts.trace_unanswered().to_owned(), t.warning),
        () => match &frame.fault {
            Some(fault) => {
                let why = words::talk_fault(&fault.kind, lang);
                (format!("{}{}{why}", texts.trace_takes(&acts.join("  ")), texts.colon()), t.warning)
            }
            None => (texts.trace_takes(&acts.join("  ")), t.wrap_head),
        },
    }
}

fn label(trace: &Trace, tried: &Tried) -> String {
    trace.rules.get(tried.rule).map(|rule| harmless(&rule.label)).unwrap_or_default()
}

/// Where the bytes begin.
fn bytes_at(rect: Rect) -> f32 {
    (rect.left() + rect.width() * 0.68).max(rect.left() + REASON + 80.0)
}

/// Draws bytes; returns how many fit.
fn bytes(painter: &egui::Painter, at: egui::Pos2, width: f32, bytes: &[u8], colour: Color32) -> usize {
    let fit = ((width / BYTE).max(0.0) as usize).min(BYTES_MOST).min(bytes.len());
    for (index, byte) in bytes[..fit].iter().enumerate() {
        let x = at.x + index as f32 * BYTE;
        let font = theme::mono(measure::TEXT);
        paint::text(painter, pos2(x, at.y), paint::At::Left, &format!("{byte:02X}"), font, colour);
    }
    fit
}

fn tried(ui: &mut Ui, panels: &Panels<'_>, trace: &Trace, frame: &TracedFrame, index: usize) {
    let (t, lang) = (theme::tokens(ui), panels.lang);
    let tried = &frame.tried[index];
    let reason = match &tried.why_not {
        Some(why) => words::why_not(why, lang),
        None => lang.texts().trace_fits().to_owned(),
    };
    let fits = tried.why_not.is_none();
    let icon = if fits { (icons::CHECK, t.received) } else { (icons::X, t.muted) };
    let rect = rule(ui, icon, &label(trace, tried), &reason, fits);
    let at = pos2(bytes_at(rect), rect.center().y);
    let width = rect.right() - 12.0 - at.x;
    match &tried.why_not {
        Some(WhyNot::Pattern(why)) if !why.aligned.is_empty() => pattern(ui.painter(), at, width, why, t),
        _ => {
            let head = trace.rules.get(tried.rule).map(|rule| harmless(&rule.head)).unwrap_or_default();
            paint::text_elided(ui.painter(), at, &head, theme::mono(measure::TEXT), t.muted, width.max(1.0));
        }
    }
}

fn off(ui: &mut Ui, panels: &Panels<'_>, name: &str) {
    let t = theme::tokens(ui);
    rule(ui, (icons::MINUS, t.faint), &harmless(name), panels.lang.texts().trace_off(), false);
}

/// Draws mark, name and reason of a rule.
fn rule(ui: &mut Ui, (icon, colour): (char, Color32), name: &str, reason: &str, fits: bool) -> Rect {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let (painter, y) = (ui.painter(), rect.center().y);
    paint::icon(painter, pos2(rect.left() + MARK, y), icon, 12.0, colour);
    let font = if fits { theme::medium(measure::TEXT_LABEL) } else { theme::ui_font(measure::TEXT_LABEL) };
    let name_colour = if fits { t.text } else { t.muted };
    let room = REASON - NAME - 8.0;
    paint::text_elided(painter, pos2(rect.left() + NAME, y), name, font.clone(), name_colour, room);
    let room = (bytes_at(rect) - rect.left() - REASON - 8.0).max(1.0);
    paint::text_elided(painter, pos2(rect.left() + REASON, y), reason, font, name_colour, room);
    let spoken = format!("{name} {reason}");
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, spoken.as_str()));
    tooltip(response, &spoken, None);
    rect
}

/// Draws a pattern below the bytes of the frame; the first byte that does not fit is tinted.
fn pattern(painter: &egui::Painter, at: egui::Pos2, width: f32, why: &Mismatch, t: &Tokens) {
    let fit = ((width / BYTE).max(0.0) as usize).min(BYTES_MOST);
    let draw = |place: usize, text: &str, is_open: bool| {
        if place >= fit {
            return;
        }
        let x = at.x + place as f32 * BYTE;
        let colour = match () {
            () if place == why.at => t.error,
            () if is_open => t.variable,
            () => t.muted,
        };
        if place == why.at {
            painter.rect_filled(Rect::from_min_size(pos2(x - 2.0, at.y - 8.0), vec2(18.0, 16.0)), 3.0, t.error_ground);
        }
        paint::text(painter, pos2(x, at.y), paint::At::Left, text, theme::mono(measure::TEXT), colour);
    };
    // The items behind the one that differs have no place of their own.
    let mut next = 0;
    for aligned in why.aligned.iter().filter(|aligned| aligned.item.is_some()) {
        let start = aligned.got.start.max(next);
        let open = vec!["??".to_owned(); aligned.got.len()];
        let bytes = aligned.expected.as_ref().map(|bytes| bytes.iter().map(|byte| words::hex_byte(*byte)).collect());
        let bytes: Vec<String> = bytes.unwrap_or(open);
        for (index, byte) in bytes.iter().enumerate() {
            draw(start + index, byte, byte.contains('?'));
        }
        next = start + bytes.len();
    }
}
