//! The strip below the log that suggests another encoding.

use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, paint};
use crate::model::Protocol;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the strip.
pub const HEIGHT: f32 = 32.0;

/// Draws the strip into all of `ui`; nothing without advice.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let Some((peer, encoding)) = session.advice.shown else { return };
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    ui.painter().rect_filled(rect, 0.0, t.hover);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.soft);
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let mut answer = None;
    let left = within(ui, inner, "buttons", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if ui.add(IconButton::new(icons::X, panels.text(Text::Dismiss)).small(measure::ICON_SMALL)).clicked() {
            answer = Some(session.setup.encoding);
        }
        let label = panels.lang.texts().use_encoding(encoding.label());
        if ui.add(Button::ghost(&label)).clicked() {
            answer = Some(encoding);
        }
        ui.min_rect().left()
    });
    let named = (session.setup.protocol != Protocol::TcpClient).then_some(peer.0);
    let words = sentences::looks_like(named, session.setup.encoding, encoding, panels.lang);
    let at = pos2(inner.left(), rect.center().y);
    let room = (left - measure::GAP - inner.left()).max(1.0);
    paint::text_elided(ui.painter(), at, &words, theme::ui_font(measure::TEXT_LABEL), t.muted, room);
    let place = Rect::from_min_max(inner.min, pos2(inner.left() + room, inner.bottom()));
    let response = ui.interact(place, ui.scope_id().with("advice"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    if let Some(chosen) = answer {
        session.setup.encoding = chosen;
        session.advice.shown = None;
        ui.ctx().request_repaint();
    }
}
