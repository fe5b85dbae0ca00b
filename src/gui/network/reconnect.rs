//! Connecting again: the options of a client, the offer in a banner, and how long it still waits.

use crate::engine::Command;
use crate::gui::action::{Action, SessionAction};
use crate::gui::context::Panels;
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::session::Session;
use crate::gui::widgets::{Banner, BannerAnswer, BannerKind, Checkbox, Field, form_row as row};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, Protocol, SessionState};
use crate::words::{self, Lang, Text};
use egui::Ui;
use std::time::Duration;

/// Whether an option is wrong, so that it must be visible.
pub fn is_wrong(session: &Session) -> bool {
    [At::ReconnectFirst, At::ReconnectLongest, At::ReconnectTries].iter().any(|at| session.errors.get(*at).is_some())
}

/// Draws the options of a client. They can be changed at any time.
pub fn options(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let texts = panels.lang.texts();
    let mut changed = ui.add(Checkbox::new(&mut session.setup.reconnect.is_on, texts.reconnect())).changed();
    if session.setup.reconnect.is_on {
        for at in [At::ReconnectFirst, At::ReconnectLongest, At::ReconnectTries] {
            changed |= number(ui, panels, session, at);
        }
    }
    if changed {
        apply(session);
    }
}

fn number(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, at: At) -> bool {
    let texts = panels.lang.texts();
    let error = session.errors.get(at).map(|error| error.words(panels.lang));
    let setup = &mut session.setup.reconnect;
    let (text, (label, name), hint) = match at {
        At::ReconnectFirst => (&mut setup.first, texts.first_wait(), ""),
        At::ReconnectLongest => (&mut setup.longest, texts.longest_wait(), texts.as_first_wait()),
        _ => (&mut setup.tries, texts.reconnect_tries(), texts.no_limit()),
    };
    let mut changed = false;
    row(ui, label, |ui, width| {
        changed = Field::new(text, name).hint(hint).width(width).error(error.as_deref()).show(ui).changed();
    });
    changed
}

/// Passes the options to a session that is open or waits, and marks what is wrong.
fn apply(session: &mut Session) {
    for at in [At::ReconnectFirst, At::ReconnectLongest, At::ReconnectTries] {
        session.errors.clear(at);
    }
    match form::reconnect(&session.setup.reconnect) {
        Ok(policy) if session.state.is_active() => session.command(Command::SetReconnect(policy)),
        Ok(_) => {}
        Err(errors) => session.errors.extend(errors),
    }
}

/// Switches it on for a session that is closed; what is wrong in the options gets its default.
pub fn switch_on(session: &mut Session) {
    let setup = &mut session.setup.reconnect;
    setup.is_on = true;
    if form::reconnect(setup).is_err() {
        *setup = crate::settings::ReconnectSetup { is_on: true, ..Default::default() };
    }
}

/// The label of the button that switches it on, after an error that another attempt may not meet.
pub fn offer_after(session: &Session, error: &NetError, lang: Lang) -> Option<String> {
    let may_pass = !matches!(error.kind, ErrorKind::Invalid | ErrorKind::NotOneHost);
    (matches!(error.operation, Operation::Connect | Operation::Resolve) && may_pass)
        .then(|| offer(session, lang))
        .flatten()
}

/// The label of the button that switches it on; `None`: not a client.
pub fn offer(session: &Session, lang: Lang) -> Option<String> {
    if session.setup.protocol != Protocol::TcpClient || session.state.is_active() {
        return None;
    }
    let setup = crate::settings::ReconnectSetup { is_on: true, ..session.setup.reconnect.clone() };
    let policy = form::reconnect(&setup).ok().flatten();
    let second = Duration::from_secs(2);
    let (first, longest) = policy.map_or((second, second), |policy| (policy.first, policy.longest));
    let ms = |wait: Duration| words::wait(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX), lang);
    Some(if first == longest {
        lang.texts().reconnect_every(&ms(first))
    } else {
        lang.texts().reconnect_between(&ms(first), &ms(longest))
    })
}

/// How a client lost its connection, while nothing else is reported and nobody has dismissed it.
pub fn lost(session: &Session) -> Option<CloseReason> {
    let SessionState::Closed(reason) = session.state else { return None };
    let is_lost = matches!(reason, CloseReason::PeerFin | CloseReason::Reset | CloseReason::Timeout);
    let is_client = session.setup.protocol == Protocol::TcpClient && session.archive.is_none();
    let is_unreported = session.failures.of_run().is_none() && session.failures.banner().is_none();
    (is_lost && is_client && is_unreported && !session.lost_dismissed).then_some(reason)
}

/// The banner of a lost connection, which `show` draws.
pub fn lost_banner(
    panels: &mut Panels<'_>,
    session: &Session,
    reason: CloseReason,
    show: impl FnOnce(Banner<'_>) -> Option<BannerAnswer>,
) {
    let texts = panels.lang.texts();
    let Some(offer) = offer(session, panels.lang) else { return };
    let kind = if reason == CloseReason::PeerFin { BannerKind::Info } else { BannerKind::Warning };
    let banner = Banner {
        kind,
        title: texts.connection_lost(),
        cause: words::close_reason(reason, panels.lang),
        actions: &[&offer, panels.text(Text::Connect)],
        close_name: panels.text(Text::Dismiss),
    };
    let action = match show(banner) {
        Some(BannerAnswer::Closed) => SessionAction::DismissLost(session.id),
        Some(BannerAnswer::Action(0)) => SessionAction::Reconnect(session.id),
        Some(BannerAnswer::Action(_)) => SessionAction::Open(session.id),
        None => return,
    };
    panels.actions.push(Action::Session(action));
}
