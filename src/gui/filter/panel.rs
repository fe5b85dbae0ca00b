//! The filter controls: the quick choices of the toolbar, the popover with all conditions, and the strip below the log while a
//! filter is active or an index is built.

use crate::capture::items::KindFilter;
use crate::gui::action::{Action, ViewAction};
use crate::gui::context::{Panels, within};
use crate::gui::filter::form::FilterForm;
use crate::gui::filter::state::{Sift, SiftError};
use crate::gui::find::state::FindMode;
use crate::gui::icons;
use crate::gui::sentences;
use crate::gui::session::{NothingShown, Session};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{
    Button, Checkbox, Combo, Field, IconButton, ProgressBar, Segmented, Side, paint, popover, tooltip,
};
use crate::model::{Direction, PeerId, Protocol, display_address};
use crate::words::Text;
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of the list of peers.
const PEERS: f32 = 112.0;
/// Height of the strip.
pub const STRIP: f32 = 28.0;
/// Maximum number of peers in the list.
const PEERS_LISTED: usize = 200;

/// Draws direction and, if there can be more than one, peer.
pub fn quick(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    direction(ui, panels, &mut session.sift.form);
    if has_peers(session) {
        peer(ui, panels, session);
    }
}

/// False for a client, which has only one peer.
fn has_peers(session: &Session) -> bool {
    session.setup.protocol != Protocol::TcpClient
}

/// Width of both quick choices.
pub fn quick_width(session: &Session, lang: Lang) -> f32 {
    lang.texts().directions_width() + if has_peers(session) { PEERS + measure::GAP } else { 0.0 }
}

fn direction(ui: &mut Ui, panels: &Panels<'_>, form: &mut FilterForm) {
    let items = [
        (None, panels.text(Text::ShowBoth)),
        (Some(Direction::Received), panels.text(Text::ShowReceived)),
        (Some(Direction::Sent), panels.text(Text::ShowSent)),
    ];
    Segmented::new(panels.text(Text::FilterDirection), &items).show(ui, &mut form.typed.direction);
}

fn peer(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let peers = session.peers_to_filter(PEERS_LISTED);
    let mut rows: Vec<(Option<PeerId>, String)> = vec![(None, panels.text(Text::AllPeers).to_owned())];
    rows.extend(peers.into_iter().map(|(id, address)| (Some(id), format!("#{} {}", id.0, display_address(address)))));
    let chosen = session.sift.form.peer;
    if let Some(id) = chosen.filter(|id| rows.iter().all(|(row, _)| *row != Some(*id))) {
        rows.push((Some(id), format!("#{}", id.0)));
    }
    let items: Vec<(Option<PeerId>, &str)> = rows.iter().map(|(id, words)| (*id, words.as_str())).collect();
    Combo::new(panels.text(Text::FilterPeer)).width(PEERS).show(ui, &mut session.sift.form.peer, &items);
}

/// Width of the popover.
const POPOVER: f32 = 352.0;

/// Draws the filter button and the popover with all conditions. `with_quick`: include direction and peer in the popover.
pub fn button(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, with_quick: bool) {
    let is_on = session.sift.form.typed.bar || !session.sift.form.is_empty();
    let button = IconButton::new(icons::FUNNEL, panels.text(Text::Filter)).on(is_on);
    let response = ui.add_enabled(session.log.is_some(), button);
    let mut open = session.sift.form.typed.bar && session.log.is_some();
    if response.clicked() {
        open = !open;
        session.sift.wants_focus = open;
    }
    if open {
        let name = panels.text(Text::Filter);
        open =
            popover(&response, name, Side::Below, POPOVER, |ui| conditions(ui, panels, session, with_quick)).is_none();
    }
    session.sift.form.typed.bar = open;
}

/// Draws one condition per row.
fn conditions(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, with_quick: bool) {
    ui.spacing_mut().item_spacing = vec2(measure::GAP, measure::GAP);
    let row = |ui: &mut Ui, draw: &mut dyn FnMut(&mut Ui)| {
        ui.horizontal(|ui| {
            ui.set_min_height(measure::CONTROL);
            draw(ui);
        });
    };
    if with_quick {
        row(ui, &mut |ui| quick(ui, panels, session));
    }
    let sift = &mut session.sift;
    row(ui, &mut |ui| kind(ui, panels, &mut sift.form));
    row(ui, &mut |ui| len(ui, panels, &mut sift.form));
    row(ui, &mut |ui| time(ui, panels, &mut sift.form));
    row(ui, &mut |ui| bytes(ui, panels, &mut sift.form, &mut sift.wants_focus));
}

fn label(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
    paint::put(ui.painter(), pos2(rect.left(), rect.center().y), paint::At::Left, measure::TEXT_LABEL, galley, t.muted);
}

fn kind(ui: &mut Ui, panels: &Panels<'_>, form: &mut FilterForm) {
    let items = [
        (KindFilter::All, Text::KindAll),
        (KindFilter::Data, Text::KindData),
        (KindFilter::Events, Text::KindEvents),
        (KindFilter::Problems, Text::KindProblems),
        (KindFilter::BadChecks, Text::KindBad),
        (KindFilter::NoFrames, Text::KindJunk),
    ]
    .map(|(kind, text)| (kind, panels.text(text)));
    Combo::new(panels.text(Text::FilterKind)).width(124.0).show(ui, &mut form.typed.kind, &items);
}

fn len(ui: &mut Ui, panels: &Panels<'_>, form: &mut FilterForm) {
    label(ui, panels.text(Text::FilterLen));
    let reversed = form.is_len_reversed();
    let wrong = |text: &str| (FilterForm::len(text).is_err() || reversed).then_some("");
    let (least, most) = (wrong(&form.typed.least), wrong(&form.typed.most));
    let words = panels.text(if reversed { Text::LenReversed } else { Text::LenBad });
    let field = Field::new(&mut form.typed.least, panels.text(Text::LenLeast)).width(76.0).error(least);
    said(field.show(ui), least.is_some(), words);
    label(ui, "–");
    let field = Field::new(&mut form.typed.most, panels.text(Text::LenMost)).width(76.0).error(most);
    said(field.show(ui), most.is_some(), words);
}

fn time(ui: &mut Ui, panels: &Panels<'_>, form: &mut FilterForm) {
    label(ui, panels.text(Text::FilterTime));
    let (since, until) = (form.time(&form.typed.since).is_err(), form.time(&form.typed.until).is_err());
    let words = panels.text(Text::TimeBad);
    let field = Field::new(&mut form.typed.since, panels.text(Text::TimeSince)).hint("09:00").width(88.0);
    said(field.error(since.then_some("")).show(ui), since, words);
    label(ui, "–");
    let field = Field::new(&mut form.typed.until, panels.text(Text::TimeUntil)).hint("17:30:00").width(88.0);
    said(field.error(until.then_some("")).show(ui), until, words);
}

fn bytes(ui: &mut Ui, panels: &Panels<'_>, form: &mut FilterForm, wants_focus: &mut bool) {
    let error = form.pattern_error().map(|error| words::pattern_error(error, panels.lang));
    let field = Field::new(&mut form.typed.text, panels.text(Text::FilterBytes)).hint(panels.text(Text::FilterBytes));
    let response = field.icon(icons::FUNNEL_SIMPLE).width(160.0).error(error.as_ref().map(|_| "")).show(ui);
    if std::mem::take(wants_focus) {
        response.request_focus();
    }
    said(response, error.is_some(), error.as_deref().unwrap_or_default());
    let items = [
        (FindMode::Text, panels.text(Text::FindPlainShort)),
        (FindMode::Hex, panels.text(Text::FindHexShort)),
        (FindMode::Regex, panels.text(Text::FindRegexShort)),
    ];
    Combo::new(panels.text(Text::FilterBy)).width(76.0).show(ui, &mut form.typed.mode, &items);
    ui.add(Checkbox::new(&mut form.typed.inverted, panels.text(Text::FilterNot)));
}

/// Adds the error text of a marked field to its response.
fn said(response: egui::Response, is_wrong: bool, words: &str) {
    if is_wrong {
        tooltip(response, words, None);
    }
}

/// The strip has something to show.
pub fn has_strip(sift: &Sift) -> bool {
    let has_status = sift.progress().is_some() || sift.is_stopped() || sift.error().is_some();
    has_status || !sift.form.is_empty()
}

/// Draws the strip into all of `ui`.
pub fn strip(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0.0, t.chrome);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.soft);
    let id = session.id;
    // The empty page has its own button to reset the filter.
    let is_empty = session.nothing_shown() == Some(NothingShown::Filtered);
    let sift = &mut session.sift;
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let progress = sift.progress();
    let left = within(ui, inner, "buttons", Layout::right_to_left(Align::Center), |ui| {
        if !sift.form.is_empty() && !is_empty && ui.add(Button::ghost(panels.text(Text::ClearFilter))).clicked() {
            sift.form.clear();
            ui.ctx().request_repaint();
        }
        if sift.is_stopped() {
            if ui.add(Button::ghost(panels.text(Text::ResumeIndex))).clicked() {
                panels.actions.push(Action::View(ViewAction::StopIndex(id, false)));
            }
        } else if progress.is_some() && ui.add(Button::ghost(panels.text(Text::StopIndex))).clicked() {
            panels.actions.push(Action::View(ViewAction::StopIndex(id, true)));
        }
        if let Some(done) = progress {
            ui.add(ProgressBar::new(panels.text(Text::Progress), Some(done)).width(96.0));
        }
        ui.min_rect().left()
    });
    let (words, colour) = match sift.error() {
        Some(SiftError::Pattern(error)) => (words::pattern_error(error, panels.lang), t.error),
        Some(SiftError::Write(error)) => (sentences::index_failed(error, panels.lang), t.error),
        None => {
            // The counts are in the toolbar.
            let mut words = String::new();
            if sift.filters() {
                panels.lang.texts().filter_is_on().clone_into(&mut words);
            }
            if let Some(done) = progress {
                words = sentences::indexing(&words, done, panels.lang);
            }
            (words, t.muted)
        }
    };
    let at = pos2(inner.left(), rect.center().y);
    let room = left - measure::GAP - inner.left();
    paint::text_elided(ui.painter(), at, &words, theme::ui_font(measure::TEXT_SMALL), colour, room);
    let place = Rect::from_min_max(inner.min, pos2(inner.left() + room.max(1.0), inner.bottom()));
    let response = ui.interact(place, ui.scope_id().with("counts"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    tooltip(response, &words, None);
}
