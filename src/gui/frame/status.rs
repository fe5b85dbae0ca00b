//! The status line of the focused session: state, counters with rates, reset.

use crate::gui::action::{Action, SessionAction};
use crate::gui::context::{Panels, within};
use crate::gui::network::rates::BARS;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{paint, tooltip};
use crate::model::CounterValues;
use crate::words::Text;
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Align, Color32, CursorIcon, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Instant;

/// Draws the status line into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    let counters_left =
        within(ui, rect.shrink2(vec2(12.0, 0.0)), "counters", Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            if session.archive.is_none() {
                counters(ui, panels, session, rect.width());
            }
            ui.min_rect().left()
        });
    let room = rect.with_max_x(counters_left.min(rect.right()) - 12.0);
    let end = state(ui, panels, session, room);
    let end = crate::gui::replies::chip::show(ui, panels, session, room.with_min_x(end + 12.0));
    let end = crate::gui::run::chip::show(ui, panels, session, room.with_min_x(end + 12.0));
    crate::gui::files::chip::show(ui, panels, session, room.with_min_x(end + 12.0));
}

/// Draws lamp and state. Returns the right edge of the words.
fn state(ui: &mut Ui, panels: &Panels<'_>, session: &Session, rect: Rect) -> f32 {
    let t = theme::tokens(ui);
    let y = rect.center().y;
    let open_for = session.open_since.map(|since| Instant::now().saturating_duration_since(since));
    let mut words = sentences::status(&session.state, session.failures.of_run(), open_for, panels.lang);
    if session.archive.is_some() {
        words = panels.text(Text::ReadOnly).to_owned();
    }
    if let Some(waiting) = sentences::waiting(session, panels.lang) {
        words = match session.failures.of_run() {
            Some(error) => format!("{waiting} · {}", sentences::failed(error, panels.lang)),
            None => waiting,
        };
    }
    if let Some(change) = sentences::waiting_changes_in(session) {
        ui.ctx().request_repaint_after(change);
    }
    if let Some(open_for) = open_for {
        ui.ctx().request_repaint_after(sentences::open_for_changes_in(open_for));
    }
    session.lamp().paint(ui.painter(), pos2(rect.left() + 24.0, y), t);
    let at = pos2(rect.left() + 40.0, y);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let place = paint::text_elided(ui.painter(), at, &words, font, t.muted, rect.right() - at.x);
    let id = ui.make_persistent_id("state");
    let response = ui.interact(place.expand(4.0), id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, words.as_str()));
    place.right()
}

/// Below this width the rates are hidden, so that the state fits.
const WITH_RATES: f32 = 720.0;
/// Below this width the stored bytes are hidden, and the dropped ones while there are none.
const WITH_STORED: f32 = 480.0;

/// Draws the counters from right to left, in a line of `width` points.
fn counters(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, width: f32) {
    let t = theme::tokens(ui);
    let now = &session.counters;
    let (sent_rate, received_rate) = session.rates.now();
    let details = details(now, panels.lang);
    if link(ui, panels.text(Text::ResetCounts), t) {
        panels.actions.push(Action::Session(SessionAction::ResetCounts(session.id)));
    }
    let (line, _) = ui.allocate_exact_size(vec2(11.0, measure::STATUS), Sense::hover());
    paint::hairline_v(ui.painter(), line.left(), line.top() + 7.0..=line.bottom() - 7.0, t.line);

    let plain = |value: u64| if value == 0 { t.muted } else { t.text };
    if let Some(lost) = now.kernel_dropped_records.filter(|lost| *lost > 0) {
        count(ui, panels.text(Text::KernelDropped), &lost.to_string(), t.error, None, &details);
    }
    if now.evicted_bytes > 0 {
        count(ui, panels.text(Text::Evicted), &words::size(now.evicted_bytes), t.text, None, &details);
    }
    let dropped = match (now.dropped_bytes, now.dropped_records) {
        (0, 0) => "0".to_owned(),
        (0, records) => records.to_string(),
        (bytes, _) => words::size(bytes),
    };
    let red = if now.dropped_records > 0 || now.dropped_bytes > 0 { t.error } else { t.muted };
    let is_short = width < WITH_STORED;
    if !is_short || red == t.error {
        count(ui, panels.text(Text::Dropped), &dropped, red, None, &details);
    }
    if !is_short {
        count(ui, panels.text(Text::Stored), &words::size(now.stored_bytes), plain(now.stored_bytes), None, &details);
    }
    if width >= measure::SIDE_NARROW_BELOW {
        bars(ui, session, t);
    }
    let colour = |value: u64, colour: Color32| if value == 0 { t.muted } else { colour };
    let received = colour(now.received_bytes, t.received);
    let rate_of = |rate: u64| (width >= WITH_RATES).then(|| format!("{}/s", words::size(rate)));
    let rate = rate_of(received_rate);
    count(ui, panels.text(Text::Received), &words::size(now.received_bytes), received, rate.as_deref(), &details);
    let sent = colour(now.sent_bytes, t.sent);
    let rate = rate_of(sent_rate);
    count(ui, panels.text(Text::Sent), &words::size(now.sent_bytes), sent, rate.as_deref(), &details);
}

/// Draws `label value rate`, 16 points before the next counter.
fn count(ui: &mut Ui, label: &str, value: &str, colour: Color32, rate: Option<&str>, details: &str) {
    let t = theme::tokens(ui);
    let painter = ui.painter();
    let small = theme::ui_font(measure::TEXT_SMALL);
    let mono = theme::mono(measure::TEXT_SMALL + 1.0);
    let label_galley = paint::line(painter, label, small, t.muted);
    let value_galley = paint::line(painter, value, mono.clone(), colour);
    // The width of the rate is fixed, so that the line does not jitter.
    let rate_galley = rate.map(|rate| paint::line(painter, rate, mono, t.muted));
    let rate_width = rate_galley.as_ref().map_or(0.0, |galley| galley.size().x + 10.0);
    let width = label_galley.size().x + 6.0 + value_galley.size().x + rate_width + 16.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width.ceil(), measure::STATUS), Sense::hover());
    let y = rect.center().y;
    let painter = ui.painter();
    let place = paint::put(painter, pos2(rect.left(), y), paint::At::Left, measure::TEXT_SMALL, label_galley, t.muted);
    let at = pos2(place.right() + 6.0, y);
    let place = paint::put(painter, at, paint::At::Left, measure::TEXT_SMALL, value_galley, colour);
    if let Some(galley) = rate_galley {
        let at = pos2(place.right() + 10.0, y);
        paint::put(painter, at, paint::At::Left, measure::TEXT_SMALL, galley, t.muted);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{label} {value}")));
    tooltip(response, details, None);
}

fn bars(ui: &mut Ui, session: &Session, t: &Tokens) {
    let width = BARS as f32 * 3.0;
    let (rect, _) = ui.allocate_exact_size(vec2(width + 20.0, measure::STATUS), Sense::hover());
    let most = session.rates.bars().iter().map(|(sent, received)| sent + received).max().unwrap_or(0);
    let bottom = rect.center().y + 6.0;
    if most == 0 {
        paint::hairline_h(ui.painter(), rect.left()..=rect.left() + width - 1.0, bottom - 1.0, t.line);
        return;
    }
    for (index, (sent, received)) in session.rates.bars().iter().enumerate() {
        let height = |bytes: u64| (bytes as f32 / most as f32 * 12.0).ceil();
        let (green, blue) = (height(*received), height(*sent));
        let left = rect.left() + index as f32 * 3.0;
        let bar = |from: f32, to: f32| Rect::from_min_max(pos2(left, bottom - to), pos2(left + 2.0, bottom - from));
        ui.painter().rect_filled(bar(0.0, green.max(1.0)), 0.0, if *received > 0 { t.received } else { t.line });
        if blue > 0.0 {
            ui.painter().rect_filled(bar(green, green + blue), 0.0, t.sent);
        }
    }
}

fn link(ui: &mut Ui, words: &str, t: &Tokens) -> bool {
    let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, measure::STATUS), Sense::click());
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let colour = if response.hovered() || response.has_focus() { t.text } else { t.muted };
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, galley, colour);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.expand2(vec2(3.0, -5.0)), measure::RADIUS_CHECK, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words));
    response.clicked()
}

/// All counters, for the tooltip.
fn details(now: &CounterValues, lang: Lang) -> String {
    let texts = lang.texts();
    let (colon, comma) = (texts.colon(), texts.comma());
    let row = |label: Text, bytes: u64, records: u64| {
        format!("{}{colon}{bytes} B{comma}{records} {}", label.of(lang), Text::Records.of(lang))
    };
    let kernel = match now.kernel_dropped_records {
        Some(records) => format!("{records} {}", Text::Records.of(lang)),
        None => Text::KernelUnknown.of(lang).to_owned(),
    };
    let mut rows = vec![
        row(Text::Sent, now.sent_bytes, now.sent_records),
        row(Text::Received, now.received_bytes, now.received_records),
        row(Text::Stored, now.stored_bytes, now.stored_records),
        row(Text::Dropped, now.dropped_bytes, now.dropped_records),
        row(Text::Evicted, now.evicted_bytes, now.evicted_records),
        format!("{}{colon}{kernel}", Text::KernelDropped.of(lang)),
        format!("{}{colon}{} B", Text::Queued.of(lang), now.queued_bytes),
    ];
    if now.receive_buffer_bytes > 0 {
        rows.push(format!("{}{colon}{}", Text::ReceiveBuffer.of(lang), words::size(now.receive_buffer_bytes)));
    }
    rows.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tooltip_lists_all_counters() {
        let now = CounterValues {
            received_bytes: 10,
            received_records: 3,
            stored_bytes: 9,
            stored_records: 2,
            dropped_bytes: 1,
            dropped_records: 1,
            ..CounterValues::default()
        };
        let words = details(&now, Lang::En);
        for part in ["Received: 10 B, 3 records", "Stored: 9 B, 2 records", "Dropped: 1 B, 1 records", "not reported"] {
            assert!(words.contains(part), "{part} in {words}");
        }
    }
}
