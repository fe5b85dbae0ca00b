//! The drawer tab of file actions: those that run or wait, and the last ones that ended.

use crate::engine;
use crate::gui::action::{Action, FileAction};
use crate::gui::context::Panels;
use crate::gui::files::form::FileTask;
use crate::gui::files::row::{self, BUTTONS, Columns, Look, NAME, PEER};
use crate::gui::files::transfers::Row;
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, paint, tooltip};
use crate::model::{Protocol, SessionId};
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Id, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Duration;

/// Number of running actions, for the label of the tab.
pub fn count(session: &Session) -> Option<String> {
    let active = session.transfers.active();
    (active > 0).then(|| active.to_string())
}

/// Draws the button that takes the ended actions off the list.
pub fn tools(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let has_ended = session.transfers.rows().iter().any(|row| !row.is_active());
    let button = Button::ghost(panels.text(Text::ClearFinished)).icon(icons::BROOM);
    if has_ended && ui.add(button).clicked() {
        panels.actions.push(Action::File(FileAction::ClearEnded(session.id)));
    }
}

/// Draws the list into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    if session.transfers.rows().is_empty() {
        let words = panels.text(Text::NoTransfers);
        let font = theme::ui_font(measure::TEXT_LABEL);
        let said = paint::text(ui.painter(), rect.center(), paint::At::Centre, words, font, t.muted);
        let label = ui.interact(said, ui.scope_id().with("none"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        return;
    }
    let has_peers = session.setup.protocol != Protocol::TcpClient;
    let list = List { session: session.id, columns: Columns::new(rect.width(), has_peers), has_peers };
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let mut moves = false;
    ScrollArea::vertical().auto_shrink(false).id_salt("transfers").show(ui, |ui| {
        ui.add_space(4.0);
        // The newest on top: what was just started is in sight.
        for row in session.transfers.rows_mut().iter_mut().rev() {
            moves |= one(ui, panels, &list, row);
        }
        ui.add_space(4.0);
    });
    if moves {
        // Four steps a second show that an action is alive without a repaint per frame.
        ui.ctx().request_repaint_after(Duration::from_millis(250));
    }
}

/// What holds for all rows.
struct List {
    session: SessionId,
    columns: Columns,
    has_peers: bool,
}

/// Draws one action. Returns true if its bar moves by itself.
fn one(ui: &mut Ui, panels: &mut Panels<'_>, list: &List, row: &mut Row) -> bool {
    let (t, columns) = (theme::tokens(ui), &list.columns);
    let look = Look::of(row, list.has_peers, panels.lang);
    let height = row::height(ui.painter(), &look, columns, t);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::empty());
    let id = ui.scope_id().with(("transfer", row.id));
    // Without a known size the bar moves while something arrives.
    let moves = ui.is_rect_visible(rect) && look.fraction.is_none() && row.has_pace();
    if ui.is_rect_visible(rect) {
        line(ui, panels, list, rect, id, row, &look);
        buttons(ui, panels, list.session, rect, id, row);
    }
    if !row.is_unfolded {
        return moves;
    }
    let time = ui.input(|input| input.time);
    for (peer, part) in row.transfer.parts() {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PEER), Sense::hover());
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let (look, name) = (Look::of_part(&part, panels.lang), format!("#{}", peer.0));
        let at = pos2(rect.left() + columns.peer, rect.center().y);
        paint::text(ui.painter(), at, paint::At::Left, &name, theme::mono(measure::TEXT_LABEL), t.peer(peer));
        row::paint(ui.painter(), rect, &look, columns, true, time, t);
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{name} {}", look.spoken())));
    }
    if row.transfer.unlisted() > 0 {
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), PEER), Sense::hover());
        let words = panels.lang.texts().other_peers(row.transfer.unlisted());
        let at = pos2(rect.left() + columns.peer, rect.center().y);
        paint::text(ui.painter(), at, paint::At::Left, &words, theme::ui_font(measure::TEXT_SMALL), t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    }
    moves
}

/// Draws icon, name, receiver, bar and words of an action.
fn line(ui: &Ui, panels: &Panels<'_>, list: &List, rect: Rect, id: Id, row: &Row, look: &Look) {
    let (t, painter, y, columns) = (theme::tokens(ui), ui.painter(), rect.center().y, &list.columns);
    let name = row.name();
    let (to, peer) = row::receiver(row, panels.lang);
    let response = ui.interact(rect.with_max_x(rect.right() - BUTTONS), id, Sense::hover());
    if response.hovered() {
        painter.rect_filled(rect.shrink2(vec2(4.0, 0.0)), measure::RADIUS, t.hover);
    }
    let (icon, colour) = row::icon(row, t);
    paint::icon(painter, pos2(rect.left() + 20.0, y), icon, measure::ICON, colour);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let at = pos2(rect.left() + NAME, y);
    paint::text_elided(painter, at, &name, font, t.text, columns.peer - 8.0 - NAME);
    if list.has_peers && !to.is_empty() {
        let (font, colour) = match peer {
            Some(peer) => (theme::mono(measure::TEXT_LABEL), t.peer(peer)),
            None => (theme::ui_font(measure::TEXT_SMALL), t.muted),
        };
        let at = pos2(rect.left() + columns.peer, y);
        paint::text_elided(painter, at, &to, font, colour, columns.bar - columns.peer - 4.0);
    }
    let sends = matches!(row.task, FileTask::Send | FileTask::Put);
    row::paint(painter, rect, look, columns, sends, ui.input(|input| input.time), t);
    let action = match row.task {
        FileTask::Folder => panels.lang.texts().serving_name(&name),
        _ => panels.lang.texts().transfer_name(sends, &name, &to),
    };
    let spoken = format!("{action} · {}", look.spoken());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &spoken));
    tooltip(response, &format!("{spoken}\n{}", row.path.display()), None);
}

/// Draws the buttons of an action, from the right.
fn buttons(ui: &Ui, panels: &mut Panels<'_>, session: SessionId, rect: Rect, id: Id, row: &mut Row) {
    let texts = panels.lang.texts();
    let name = row.name();
    let mut right = rect.right() - 8.0;
    let mut button = |icon: char, name: &str| {
        let place = Rect::from_min_size(pos2(right - 28.0, rect.center().y - 14.0), vec2(28.0, 28.0));
        right -= 28.0;
        IconButton::new(icon, name).icon_size(measure::ICON_ROW).at(ui, place, id.with(icon)).clicked()
    };
    let mut action = None;
    let stops = match row.task {
        FileTask::Receive => Some(texts.stop_receiving(&name)),
        FileTask::Folder => Some(texts.stop_serving(&name)),
        _ => None,
    };
    if let Some(stop) = stops.filter(|_| row.is_active()) {
        if button(icons::STOP, &stop) {
            action = Some(FileAction::Cancel(session, row.id));
        }
    } else if row.is_active() {
        if button(icons::X, &texts.cancel_transfer(&name)) {
            action = Some(FileAction::Cancel(session, row.id));
        }
    } else if button(icons::X, &texts.remove_transfer(&name)) {
        action = Some(FileAction::Remove(session, row.id));
    }
    if row.is_to_send_again() && button(icons::ARROW_CLOCKWISE, &texts.send_again(&name)) {
        action = Some(FileAction::SendAgain(session, row.id));
    }
    if row.is_written() && engine::can_show_in_folder() && button(icons::FOLDER_OPEN, panels.text(Text::ShowInFolder)) {
        action = Some(FileAction::ShowInFolder(row.path.clone()));
    }
    if row.transfer.peer_count() > 1 {
        let (icon, words) = match row.is_unfolded {
            true => (icons::CARET_DOWN, texts.fold_peers(&name)),
            false => (icons::CARET_RIGHT, texts.unfold_peers(&name)),
        };
        if button(icon, &words) {
            row.is_unfolded = !row.is_unfolded;
            ui.ctx().request_repaint();
        }
    }
    panels.actions.extend(action.map(Action::File));
}
