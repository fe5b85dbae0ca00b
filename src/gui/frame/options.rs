//! Receive and send settings: how bytes are shown, and how text becomes bytes. They stay live while the session is open.

use crate::codec::wrap::{Appended, Tail};
use crate::codec::{Checksum, ChecksumKind, Encoding, Wrap};
use crate::gui::context::Panels;
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Checkbox, Combo, Field, Segmented, form_row as row, paint};
use crate::lines::ViewMode;
use crate::settings::SavedRule;
use crate::words::Text;
use egui::{Sense, Ui, pos2, vec2};

/// Draws the receive settings.
pub fn receive(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rules: &[SavedRule]) {
    let setup = &mut session.setup;
    row(ui, panels.text(Text::View), |ui, width| {
        let items = [
            (ViewMode::Text, panels.text(Text::Plain)),
            (ViewMode::Hex, panels.text(Text::AsHex)),
            (ViewMode::Dump, panels.text(Text::AsDump)),
        ];
        Segmented::new(panels.text(Text::View), &items).width(width).show(ui, &mut setup.view);
    });
    row(ui, panels.text(Text::Encoding), |ui, width| {
        let items: Vec<(Encoding, &str)> = Encoding::all().iter().map(|e| (*e, e.label())).collect();
        Combo::new(panels.text(Text::Encoding)).width(width).show(ui, &mut setup.encoding, &items);
    });
    crate::gui::framing::choices::show(ui, panels, session, rules);
}

/// Draws the send settings.
pub fn send(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let (setup, send) = (&mut session.setup, &mut session.send);
    row(ui, panels.text(Text::SendFormatShort), |ui, width| {
        let items = [(false, panels.text(Text::PlainFormat)), (true, panels.text(Text::FormatOfHex))];
        let mut hex = setup.send_hex;
        Segmented::new(panels.text(Text::SendFormat), &items).width(width).show(ui, &mut hex);
        send.set_hex(hex, setup);
    });
    row(ui, panels.text(Text::Append), |ui, width| {
        let mut items = vec![
            (Wrap::default(), panels.text(Text::AppendNone)),
            (Wrap::ending(Tail::Cr), panels.text(Text::AppendCr)),
            (Wrap::ending(Tail::Lf), panels.text(Text::AppendLf)),
            (Wrap::ending(Tail::CrLf), panels.text(Text::AppendCrLf)),
        ];
        let kind = |sum: Checksum| {
            ChecksumKind::by_name(sum.name()).map(|kind| (Wrap::checked(Appended::new(kind)), sum.name()))
        };
        items.extend(Checksum::ALL.into_iter().filter_map(kind));
        Combo::new(panels.text(Text::Append)).width(width).show(ui, &mut setup.wrap, &items);
    });
    repeat(ui, panels, session);
    let setup = &mut session.setup;
    let pitch = ui.spacing().item_spacing.y;
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.add_enabled(!setup.send_hex, Checkbox::new(&mut setup.escapes, panels.text(Text::Escapes)));
    ui.add(Checkbox::new(&mut setup.clear_after_send, panels.text(Text::ClearAfterSend)));
    ui.spacing_mut().item_spacing.y = pitch;
}

fn repeat(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let error = session.errors.get(At::Interval).map(|error| error.words(panels.lang));
    let mut edited = false;
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let left = ui.cursor().left();
        let checkbox = Checkbox::new(&mut session.send.repeat, panels.text(Text::RepeatShort));
        let toggled = ui.add(checkbox.name(panels.text(Text::Repeat))).changed();
        ui.add_space((left + measure::SIDE_FIELD_X - measure::SIDE_PADDING - ui.cursor().left()).max(8.0));
        let field = Field::new(&mut session.setup.interval_ms, panels.text(Text::Interval))
            .width(if ui.available_width() < 160.0 { 64.0 } else { 72.0 });
        let running = session.send.active.as_ref().is_some_and(|active| active.repeats);
        let field = field.error(error.as_ref().map(|_| ""));
        edited = ui.add_enabled_ui(session.send.repeat && !running, |ui| field.show(ui).changed()).inner || toggled;
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CONTROL), Sense::hover());
        let font = theme::ui_font(measure::TEXT_LABEL);
        let y = rect.center().y;
        // One phrase behind the field: apart from it, at the edge, the words looked like something to click.
        let words = panels.text(Text::NoLimit);
        paint::text_elided(ui.painter(), pos2(rect.left() + 8.0, y), words, font, t.muted, rect.width() - 8.0);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, words));
    });
    if edited {
        session.errors.clear(At::Interval);
        // Without a repeat nothing is wrong with an interval.
        if session.send.repeat
            && let Err(error) = form::interval(&session.setup.interval_ms)
        {
            session.errors.set(At::Interval, error);
        }
    }
    if let Some(error) = error {
        let font = theme::ui_font(measure::TEXT_LABEL);
        let galley = ui.painter().layout(error.clone(), font, t.error, ui.available_width());
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y), Sense::hover());
        ui.painter().galley(rect.min, galley, t.error);
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, error.as_str()));
    }
}
