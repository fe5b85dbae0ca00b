//! One session's pane: toolbar, log, dock and drawer, banners, send area.

use crate::capture::CaptureReader;
use crate::gui::action::{Action, AppAction, SessionAction};
use crate::gui::context::{Panels, within};
use crate::gui::frame::edge::{self, Edge};
use crate::gui::frame::places::Cover;
use crate::gui::frame::{dock, drawer, from_log, toolbar};
use crate::gui::inspector::state::Inspector;
use crate::gui::keys::place::{Place, mark};
use crate::gui::log::LogOptions;
use crate::gui::network::{form, reconnect, tls};
use crate::gui::send::panel as send;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Banner, BannerAnswer, BannerKind};
use crate::gui::{advice, quick, start};
use crate::model::{ErrorKind, NetError, Operation, Protocol, SessionState};
use crate::settings::SessionSetup;
use crate::words;
use crate::words::Text;
use egui::{Align, Layout, Rect, Ui};

/// Draws the pane into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, focused: bool, split: bool) {
    ui.spacing_mut().item_spacing = egui::vec2(measure::GAP, measure::GAP);
    let mut pane = Pane { id: session.id.0, focused, rest: ui.max_rect() };
    let drawer = pane.foot(ui, panels, session, split);
    // Painted once for everything on it; the parts below use the window's background.
    ui.painter().rect_filled(pane.rest, 0.0, theme::tokens(ui).canvas);
    let blank = session.is_blank() && session.archive.is_none();
    if let Some(shown) = &session.log
        && pane.rest.width() >= measure::INSPECTOR_BY_ITSELF
        && Inspector::wanted_for(shown)
    {
        session.places.offer_inspector();
    }
    let dock_width = dock::width(session);
    let is_low = pane.rest.height() < measure::DOCK_LOW && dock_width >= Some(measure::DOCK_WIDE);
    // The page of a new session needs more room beside it than a log.
    let least = if blank { measure::INSPECTOR_BY_ITSELF } else { measure::DOCK_BESIDE };
    let is_wide = ui.ctx().content_rect().width() >= measure::DOCK_BESIDE_WINDOW;
    let is_beside = is_wide && pane.rest.width() >= least && !is_low;
    session.places.over_composer = match drawer {
        _ if dock_width.is_some() && is_low => Some(Cover::Dock),
        Some(fit) if fit.covers_composer => Some(Cover::Drawer),
        _ => None,
    };
    if let Some(width) = dock_width.filter(|_| is_beside) {
        let right = cut_right(&mut pane.rest, width);
        pane.part(ui, Place::Dock, "dock", right, |ui| dock::show(ui, panels, session));
    }
    if !blank {
        let top = cut_top(&mut pane.rest, measure::TOOLBAR);
        pane.part(ui, Place::Toolbar, "toolbar", top, |ui| toolbar::show(ui, panels, session));
    }
    let below_toolbar = pane.rest;
    if let Some(fit) = drawer.filter(|fit| !fit.covers_composer) {
        let bottom = cut_bottom(&mut pane.rest, fit.height);
        pane.part(ui, Place::Drawer, "drawer", bottom, |ui| drawer::show(ui, panels, session));
    }
    let above_drawer = pane.rest;
    pane.middle(ui, panels, session, blank);
    if let Some(width) = dock_width.filter(|_| !is_beside) {
        let bottom = match above_drawer.height() {
            _ if is_low => ui.max_rect().bottom(),
            // Otherwise it would hide the end of the drawer with its close button.
            height if height >= measure::DOCK_ABOVE_DRAWER => above_drawer.bottom(),
            _ => below_toolbar.bottom(),
        };
        let room = below_toolbar.with_max_y(bottom);
        let least = ui.ctx().content_rect().left() + measure::MARGIN;
        let place = room.with_min_x((room.right() - width).max(least));
        pane.over(ui, Place::Dock, "dock", place, |ui| dock::show(ui, panels, session));
    }
}

/// A pane while it is drawn.
struct Pane {
    /// Makes ids unique.
    id: u64,
    focused: bool,
    /// What is left of its area.
    rest: Rect,
}

impl Pane {
    /// Draws a part of the pane into `rect`.
    fn part(&self, ui: &mut Ui, place: Place, salt: &'static str, rect: Rect, draw: impl FnOnce(&mut Ui)) {
        self.mark(ui, place, rect);
        within(ui, rect, (salt, self.id), Layout::top_down(Align::Min), draw);
    }

    /// Draws a part above the others, which receive no pointer events there.
    fn over(&self, ui: &Ui, place: Place, salt: &'static str, rect: Rect, draw: impl FnOnce(&mut Ui)) {
        self.mark(ui, place, rect);
        let area = egui::Area::new(ui.scope_id().with((salt, self.id))).order(egui::Order::Middle).fixed_pos(rect.min);
        area.constrain(false).show(ui.ctx(), |ui| {
            ui.set_clip_rect(rect);
            let mut child = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::top_down(Align::Min)));
            draw(&mut child);
            ui.allocate_rect(rect, egui::Sense::hover());
        });
    }

    fn mark(&self, ui: &Ui, place: Place, rect: Rect) {
        if self.focused {
            mark(ui.ctx(), place, rect);
        }
    }

    /// Draws the send area and the file strip, and the drawer if it covers the send area. Returns the place of the drawer.
    fn foot(
        &mut self,
        ui: &mut Ui,
        panels: &mut Panels<'_>,
        session: &mut Session,
        split: bool,
    ) -> Option<drawer::Fit> {
        let (whole, focused) = (self.rest, self.focused);
        let room = whole.height();
        if session.archive.is_none() {
            let chips = quick::chips::height(session);
            if chips > 0.0 {
                let place = cut_bottom(&mut self.rest, chips).shrink2(egui::vec2(measure::MARGIN, 0.0));
                self.mark(ui, Place::Chips, place);
                within(ui, place, ("chips", self.id), Layout::top_down(Align::Min), |ui| {
                    quick::chips::show(ui, panels, session);
                });
            }
            let bottom = cut_bottom(&mut self.rest, send::height(session, room));
            self.mark(ui, Place::Strip, bottom);
            let below_strip = bottom.with_min_y(bottom.top() + measure::SEND_STRIP);
            self.mark(ui, Place::Box, below_strip);
            within(ui, bottom, ("send", self.id), Layout::top_down(Align::Min), |ui| {
                send::show(ui, panels, session, focused, split);
                if let Some(y) = edge::drag(ui, Edge::Top, bottom, panels.text(Text::ComposerEdge)) {
                    send::set_height(session, bottom.bottom() - y, room);
                }
            });
        }
        let composer = whole.bottom() - self.rest.bottom();
        let shared = self.rest.height() - measure::TOOLBAR;
        let fit = session.log.is_some().then(|| drawer::fit(session, shared, composer)).flatten();
        if let Some(fit) = fit.filter(|fit| fit.covers_composer) {
            cut_bottom(&mut self.rest, fit.height - composer);
            let place = whole.with_min_y(self.rest.bottom());
            self.over(ui, Place::Drawer, "drawer", place, |ui| drawer::show(ui, panels, session));
        }
        fit
    }

    /// Draws the log, or the page of a new session, with what is below it.
    fn middle(&mut self, ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, blank: bool) {
        let (down, focused) = (Layout::top_down(Align::Min), self.focused);
        if session.log.is_some() && session.advice.shown.is_some() {
            let bottom = cut_bottom(&mut self.rest, advice::panel::HEIGHT);
            within(ui, bottom, ("advice", self.id), down, |ui| advice::panel::show(ui, panels, session));
        }
        notes(ui, panels, session, focused, &mut self.rest);
        if session.log.is_some() {
            self.part(ui, Place::Log, "log", self.rest, |ui| log(ui, panels, session));
        }
        if blank {
            within(ui, self.rest, ("empty", self.id), down, |ui| start::page::show(ui, panels, session, focused));
        }
    }
}

/// Draws banners and strips below the rows, so that nothing above them moves. Takes their space from `rest`.
fn notes(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, focused: bool, rest: &mut Rect) {
    let down = Layout::top_down(Align::Min);
    let id = session.id.0;
    if focused && let Some((title, cause)) = panels.notice.clone() {
        notice(ui, panels, rest, (&title, &cause), id);
    }
    if let Some(error) = session.failures.banner().cloned() {
        failure(ui, panels, session, rest, &error);
    }
    if let Some(reason) = reconnect::lost(session) {
        reconnect::lost_banner(panels, session, reason, |shown| banner(ui, rest, ("lost", id), shown));
    }
    if let Some(sha256) = session.unchecked_certificate.clone() {
        tls::strip(panels, session, &sha256, |shown| banner(ui, rest, ("certificate", id), shown));
    }
    let reader = session.reader();
    if !session.unread_dismissed && reader.is_some_and(CaptureReader::left_files_unread) {
        unread(ui, panels, session, rest);
    }
    if session.log.is_some() && crate::gui::filter::panel::has_strip(&session.sift) {
        let place = cut_bottom(rest, crate::gui::filter::panel::STRIP);
        within(ui, place, ("sift", id), down, |ui| crate::gui::filter::panel::strip(ui, panels, session));
    }
}

fn cut_top(rest: &mut Rect, height: f32) -> Rect {
    let (top, below) = rest.split_top_bottom_at_y((rest.top() + height).min(rest.bottom()));
    *rest = below;
    top
}

fn cut_bottom(rest: &mut Rect, height: f32) -> Rect {
    let (above, bottom) = rest.split_top_bottom_at_y((rest.bottom() - height).max(rest.top()));
    *rest = above;
    bottom
}

fn cut_right(rest: &mut Rect, width: f32) -> Rect {
    let (left, right) = rest.split_left_right_at_x((rest.right() - width).max(rest.left()));
    *rest = left;
    right
}

/// Draws a banner at the bottom of `rest` and takes its space.
fn banner(ui: &mut Ui, rest: &mut Rect, salt: (&'static str, u64), banner: Banner<'_>) -> Option<BannerAnswer> {
    let place = cut_bottom(rest, banner.height(ui, rest.width()));
    within(ui, place, salt, Layout::top_down(Align::Min), |ui| banner.show(ui))
}

fn notice(ui: &mut Ui, panels: &mut Panels<'_>, rest: &mut Rect, (title, cause): (&str, &str), id: u64) {
    let close_name = panels.text(Text::Dismiss);
    let shown = Banner { kind: BannerKind::Warning, title, cause, actions: &[], close_name };
    if banner(ui, rest, ("notice", id), shown).is_some() {
        panels.actions.push(Action::App(AppAction::DismissNotice));
    }
}

/// Draws the banner about a capture with references to files that were not read.
fn unread(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, rest: &mut Rect) {
    let (title, close_name) = (words::files_left_unread(panels.lang), panels.text(Text::Dismiss));
    let actions = [panels.text(Text::ReadSentFiles)];
    let shown = Banner { kind: BannerKind::Warning, title, cause: "", actions: &actions, close_name };
    let action = match banner(ui, rest, ("unread", session.id.0), shown) {
        Some(BannerAnswer::Closed) => SessionAction::DismissUnread(session.id),
        Some(BannerAnswer::Action(_)) => SessionAction::FollowFiles(session.id),
        None => return,
    };
    panels.actions.push(Action::Session(action));
}

/// Draws the banner of the last error with its actions.
fn failure(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, rest: &mut Rect, error: &NetError) {
    let (title, cause) = words::error_parts(error, panels.lang);
    let cause = port_user(session, error, panels.lang).unwrap_or(cause);
    let next_port = next_port(&session.setup, error, session.other_port).filter(|_| !session.state.is_active());
    let mut choices: Vec<(String, SessionAction)> = Vec::new();
    if let Some(port) = next_port {
        choices.push((panels.lang.texts().use_port(port), SessionAction::OpenOnPort(session.id, port)));
    }
    if let Some(offer) = reconnect::offer_after(session, error, panels.lang) {
        choices.push((offer, SessionAction::Reconnect(session.id)));
    }
    match &session.state {
        SessionState::Waiting { .. } => {
            choices.push((panels.text(Text::StopReconnecting).to_owned(), SessionAction::Close(session.id)));
        }
        state if state.is_active() => {}
        _ => choices.push((panels.text(Text::Retry).to_owned(), SessionAction::Open(session.id))),
    }
    let actions: Vec<&str> = choices.iter().map(|(label, _)| label.as_str()).collect();
    let kind = if session.state.is_active() { BannerKind::Warning } else { BannerKind::Error };
    let close_name = panels.text(Text::Dismiss);
    let shown = Banner { kind, title: &title, cause: &cause, actions: &actions, close_name };
    let action = match banner(ui, rest, ("failure", session.id.0), shown) {
        Some(BannerAnswer::Closed) => Some(SessionAction::DismissFailure(session.id)),
        Some(BannerAnswer::Action(index)) => choices.get(index).map(|(_, action)| *action),
        None => None,
    };
    panels.actions.extend(action.map(Action::Session));
}

/// Which program has the port that the session wanted, as far as known.
fn port_user(session: &Session, error: &NetError, lang: crate::words::Lang) -> Option<String> {
    let (port, user) = session.port_user.as_ref()?;
    let is_it = error.kind == ErrorKind::AddressInUse && form::own_port(&session.setup) == Some(*port);
    let words = if user.is_this_program() {
        lang.texts().port_used_here(*port)
    } else {
        lang.texts().port_used_by(*port, &user.name, user.pid)
    };
    is_it.then_some(words)
}

/// Suggests another port if the local port caused the error. `other`: a port that was in use, and
/// the next one that is free.
fn next_port(setup: &SessionSetup, error: &NetError, other: Option<(u16, u16)>) -> Option<u16> {
    let ours = matches!(error.operation, Operation::Listen | Operation::Bind);
    let port = form::own_port(setup).filter(|_| ours)?;
    match error.kind {
        ErrorKind::AddressInUse => other.filter(|(refused, _)| *refused == port).map(|(_, free)| free),
        // Ports below 1024 are privileged; 8080 is the usual alternative.
        ErrorKind::Permission if port < 1024 => Some(8080),
        _ => None,
    }
}

fn log(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let id = session.id;
    let options = LogOptions {
        lang: panels.lang,
        mode: session.setup.view,
        encoding: session.setup.encoding,
        columns: session.setup.columns,
        show_peers: session.setup.protocol != Protocol::TcpClient,
    };
    let Some(log) = &mut session.log else { return };
    log.set_base(panels.compare_base.clone());
    let rect = ui.max_rect();
    let actions = log.show(ui, id.0, &options);
    from_log::take(panels, session, actions);
    crate::gui::frame::nothing::show(ui, panels, session, rect);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_suggests_a_free_one() {
        let error = |operation, kind| NetError::new(operation, kind, "", "");
        let setup =
            |protocol, port: &str| SessionSetup { protocol, local_port: port.into(), ..SessionSetup::default() };
        let in_use = ErrorKind::AddressInUse;
        for (setup, error, other, port) in [
            (setup(Protocol::TcpServer, "8080"), error(Operation::Listen, in_use), Some((8080, 8083)), Some(8083)),
            (setup(Protocol::TcpServer, "8080"), error(Operation::Listen, in_use), None, None),
            // The port was edited in the meantime.
            (setup(Protocol::TcpServer, "8090"), error(Operation::Listen, in_use), Some((8080, 8083)), None),
            (setup(Protocol::Udp, "65535"), error(Operation::Bind, in_use), None, None),
            (setup(Protocol::TcpServer, "80"), error(Operation::Listen, ErrorKind::Permission), None, Some(8080)),
            (setup(Protocol::TcpClient, "8080"), error(Operation::Bind, in_use), None, None),
            (setup(Protocol::TcpClient, "8080"), error(Operation::Connect, ErrorKind::Refused), None, None),
        ] {
            assert_eq!(next_port(&setup, &error, other), port, "{error:?}");
        }
    }
}
