//! The page of the stored captures: filter by endpoint or time, open, export, delete one or all closed captures.

use crate::capture::{CaptureInfo, CaptureState};
use crate::gui::action::{Action, CaptureAction};
use crate::gui::captures::state::{CapturesPage, Import};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::sentences::local_time;
use crate::gui::settings_page::remarks::{error_words, hint};
use crate::gui::settings_page::state::{SettingsTab, Shown};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Field, IconButton, ProgressBar, focus_later, paint, tooltip};
use crate::words::Text;
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of a row.
const ROW: f32 = 48.0;
/// Width of the buttons of a row.
const BUTTONS: f32 = 284.0;
/// Maximum number of damaged captures listed by name.
const DAMAGED: usize = 3;

/// Draws the page into the rest of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, shown: &mut Shown<'_>) {
    let t = theme::tokens(ui);
    let page = &mut *shown.captures;
    top(ui, panels, page);
    if retention(ui, panels, shown.preferences.retention_days) {
        shown.page.tab = SettingsTab::General;
        ui.ctx().request_repaint();
    }
    let busy = page.busy();
    let mut fitting = Vec::new();
    match &page.list {
        None => hint(ui, panels.text(Text::Reading)),
        Some(Err(error)) => error_words(ui, &words::error_sentence(error, panels.lang)),
        Some(Ok((list, damaged))) => {
            fitting = list.iter().filter(|info| fits(info, &page.filter)).collect();
            if fitting.is_empty() {
                hint(ui, panels.text(if list.is_empty() { Text::NoCaptures } else { Text::NoSuchCaptures }));
            }
            let height = ui.available_height() - 44.0 - damaged.len().min(DAMAGED) as f32 * 24.0;
            let scroll = egui::ScrollArea::vertical().auto_shrink(false).max_height(height.max(60.0));
            scroll.show_rows(ui, ROW, fitting.len(), |ui, range| {
                for info in fitting.get(range).unwrap_or_default() {
                    capture_row(ui, panels, info, busy, &mut page.confirm);
                }
            });
            for error in damaged.iter().take(DAMAGED) {
                error_words(ui, &words::error_sentence(error, panels.lang));
            }
        }
    }
    let room = ui.max_rect();
    let bottom = room.bottom() - measure::CONTROL;
    paint::hairline_h(ui.painter(), room.left()..=room.right(), bottom - 10.0, t.soft);
    let place = Rect::from_min_max(pos2(room.left(), bottom), room.max);
    if let Some(import) = &mut page.import {
        let (closes, failure_at) = (import_row(ui, panels, import, place), place.translate(vec2(0.0, -40.0)));
        if let Some((path, error)) = &import.failure {
            let words = words::import_error(error, path, panels.lang);
            within(ui, failure_at, "why", Layout::left_to_right(Align::Center), |ui| error_words(ui, &words));
        }
        if closes {
            page.import = None;
        }
        return;
    }
    within(ui, place, "below", Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        if ui.add_enabled(!busy, Button::plain(panels.text(Text::ImportLog))).clicked() {
            page.import = Some(Import::default());
            panels.actions.push(Action::Capture(CaptureAction::PickImport));
        }
        let refresh = Button::plain(panels.text(Text::Refresh)).icon(icons::ARROW_CLOCKWISE);
        if ui.add_enabled(!busy, refresh).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::List));
        }
        delete_closed(ui, panels, &fitting, busy, &mut page.confirm_all);
    });
}

/// Draws the row for an import. Returns true if the user closes it.
fn import_row(ui: &mut Ui, panels: &mut Panels<'_>, import: &mut Import, place: Rect) -> bool {
    within(ui, place, "import", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        let reading = import.is_reading();
        let close = IconButton::new(icons::X, panels.text(Text::CloseImport));
        let closes = ui.add_enabled(!reading, close).clicked();
        if reading {
            if ui.add(Button::danger(panels.text(Text::Cancel))).clicked() {
                import.cancel();
            }
            let fraction = import.progress();
            let percent = fraction.map_or(String::new(), |fraction| format!("{:.0} %", (fraction * 100.0).floor()));
            let (rect, _) = ui.allocate_exact_size(vec2(40.0, measure::CONTROL), Sense::hover());
            let at = pos2(rect.right(), rect.center().y);
            let t = theme::tokens(ui);
            paint::text(ui.painter(), at, paint::At::Right, &percent, theme::ui_font(measure::TEXT_SMALL), t.muted);
            ui.add(ProgressBar::new(panels.text(Text::Importing), fraction).width(120.0));
        } else {
            let possible = !import.path.trim().is_empty();
            if ui.add_enabled(possible, Button::primary(panels.text(Text::ImportNow))).clicked() {
                panels.actions.push(Action::Capture(CaptureAction::StartImport));
            }
        }
        if ui.add_enabled(!reading, Button::plain(panels.text(Text::ChooseFile))).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::PickImport));
        }
        let wrong = import.failure.as_ref().map(|_| "");
        let field = Field::new(&mut import.path, panels.text(Text::ImportPath)).hint(panels.text(Text::ImportPath));
        let field = field.width(ui.available_width()).error(wrong);
        let response = ui.add_enabled_ui(!reading, |ui| field.show(ui)).inner;
        if response.changed() {
            import.failure = None;
        }
        if !import.is_picking() && !std::mem::replace(&mut import.had_focus, true) {
            focus_later(ui.ctx(), response.id);
        }
        closes
    })
}

/// Draws the filter, the number of captures and their size.
fn top(ui: &mut Ui, panels: &Panels<'_>, page: &mut CapturesPage) {
    let t = theme::tokens(ui);
    ui.horizontal(|ui| {
        let field = Field::new(&mut page.filter, panels.text(Text::FindCaptures)).width(260.0);
        let field = field.hint(panels.text(Text::FindCapturesHint)).icon(icons::MAGNIFYING_GLASS);
        if field.show(ui).changed() {
            // The capture to be deleted may be hidden now, so the confirmation is reset.
            (page.confirm, page.confirm_all) = (None, false);
            ui.ctx().request_repaint();
        }
        let Some(Ok((list, _))) = &page.list else { return };
        let words = total(list, panels.lang);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CONTROL), Sense::hover());
        let line = paint::elided(ui.painter(), &words, theme::ui_font(measure::TEXT_SMALL), t.muted, rect.width());
        let at = pos2(rect.right(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, line, t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    });
}

/// Draws the retention time. Returns true if the user wants to change it.
fn retention(ui: &mut Ui, panels: &Panels<'_>, days: Option<u32>) -> bool {
    let t = theme::tokens(ui);
    let words = kept_for(days, panels.lang);
    ui.horizontal(|ui| {
        let font = theme::ui_font(measure::TEXT_SMALL);
        let line = paint::line(ui.painter(), words.as_str(), font, t.muted);
        let (rect, response) = ui.allocate_exact_size(vec2(line.size().x, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, line, t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
        ui.add(Button::link(panels.text(Text::ChangeRetention))).clicked()
    })
    .inner
}

/// All words of the filter are contained in the endpoint or the time.
fn fits(info: &CaptureInfo, filter: &str) -> bool {
    if filter.trim().is_empty() {
        return true;
    }
    let text = format!("{} {}", info.endpoint, local_time(info.created_unix_ns)).to_lowercase();
    filter.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn capture_row(ui: &mut Ui, panels: &mut Panels<'_>, info: &CaptureInfo, busy: bool, confirm: &mut Option<String>) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if ui.rect_contains_pointer(rect) {
        ui.painter().rect_filled(rect, f32::from(measure::RADIUS), t.hover);
    }
    let state = panels.text(match info.state {
        CaptureState::Open => Text::StateOpen,
        CaptureState::Closed => Text::StateClosed,
        CaptureState::Recovered => Text::StateRecovered,
    });
    let detail = detail(info, panels.lang);
    let right = rect.right() - BUTTONS;
    let at = pos2(rect.left() + 8.0, rect.top() + 15.0);
    let mono = theme::mono(measure::TEXT);
    let endpoint = paint::text_elided(ui.painter(), at, &info.endpoint, mono, t.text, right - at.x - 56.0);
    let at = pos2(endpoint.right() + 12.0, at.y);
    paint::text(ui.painter(), at, paint::At::Left, state, theme::ui_font(measure::TEXT_SMALL), t.muted);
    let at = pos2(rect.left() + 8.0, rect.top() + 34.0);
    let line = paint::elided(ui.painter(), &detail, theme::ui_font(measure::TEXT_SMALL), t.muted, right - at.x);
    let is_cut = line.elided;
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, line, t.muted);
    let spoken = format!("{} {state} {detail}", info.endpoint);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, spoken.as_str()));
    if is_cut {
        tooltip(response, &detail, None);
    }
    let buttons = rect.with_min_x(right).shrink2(vec2(8.0, 0.0));
    within(ui, buttons, ("capture", info.id.as_str()), Layout::right_to_left(Align::Center), |ui| {
        let sure = confirm.as_ref() == Some(&info.id);
        let words = panels.text(if sure { Text::DeleteReally } else { Text::DeleteCapture });
        let delete = if sure { Button::danger(words) } else { Button::plain(words) };
        if ui.add_enabled(!busy && info.state != CaptureState::Open, delete).clicked() {
            if sure {
                panels.actions.push(Action::Capture(CaptureAction::Delete(vec![info.id.clone()])));
            } else {
                *confirm = Some(info.id.clone());
            }
        }
        if ui.add_enabled(!busy, Button::plain(panels.text(Text::Export))).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::Export(info.clone())));
        }
        if ui.add_enabled(!busy, Button::plain(panels.text(Text::OpenCapture))).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::Open(info.clone())));
        }
    });
}

/// Draws the button that deletes all listed captures that are not in use. It needs a second click.
fn delete_closed(ui: &mut Ui, panels: &mut Panels<'_>, fitting: &[&CaptureInfo], busy: bool, confirm: &mut bool) {
    let closed = || fitting.iter().filter(|info| info.state != CaptureState::Open);
    let count = closed().count();
    let sure = panels.lang.texts().delete_captures(count as u64, closed().map(|info| info.disk_bytes).sum());
    let button = match *confirm {
        true => Button::danger(&sure),
        false => Button::plain(panels.text(Text::DeleteClosed)),
    };
    if !ui.add_enabled(!busy && count > 0, button).clicked() {
        return;
    }
    if *confirm {
        panels.actions.push(Action::Capture(CaptureAction::Delete(closed().map(|info| info.id.clone()).collect())));
    } else {
        *confirm = true;
        ui.ctx().request_repaint();
    }
}

/// Details of a capture: `2026-11-28 03:39:02 · 4 records · 1 peer · 201 B (1.2 KiB on disk)`.
fn detail(info: &CaptureInfo, lang: Lang) -> String {
    let time = local_time(info.created_unix_ns);
    let mut detail = lang.texts().capture_detail(&time, info.records, info.peers, info.bytes, info.disk_bytes);
    if info.evicted_bytes > 0 {
        detail += &lang.texts().capture_evicted(info.evicted_bytes);
    }
    detail
}

fn total(list: &[CaptureInfo], lang: Lang) -> String {
    let bytes = list.iter().map(|info| info.bytes).sum();
    let disk_bytes = list.iter().map(|info| info.disk_bytes).sum();
    lang.texts().captures_total(list.len() as u64, bytes, disk_bytes)
}

fn kept_for(days: Option<u32>, lang: Lang) -> String {
    match days {
        None => lang.texts().captures_kept().to_owned(),
        Some(days) => lang.texts().captures_kept_for(days),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info() -> CaptureInfo {
        CaptureInfo {
            id: "a".into(),
            created_unix_ns: 1_700_000_000_000_000_000,
            endpoint: "tcp://127.0.0.1:8080".into(),
            records: 4,
            peers: 1,
            bytes: 201,
            evicted_bytes: 0,
            disk_bytes: 2048,
            state: CaptureState::Closed,
        }
    }

    #[test]
    fn captures_are_found_by_endpoint_and_time() {
        let time = local_time(info().created_unix_ns);
        for (filter, found) in
            [("", true), (" ", true), (":8080", true), ("TCP 8080", true), (&time[..7], true), ("udp", false)]
        {
            assert_eq!(fits(&info(), filter), found, "{filter:?}");
        }
        assert!(fits(&info(), &format!("8080 {}", &time[..10])) && !fits(&info(), "8080 1999-"));
    }

    #[test]
    fn a_capture_shows_all_its_details() {
        let time = local_time(info().created_unix_ns);
        assert_eq!(detail(&info(), Lang::En), format!("{time} · 4 records · 1 peer · 201 B (2.0 KiB on disk)"));
        let cut = CaptureInfo { evicted_bytes: 1024, records: 1, peers: 2, ..info() };
        assert_eq!(
            detail(&cut, Lang::En),
            format!("{time} · 1 record · 2 peers · 201 B (2.0 KiB on disk) · 1.0 KiB evicted")
        );
        assert_eq!(
            detail(&cut, Lang::ZhCn),
            format!("{time} · 1 条记录 · 2 个对端 · 201 B（磁盘 2.0 KiB） · 已淘汰 1.0 KiB")
        );
        assert_eq!(total(&[info(), cut], Lang::ZhCn), "共 2 个捕获记录 · 402 B（磁盘 4.0 KiB）");
    }
}
