//! The drawer below the log. It shows one tab of the table below.

use crate::gui::action::{Action, FileAction};
use crate::gui::context::{Panels, within};
use crate::gui::files::form::{Anchor, FileTask};
use crate::gui::frame::edge::{self, Edge};
use crate::gui::frame::places::DrawerTab;
use crate::gui::frame::tab_row::{self, TabLabel};
use crate::gui::keys::Command;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, Side, paint};
use crate::gui::{compare, files, find, icons, run, timing, trace};
use crate::words::{Lang, Text};
use egui::{Align, Layout, Rect, Ui, vec2};

/// A tab of the drawer.
struct Tab {
    id: DrawerTab,
    label: Text,
    /// A count beside the label.
    count: fn(&Session, Lang) -> Option<String>,
    /// The tab has contents.
    is_there: fn(&Session) -> bool,
    /// Draws buttons at the right end of the tab row, from the right.
    tools: Option<fn(&mut Ui, &mut Panels<'_>, &mut Session)>,
    /// Draws the tab into all of `ui`.
    show: fn(&mut Ui, &mut Panels<'_>, &mut Session),
}

/// All tabs, in display order.
const TABS: &[Tab] = &[
    Tab {
        id: DrawerTab::Find,
        label: Text::DrawerFind,
        count: |session, _| session.find.is_active().then(|| find::list::count(session)),
        is_there: |session| session.log.is_some(),
        tools: None,
        show: find::list::show,
    },
    Tab {
        id: DrawerTab::Compare,
        label: Text::DrawerCompare,
        count: |_, _| None,
        is_there: |session| session.compare.is_some(),
        tools: None,
        show: compare::panel::show,
    },
    Tab {
        id: DrawerTab::Plots,
        label: Text::DrawerPlots,
        count: |_, _| None,
        is_there: |session| session.log.is_some(),
        tools: None,
        show: timing::panel::show,
    },
    Tab {
        id: DrawerTab::Transfers,
        label: Text::DrawerTransfers,
        count: |session, _| files::list::count(session),
        is_there: |session| session.log.is_some(),
        tools: Some(files::list::tools),
        show: files::list::show,
    },
    Tab {
        id: DrawerTab::Trace,
        label: Text::DrawerTrace,
        count: |session, _| trace::panel::count(session),
        is_there: |session| session.log.is_some(),
        tools: Some(trace::panel::tools),
        show: trace::panel::show,
    },
    Tab {
        id: DrawerTab::Results,
        label: Text::DrawerResults,
        count: |session, _| run::results::count(session),
        is_there: |session| session.runs.is_open || session.runs.round().is_some(),
        tools: Some(report),
        show: run::results::show,
    },
];

/// Draws the button that saves a report of the results.
fn report(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let button = Button::ghost(panels.text(Text::ReportTitle)).icon(icons::EXPORT);
    let response = ui.add_enabled(session.runs.round().is_some(), button);
    if response.clicked() {
        let show = FileAction::ShowAt(session.id, FileTask::Report, Anchor::Results);
        panels.actions.push(Action::File(show));
    }
    files::popover::show(panels, session, &response, Anchor::Results, Side::AboveLeft);
}

/// The active tab.
fn front(session: &Session) -> Option<&'static Tab> {
    let id = session.places.drawer()?;
    TABS.iter().find(|tab| tab.id == id && (tab.is_there)(session))
}

/// The place of the drawer.
#[derive(Clone, Copy)]
pub struct Fit {
    /// Its height.
    pub height: f32,
    /// It covers the send area; otherwise it is above it.
    pub covers_composer: bool,
}

/// The place of the drawer if log and drawer share `room` points, above a send area of `composer` points; `None` if closed. The
/// drawer becomes lower before it covers the send area, and never leaves the log less than [`measure::LOG_LEAST`], as far as
/// there is room for both.
pub fn fit(session: &Session, room: f32, composer: f32) -> Option<Fit> {
    front(session)?;
    let covers_composer = composer > 0.0 && room < measure::LOG_LEAST + measure::DRAWER_LEAST;
    let (room, least) = if covers_composer { (room + composer, composer) } else { (room, measure::DRAWER_LEAST) };
    let wanted = session.places.drawer_height.unwrap_or(measure::DRAWER);
    let height = wanted.min(room - measure::LOG_LEAST).max(least).min(room).round();
    Some(Fit { height, covers_composer })
}

/// Opens the drawer at its last tab, or closes it.
pub fn toggle(session: &mut Session) {
    if front(session).is_some() {
        session.places.close_drawer();
        return;
    }
    let last = session.places.last_drawer();
    let tab = TABS.iter().filter(|tab| (tab.is_there)(session)).max_by_key(|tab| Some(tab.id) == last);
    if let Some(tab) = tab {
        session.places.show_drawer(tab.id);
    }
}

/// Draws the drawer into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let Some(tab) = front(session) else { return };
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (head, body) = rect.split_top_bottom_at_y(rect.top() + measure::DRAWER_TABS);
    ui.painter().rect_filled(head, 0.0, t.chrome);
    ui.painter().rect_filled(body, 0.0, t.canvas);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), head.bottom() - 1.0, t.soft);
    self::head(ui, panels, session, head, tab.id);
    within(ui, body, ("drawer", tab.id as u8), Layout::top_down(Align::Min), |ui| (tab.show)(ui, panels, session));
    if let Some(y) = edge::drag(ui, Edge::Top, rect, panels.text(Text::DrawerEdge)) {
        session.places.drawer_height = Some((rect.bottom() - y).max(measure::DRAWER_LEAST));
    }
}

/// Draws the tabs and the close button.
fn head(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, front: DrawerTab) {
    let close = within(ui, rect.shrink2(vec2(8.0, 0.0)), "close", Layout::right_to_left(Align::Center), |ui| {
        let close = IconButton::new(icons::X, panels.text(Text::CloseDrawer)).icon_size(measure::ICON_ROW);
        let close = ui.add(close.shortcut(panels.key(Command::Drawer)));
        if let Some(tools) = TABS.iter().find(|tab| tab.id == front).and_then(|tab| tab.tools) {
            tools(ui, panels, session);
        }
        (close, ui.min_rect().left())
    });
    let (close, tools_left) = close;
    let there: Vec<&Tab> = TABS.iter().filter(|tab| (tab.is_there)(session)).collect();
    let words: Vec<String> = there
        .iter()
        .map(|tab| match (tab.count)(session, panels.lang) {
            Some(count) => format!("{} {count}", panels.text(tab.label)),
            None => panels.text(tab.label).to_owned(),
        })
        .collect();
    let labels: Vec<TabLabel<'_>> = there
        .iter()
        .zip(&words)
        .map(|(tab, label)| TabLabel { label, name: panels.text(tab.label), front: tab.id == front, count: 0 })
        .collect();
    let row = rect.with_min_x(rect.left() + 4.0).with_max_x(tools_left);
    if let (Some(index), _) = tab_row::show(ui, row, &labels) {
        session.places.show_drawer(there[index].id);
    }
    if close.clicked() {
        find::list::leave(ui, session);
        session.places.close_drawer();
        ui.ctx().request_repaint();
    }
}
