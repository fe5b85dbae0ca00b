//! The dock at the right of the log. It shows one tab of the table below.

use crate::gui::context::{Panels, within};
use crate::gui::frame::edge::{self, Edge};
use crate::gui::frame::places::DockTab;
use crate::gui::frame::tab_row::{self, TabLabel};
use crate::gui::keys::Command;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use crate::gui::{facts, framing, highlights, icons, inspector, quick, replies};
use crate::words::Text;
use egui::{Align, Layout, Rect, Ui, vec2};

/// A tab of the dock.
struct Tab {
    id: DockTab,
    label: Text,
    /// Default and minimum width in points.
    width: f32,
    /// The tab has contents.
    is_there: fn(&Session) -> bool,
    /// Draws the tab into all of `ui`.
    show: fn(&mut Ui, &mut Panels<'_>, &mut Session),
}

/// All tabs, in display order.
const TABS: &[Tab] = &[
    Tab {
        id: DockTab::Inspect,
        label: Text::DockInspect,
        width: measure::DOCK,
        is_there: |session| session.log.is_some(),
        show: inspector::panel::show,
    },
    Tab {
        id: DockTab::Sends,
        label: Text::DockSends,
        width: measure::DOCK,
        is_there: |session| session.archive.is_none(),
        show: quick::panel::show,
    },
    Tab {
        id: DockTab::Replies,
        label: Text::DockReplies,
        width: measure::DOCK_RUN,
        is_there: |session| session.archive.is_none(),
        show: replies::panel::show,
    },
    Tab {
        id: DockTab::Facts,
        label: Text::DockFacts,
        width: measure::DOCK,
        is_there: |session| session.archive.is_none(),
        show: facts::panel::show,
    },
    Tab {
        id: DockTab::Highlights,
        label: Text::Highlights,
        width: measure::DOCK_WIDE,
        is_there: |session| session.highlight_page.is_some(),
        show: highlights::page::show,
    },
    Tab {
        id: DockTab::Framing,
        label: Text::DockFraming,
        width: measure::DOCK_WIDE,
        is_there: |session| session.rule_editor.is_some(),
        show: framing::editor::show,
    },
];

/// The active tab.
fn front(session: &Session) -> Option<&'static Tab> {
    let id = session.places.dock()?;
    TABS.iter().find(|tab| tab.id == id && (tab.is_there)(session))
}

/// Default and minimum width of a tab: the steps of a file need more room than the list of commands.
fn least(tab: &Tab, session: &Session) -> f32 {
    if tab.id == DockTab::Sends && session.runs.is_open { measure::DOCK_RUN } else { tab.width }
}

/// Width of the dock; `None` if closed.
pub fn width(session: &Session) -> Option<f32> {
    let tab = front(session)?;
    let least = least(tab, session);
    let dragged = if least > measure::DOCK { session.places.wide_dock_width } else { session.places.dock_width };
    Some(dragged.unwrap_or(least).clamp(least, measure::DOCK_MOST).round())
}

/// Draws the dock into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let Some(tab) = front(session) else { return };
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0.0, t.canvas);
    paint::hairline_v(ui.painter(), rect.left(), rect.top()..=rect.bottom(), t.line);
    let (head, body) = rect.split_top_bottom_at_y(rect.top() + measure::TOOLBAR);
    paint::hairline_h(ui.painter(), rect.left() + 1.0..=rect.right(), head.bottom() - 1.0, t.line);
    self::head(ui, panels, session, head, tab.id);
    let inner = Rect::from_min_max(body.min + vec2(1.0, 0.0), body.max);
    within(ui, inner, ("dock", tab.id as u8), Layout::top_down(Align::Min), |ui| (tab.show)(ui, panels, session));
    if let Some(x) = edge::drag(ui, Edge::Left, rect, panels.text(Text::DockEdge)) {
        let least = least(tab, session);
        let width = Some((rect.right() - x).clamp(least, measure::DOCK_MOST));
        if least > measure::DOCK {
            session.places.wide_dock_width = width;
        } else {
            session.places.dock_width = width;
        }
    }
}

/// How many things are in a tab, where the user wants to know it without opening the tab.
fn count(tab: DockTab, session: &Session) -> usize {
    match tab {
        DockTab::Replies => replies::list::count_on(&session.replies.listed()),
        _ => 0,
    }
}

/// Draws the tabs and the close button.
fn head(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, front: DockTab) {
    let close = within(ui, rect.shrink2(vec2(8.0, 0.0)), "close", Layout::right_to_left(Align::Center), |ui| {
        let close = IconButton::new(icons::X, panels.text(Text::CloseDock)).icon_size(measure::ICON_ROW);
        ui.add(close.shortcut(panels.key(Command::Dock)))
    });
    let there: Vec<&Tab> = TABS.iter().filter(|tab| (tab.is_there)(session)).collect();
    let labels: Vec<TabLabel<'_>> = there
        .iter()
        .map(|tab| {
            let label = panels.text(tab.label);
            TabLabel { label, name: label, front: tab.id == front, count: count(tab.id, session) }
        })
        .collect();
    let row = rect.with_min_x(rect.left() + 8.0).with_max_x(close.rect.left());
    if let (Some(index), _) = tab_row::show(ui, row, &labels) {
        session.places.show_dock(there[index].id);
    }
    if close.clicked() {
        session.places.close_dock();
        ui.ctx().request_repaint();
    }
}
