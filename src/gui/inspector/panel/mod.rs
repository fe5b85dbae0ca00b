//! The byte inspector: possible values of the selected bytes, and their record.

mod rows;

use crate::codec::CopyForm;
use crate::codec::inspect::{ByteOrder, UnixTime};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::inspector::state::{About, Checksums, Seen};
use crate::gui::log::COPY_GROUPS;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, MenuItem, menu_hairline, menu_rows, popup_frame};
use crate::model::{Direction, PeerId, display_address};
use crate::words::Lang;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Popup, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use rows::{Value, gap, hairline, head, number, pair, title, words, words_beside};

/// A panel lower than this hides the section about the record.
const WITH_RECORD: f32 = 464.0;
/// Size of the copy button.
const COPY: f32 = 24.0;
/// Padding at both sides.
const PADDING: f32 = 16.0;

/// Draws the inspector into all of `ui`. The tab above shows its name; here only screen readers read it.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let rect = ui.max_rect();
    let heading = Rect::from_min_size(rect.min, vec2(rect.width(), 1.0));
    let name = panels.text(Text::Inspector);
    let heading = ui.interact(heading, ui.scope_id().with("title"), Sense::hover());
    heading.widget_info(|| WidgetInfo::labeled(Role::Heading, true, name));
    let copied = within(ui, rect, "readings", Layout::top_down(Align::Min), |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        // The scroll bar overlays the padding, so that numbers end at the edge of the column.
        ui.spacing_mut().scroll.floating_allocated_width = 0.0;
        let scroll = ScrollArea::vertical().auto_shrink(false).id_salt("readings");
        let shown = scroll.show(ui, |ui| {
            ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
            body(ui, panels, session, rect.height())
        });
        shown.inner
    });
    if let Some(form) = copied
        && let Some(log) = &mut session.log
    {
        let actions = log.copy_as(ui.ctx(), form);
        crate::gui::frame::from_log::take(panels, session, actions);
    }
}

/// The button that copies what is chosen; returns the form that was picked in its menu.
fn copy(ui: &Ui, panels: &Panels<'_>, place: Rect) -> Option<CopyForm> {
    let button = IconButton::new(icons::COPY, panels.text(Text::CopyChosen)).small(measure::ICON_ROW);
    let button = button.at(ui, place, ui.scope_id().with("copy"));
    let mut picked = None;
    let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui))).gap(2.0).width(248.0);
    popup.show(|ui| {
        menu_rows(ui, |ui| {
            for (index, group) in COPY_GROUPS.into_iter().enumerate() {
                if index > 0 {
                    menu_hairline(ui);
                }
                for &form in group {
                    if ui.add(MenuItem::new(panels.lang.texts().copy_as(form))).clicked() {
                        picked = Some(form);
                    }
                }
            }
        });
    });
    picked
}

/// Everything below the tabs; returns the form to copy the chosen bytes in.
fn body(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, height: f32) -> Option<CopyForm> {
    let (encoding, lang) = (session.setup.encoding, panels.lang);
    let seen = match &mut session.log {
        Some(log) => session.inspector.see(log, encoding, panels.wake),
        None => None,
    };
    gap(ui, 6.0);
    let Some(seen) = seen else {
        words(ui, panels.text(Text::NothingChosen));
        return None;
    };
    let copied = summary(ui, panels, seen);
    numbers(ui, seen, lang);
    hairline(ui, 12.0, 10.0);
    basics(ui, seen, lang);
    if height >= WITH_RECORD {
        hairline(ui, 10.0, 10.0);
        record(ui, &seen.about, lang);
    }
    hairline(ui, 10.0, 10.0);
    checksums(ui, &seen.checksums, lang);
    gap(ui, 10.0);
    other_texts(ui, seen, lang);
    gap(ui, 10.0);
    other_numbers(ui, seen, lang);
    times(ui, &seen.readings.times, lang);
    gap(ui, 12.0);
    copied
}

fn summary(ui: &mut Ui, panels: &Panels<'_>, seen: &Seen) -> Option<CopyForm> {
    let chosen = sentences::chosen(seen.records, seen.offsets, seen.total, panels.lang);
    let row = words_beside(ui, &chosen, COPY);
    let place = Rect::from_center_size(pos2(row.right() - COPY / 2.0, row.top() + 12.0), vec2(COPY, COPY));
    let copied = copy(ui, panels, place);
    pair(ui, "", &Value::mono(&seen.hex).named("HEX"));
    copied
}

/// Draws the table of numbers; those of 64 bits need a line for each byte order.
fn numbers(ui: &mut Ui, seen: &Seen, lang: Lang) {
    if !seen.readings.numbers.is_empty() {
        head(ui, Text::BigEndian.of(lang), Text::LittleEndian.of(lang));
    }
    for row in &seen.readings.numbers {
        number(ui, row, lang);
    }
}

fn basics(ui: &mut Ui, seen: &Seen, lang: Lang) {
    let readings = &seen.readings;
    pair(ui, Text::Binary.of(lang), &Value::lines(&readings.bits));
    pair(ui, Text::ReadAsWords.of(lang), &Value::mono(&seen.text));
    pair(ui, Text::Decimal.of(lang), &Value::lines(&readings.decimal));
    if let Some(signed) = &readings.signed {
        pair(ui, Text::SignedBytes.of(lang), &Value::lines(signed));
    }
}

fn record(ui: &mut Ui, about: &About, lang: Lang) {
    title(ui, Text::AboutRecord.of(lang));
    let t = theme::tokens(ui);
    if let Some(direction) = about.direction {
        let word = match direction {
            Direction::Received => Text::Received.of(lang),
            Direction::Sent => Text::Sent.of(lang),
        };
        pair(ui, Text::Direction.of(lang), &Value::words(word).colour(t.direction(direction)));
    }
    if about.peer != PeerId::NONE {
        let peer = about.address.map_or_else(|| format!("#{}", about.peer.0), display_address);
        pair(ui, Text::Peer.of(lang), &Value::mono(&peer));
    }
    let time = match jiff::Timestamp::from_nanosecond(i128::from(about.unix_ns)) {
        Ok(at) => at.to_zoned(jiff::tz::TimeZone::system()).strftime("%H:%M:%S%.3f").to_string(),
        Err(_) => "—".to_owned(),
    };
    pair(ui, Text::Time.of(lang), &Value::mono(&time));
    for (label, since) in [(Text::SincePrevious, about.since_previous), (Text::SinceSame, about.since_same)] {
        if let Some(ns) = since {
            pair(ui, label.of(lang), &Value::mono(&sentences::elapsed(ns, lang)));
        }
    }
}

fn checksums(ui: &mut Ui, checksums: &Checksums, lang: Lang) {
    title(ui, Text::ChecksumsOfChosen.of(lang));
    match checksums {
        Checksums::Ready(values) => {
            for (name, value) in values {
                match value.split_at_checked(16) {
                    Some((first, second)) if !second.is_empty() => {
                        pair(ui, name, &Value::lines(&[first.to_owned(), second.to_owned()]).spoken(value));
                    }
                    _ => pair(ui, name, &Value::mono(value).wide_label()),
                }
            }
        }
        Checksums::Waiting | Checksums::Working(_) => words(ui, Text::ChecksumsWorking.of(lang)),
        Checksums::TooMany => words(ui, Text::ChecksumsTooMany.of(lang)),
        Checksums::Failed => words(ui, Text::ChecksumsFailed.of(lang)),
    }
}

fn other_texts(ui: &mut Ui, seen: &Seen, lang: Lang) {
    title(ui, Text::OtherTexts.of(lang));
    for (encoding, text) in &seen.texts {
        match text {
            Some(text) => pair(ui, encoding.label(), &Value::mono(text)),
            None => pair(ui, encoding.label(), &Value::missing(Text::NotWholly.of(lang))),
        }
    }
}

fn other_numbers(ui: &mut Ui, seen: &Seen, lang: Lang) {
    title(ui, Text::OtherNumbers.of(lang));
    let none = Value::missing(Text::NoNumber.of(lang));
    match &seen.readings.bcd {
        Some((big, little)) => {
            pair(ui, &format!("BCD {}", Text::BigShort.of(lang)), &Value::mono(big));
            pair(ui, &format!("BCD {}", Text::LittleShort.of(lang)), &Value::mono(little));
        }
        None => pair(ui, "BCD", &none),
    }
    match seen.readings.leb128 {
        Some(leb128) => {
            let unsigned = leb128.unsigned.map(|value| value.to_string());
            let signed = leb128.signed.map(|value| value.to_string());
            for (sign, value) in [(Text::Unsigned, unsigned), (Text::Signed, signed)] {
                let label = format!("LEB128 {}", sign.of(lang));
                match value {
                    Some(value) => pair(ui, &label, &Value::mono(&value).wide_label()),
                    None => pair(ui, &label, &none.clone().wide_label()),
                }
            }
        }
        None => pair(ui, "LEB128", &none),
    }
}

/// Draws Unix times, each as UTC and local time; if no byte order gives a date, a single line says so.
fn times(ui: &mut Ui, times: &[UnixTime], lang: Lang) {
    for (is_ms, len, text) in
        [(false, 4, Text::Seconds32), (false, 8, Text::Seconds64), (true, 8, Text::Milliseconds64)]
    {
        let of = || times.iter().filter(|time| time.is_ms == is_ms && time.len == len);
        if of().next().is_none() {
            continue;
        }
        gap(ui, 10.0);
        title(ui, text.of(lang));
        for time in of() {
            let order = match time.order {
                ByteOrder::Big => Text::BigShort.of(lang),
                ByteOrder::Little => Text::LittleShort.of(lang),
            };
            let Some(at) = time.at else {
                pair(ui, order, &Value::missing(Text::NoDate.of(lang)));
                continue;
            };
            let local = at.to_zoned(jiff::tz::TimeZone::system());
            pair(ui, &format!("{order} UTC"), &date(&at.to_zoned(jiff::tz::TimeZone::UTC), is_ms));
            pair(ui, &format!("{order} {}", Text::Local.of(lang)), &date(&local, is_ms));
        }
    }
}

/// Date and time; with milliseconds they take two lines.
fn date(at: &jiff::Zoned, is_ms: bool) -> Value {
    if !is_ms {
        return Value::mono(&at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    }
    Value::lines(&[at.strftime("%Y-%m-%d").to_string(), at.strftime("%H:%M:%S%.3f").to_string()])
}
