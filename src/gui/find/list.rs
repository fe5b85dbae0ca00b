//! The hit list below a log: each hit with its position and context. A click on a hit goes to it.

use crate::gui::context::Panels;
use crate::gui::find::hits::{Columns, HEAD, Looks, ROW, Sight, Step, head, row, texts};
use crate::gui::find::state::Find;
use crate::gui::log::LogView;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::model::Protocol;
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{EventFilter, Key, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Number of hits, for the label of the tab.
pub fn count(session: &Session) -> String {
    sentences::grouped(session.find.standing().1)
}

/// Height of the title line.
const TITLE: f32 = 26.0;

/// Draws the list into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (title, rect) = rect.split_top_bottom_at_y(rect.top() + TITLE);
    title_line(ui, panels, session, title);
    let mode = session.setup.view;
    let has_peers = session.setup.protocol != Protocol::TcpClient;
    let columns =
        Columns::new(rect.width(), mode, session.setup.columns.shows(crate::settings::LogColumn::Time), has_peers);
    let looks = Looks { columns, mode, lang: panels.lang };
    let heads = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD));
    head(ui.painter(), heads, &looks, t);
    rows(ui, panels, session, Rect::from_min_max(heads.left_bottom() + vec2(0.0, 2.0), rect.max), &looks);
}

fn title_line(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) {
    let t = theme::tokens(ui);
    let find = &session.find;
    let words = match &find.error {
        Some(error) => words::pattern_error(error, panels.lang),
        None if !find.is_active() => panels.lang.texts().hits_nothing().to_owned(),
        None => texts::title(&find.text, find.standing().1, find.is_whole(), find.progress(), panels.lang),
    };
    let colour = if find.error.is_some() { t.error } else { t.text };
    let at = pos2(rect.left() + measure::MARGIN, rect.center().y);
    let (font, width) = (theme::medium(measure::TEXT_LABEL), rect.width() - 2.0 * measure::MARGIN);
    let said = paint::text_elided(ui.painter(), at, &words, font, colour, width);
    let label = ui.interact(said, ui.scope_id().with("title"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

/// Closes the drawer.
fn close(ui: &Ui, session: &mut Session) {
    leave(ui, session);
    session.places.close_drawer();
    ui.ctx().request_repaint();
}

/// Returns the focus to the widget that had it before the list was opened.
pub fn leave(ui: &Ui, session: &mut Session) {
    if let Some(before) = session.find.list.close() {
        ui.memory_mut(|memory| memory.request_focus(before));
    }
}

fn rows(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect, looks: &Looks) {
    let t = theme::tokens(ui);
    let id = ui.scope_id().with("rows");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::List, true, panels.text(Text::HitList)));
    let find = &mut session.find;
    if std::mem::take(&mut find.list.wants_focus) {
        response.request_focus();
    }
    if response.clicked() {
        response.request_focus();
    }
    let (Some(found), Some(reader)) = (find.found(), session.log.as_ref().and_then(LogView::reader)) else {
        keys(ui, session, &response, Sight { first: 0, listed: 0, fit: 0 });
        return;
    };
    let fit = (rect.height().max(0.0) / ROW).floor() as usize;
    let current = find.current();
    let sight = find.list.prepare(&found, current, fit, reader, session.setup.encoding);
    let mut chosen = None;
    for (index, one) in find.list.rows().iter().enumerate() {
        let top = rect.top() + index as f32 * ROW;
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), ROW));
        // The list is focused as a whole, so rows are not focusable.
        let over = ui.interact(place, id.with(index), Sense::CLICK);
        let at = (one.hit.record, one.hit.offset);
        let is_current = current == Some(at);
        let said = row(ui.painter(), place, one, sight.first + index + 1, (is_current, over.hovered()), looks, t);
        over.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &said));
        ui.ctx().accesskit_node_builder(over.id, |node| node.set_selected(is_current));
        if over.clicked() {
            chosen = Some(at);
            response.request_focus();
        }
    }
    find.list.wheel(ui, rect, sight);
    let track = Rect::from_min_max(pos2(rect.right() - 12.0, rect.top()), rect.max);
    find.list.scroll_bar(ui, track, id.with("bar"), sight, panels.lang, t);
    if let (Some(at), Some(log)) = (chosen, &mut session.log) {
        find.go_to(at, log);
        ui.ctx().request_repaint();
    }
    keys(ui, session, &response, sight);
    if response.gained_focus() {
        session.find.list.focus_by_key = !ui.input(|i| i.pointer.any_down() || i.pointer.any_released());
    }
    if response.has_focus() && session.find.list.focus_by_key {
        paint::focus_ring_inside(ui.painter(), rect, 0, t);
    }
}

/// Handles the keys of the focused list.
fn keys(ui: &Ui, session: &mut Session, response: &Response, sight: Sight) {
    if !response.has_focus() {
        return;
    }
    let filter = EventFilter { vertical_arrows: true, escape: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let pressed = |key: Key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let page = sight.fit.saturating_sub(1).max(1).cast_signed();
    for (key, step) in [
        (Key::ArrowUp, Step::By(-1)),
        (Key::ArrowDown, Step::By(1)),
        (Key::PageUp, Step::By(-page)),
        (Key::PageDown, Step::By(page)),
        (Key::Home, Step::First),
        (Key::End, Step::Last),
        (Key::Enter, Step::By(0)),
    ] {
        if pressed(key) {
            // egui would also move the focus with the key if the list received the focus only one frame ago.
            ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
            go(&mut session.find, session.log.as_mut(), step);
            ui.ctx().request_repaint();
        }
    }
    if pressed(Key::Escape) {
        close(ui, session);
    }
}

fn go(find: &mut Find, log: Option<&mut LogView>, step: Step) {
    if let (Some(at), Some(log)) = (find.list.target(step), log) {
        find.go_to(at, log);
    }
}
