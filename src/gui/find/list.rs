//! The list of hits below a log: what was found, where, and what stands around it. A click goes there.

use crate::gui::context::{Panels, within};
use crate::gui::find::hits::{Columns, HEAD, HitList, LEAST_HEIGHT, Looks, ROW, Sight, Step, head, row, texts};
use crate::gui::find::state::Find;
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use crate::model::Protocol;
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, CursorIcon, EventFilter, Key, Layout, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the line with the title.
const TITLE: f32 = 32.0;
/// The log keeps at least this.
const LOG_LEAST: f32 = 120.0;

/// How high it is in a pane with so much room for log and list.
pub fn height(session: &Session, room: f32) -> f32 {
    let wanted = session.find.list.height.unwrap_or(room / 3.0).max(LEAST_HEIGHT);
    wanted.min((room - LOG_LEAST).max(0.0)).round()
}

/// Draws it into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let title = Rect::from_min_size(rect.min, vec2(rect.width(), TITLE));
    ui.painter().rect_filled(title, 0.0, t.chrome);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), title.bottom() - 1.0, t.soft);
    title_line(ui, panels, session, title);
    let mode = session.setup.view;
    let has_peers = session.setup.protocol != Protocol::TcpClient;
    let columns = Columns::new(rect.width(), mode, session.setup.show_times, has_peers);
    let looks = Looks { columns, mode, lang: panels.lang };
    let heads = Rect::from_min_size(title.left_bottom(), vec2(rect.width(), HEAD));
    head(ui.painter(), heads, &looks, t);
    rows(ui, panels, session, Rect::from_min_max(heads.left_bottom() + vec2(0.0, 2.0), rect.max), &looks);
    edge(ui, panels, &mut session.find.list, rect);
}

/// The upper edge, which can be dragged.
fn edge(ui: &Ui, panels: &Panels<'_>, list: &mut HitList, rect: Rect) {
    let t = theme::tokens(ui);
    let handle = Rect::from_x_y_ranges(rect.x_range(), rect.top() - 3.0..=rect.top() + 4.0);
    let response = ui.interact(handle, ui.scope_id().with("edge"), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, panels.lang.texts().hits_edge()));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(CursorIcon::ResizeVertical);
        let line = Rect::from_min_size(rect.min, vec2(rect.width(), 2.0));
        ui.painter().rect_filled(line, 0.0, t.accent);
    }
    if let Some(pointer) = response.interact_pointer_pos().filter(|_| response.dragged()) {
        list.height = Some((rect.bottom() - pointer.y).max(LEAST_HEIGHT));
        ui.ctx().request_repaint();
    }
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
    let (font, width) = (theme::medium(measure::TEXT_LABEL), rect.width() - measure::MARGIN - 52.0);
    let said = paint::text_elided(ui.painter(), at, &words, font, colour, width);
    let label = ui.interact(said, ui.scope_id().with("title"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    let closed = within(ui, rect.shrink2(vec2(8.0, 0.0)), "close", Layout::right_to_left(Align::Center), |ui| {
        let close = IconButton::new(icons::X, panels.text(Text::CloseHitList)).icon_size(measure::ICON_ROW);
        ui.add(close.shortcut("Esc")).clicked()
    });
    if closed {
        close(ui, &mut session.find.list);
    }
}

/// It goes, and what had the focus before has it again.
fn close(ui: &Ui, list: &mut HitList) {
    if let Some(before) = list.close() {
        ui.memory_mut(|memory| memory.request_focus(before));
    }
    ui.ctx().request_repaint();
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
    let (Some(found), Some(reader)) = (find.found(), &session.reader) else {
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
        // The list has the focus as a whole.
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

/// Keys of the focused list.
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
            // egui would move the focus by itself where it came only a frame ago.
            ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
            go(&mut session.find, session.log.as_mut(), step);
            ui.ctx().request_repaint();
        }
    }
    if pressed(Key::Escape) {
        close(ui, &mut session.find.list);
    }
}

fn go(find: &mut Find, log: Option<&mut crate::gui::log::LogView>, step: Step) {
    if let (Some(at), Some(log)) = (find.list.target(step), log) {
        find.go_to(at, log);
    }
}
