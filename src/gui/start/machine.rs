//! The lower part of the start page: what to enter on a device, the demonstration, keys.

use crate::gui::action::{Action, AppAction, ViewAction};
use crate::gui::context::{Panels, within};
use crate::gui::keys::Command;
use crate::gui::network::form;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, paint};
use crate::gui::{icons, sentences};
use crate::model::Protocol;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 28.0;
/// Left edge of what is behind the labels.
const CONTENT: f32 = 72.0;

/// The address of this machine, and the sentence about it.
pub fn this_machine(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let label = panels.text(Text::ThisMachine);
    let is_client = session.setup.protocol == Protocol::TcpClient;
    let wrong = if is_client { None } else { form::wrong_local(&session.setup) };
    let asked = session.setup.local_address.trim();
    let any = asked.is_empty() || asked == "0.0.0.0" || asked == "::";
    let address = if any || is_client { panels.addresses.first() } else { Some(asked.to_owned()) };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let y = rect.center().y;
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, label, font.clone(), t.muted);
    let left = rect.left() + CONTENT;
    let sentence = match (&address, wrong) {
        (_, Some(error)) => {
            let words = sentences::wrong_local(&error, panels.lang);
            paint::text_elided(ui.painter(), pos2(left, y), &words, font, t.error, rect.right() - left);
            words
        }
        (None, None) => {
            let words = panels.text(Text::NoNetwork);
            paint::text_elided(ui.painter(), pos2(left, y), words, font, t.muted, rect.right() - left);
            words.to_owned()
        }
        (Some(address), None) => {
            let mono = theme::mono(measure::TEXT);
            let place = paint::text(ui.painter(), pos2(left, y), paint::At::Left, address, mono, t.text);
            copy_button(ui, panels, address, pos2(place.right() + 16.0, y));
            let words = if is_client {
                String::new()
            } else if address.starts_with("127.") || address == "::1" {
                panels.text(Text::OnlyHere).to_owned()
            } else if let Some(port) = form::own_port(&session.setup) {
                panels.lang.texts().device_fills(address, port)
            } else {
                panels.lang.texts().device_fills_later(address)
            };
            let at = pos2(place.right() + 36.0, y);
            paint::text_elided(ui.painter(), at, &words, font, t.muted, rect.right() - at.x);
            format!("{label} {address} {words}")
        }
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.trim_end()));
}

fn copy_button(ui: &Ui, panels: &mut Panels<'_>, address: &str, centre: egui::Pos2) {
    let rect = Rect::from_center_size(centre, vec2(20.0, 20.0));
    let button = IconButton::new(icons::COPY, panels.text(Text::CopyAddress)).small(measure::ICON_ROW);
    if button.at(ui, rect, ui.scope_id().with("copy address")).clicked() {
        panels.actions.push(Action::View(ViewAction::CopyText(address.to_owned())));
    }
}

/// The link to the demonstration.
pub fn no_device(ui: &mut Ui, panels: &mut Panels<'_>) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(Text::NoDevice), font, t.muted);
    let link = Rect::from_min_max(pos2(rect.left() + CONTENT, rect.top()), rect.max);
    within(ui, link, "demo", Layout::left_to_right(Align::Center), |ui| {
        if ui.add(Button::link(panels.text(Text::OpenDemo))).clicked() {
            panels.actions.push(Action::App(AppAction::Demo));
        }
    });
}

/// Commands whose keys help most here, the most useful first.
const KEYS: [Command; 6] =
    [Command::Palette, Command::OpenOrClose, Command::Send, Command::KeySheet, Command::NewTab, Command::Left];

/// The keys that help most here, as the user has set them. Those without room are left out.
pub fn keys(ui: &mut Ui, panels: &Panels<'_>) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let (painter, y) = (ui.painter(), rect.center().y);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(painter, pos2(rect.left(), y), paint::At::Left, panels.text(Text::Keys), font.clone(), t.muted);
    let mut x = rect.left() + CONTENT;
    let mut spoken = panels.text(Text::Keys).to_owned();
    let keys = KEYS.map(|command| (panels.key(command), panels.lang.texts().command(command.id())));
    for (key, what) in keys.into_iter().filter(|(key, _)| !key.is_empty()) {
        let cap = paint::line(painter, key, theme::ui_font(measure::TEXT_SMALL), t.muted);
        let words = paint::line(painter, what, font.clone(), t.muted);
        let box_width = cap.size().x + 12.0;
        if x + box_width + 6.0 + words.size().x > rect.right() {
            break;
        }
        let place = Rect::from_min_size(pos2(x, y - 10.0), vec2(box_width, 20.0));
        paint::plate(painter, place, measure::RADIUS_CHECK, t.chrome, t.line);
        paint::put(painter, pos2(x + 6.0, y), paint::At::Left, measure::TEXT_SMALL, cap, t.muted);
        let end =
            paint::put(painter, pos2(x + box_width + 6.0, y), paint::At::Left, measure::TEXT_LABEL, words, t.muted);
        x = end.right() + 20.0;
        spoken.push_str(&format!(" {key} {what}"));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.as_str()));
}
