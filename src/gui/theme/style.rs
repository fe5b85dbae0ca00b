//! egui's own style built from the tokens, so that egui's widgets match the hand-painted ones.

use crate::gui::theme::{Tokens, measure, medium, mono, ui_font};
use egui::epaint::FontColorTransferFunction;
use egui::style::{ScrollStyle, Selection, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{Color32, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Visuals, vec2};

pub(super) fn style(t: &Tokens) -> Style {
    // Without a graphics card each frame of an animation costs the CPU about 20 ms.
    let mut style = Style { visuals: visuals(t), animation_time: 0.0, ..Style::default() };
    style.text_styles = [
        (TextStyle::Body, ui_font(measure::TEXT)),
        (TextStyle::Button, ui_font(measure::TEXT)),
        (TextStyle::Heading, medium(measure::TEXT_TITLE)),
        (TextStyle::Small, ui_font(measure::TEXT_SMALL)),
        (TextStyle::Monospace, mono(measure::TEXT)),
    ]
    .into();
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(measure::GAP, measure::GAP);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(measure::CONTROL, measure::CONTROL);
    spacing.icon_width = 16.0;
    spacing.icon_spacing = 8.0;
    spacing.menu_margin = Margin::same(4);
    // Half a row at the end shows that the list continues.
    spacing.combo_height = 14.5 * measure::CONTROL;
    spacing.text_edit_width = 167.0;
    spacing.tooltip_width = 360.0;
    spacing.scroll = ScrollStyle { bar_width: 4.0, floating_width: 4.0, ..ScrollStyle::thin() };
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style.scroll_animation = egui::style::ScrollAnimation::none();
    style
}

fn visuals(t: &Tokens) -> Visuals {
    let mut v = if t.dark { Visuals::dark() } else { Visuals::light() };
    v.text_options.color_transfer_function = if t.dark {
        // The default thickens strokes until Chinese characters look bold beside Latin text.
        FontColorTransferFunction::Gamma(0.75)
    } else {
        FontColorTransferFunction::Off
    };
    v.widgets = widgets(t);
    v.selection = Selection { bg_fill: t.selection, stroke: Stroke::new(1.5, t.accent) };
    v.text_edit_bg_color = Some(t.canvas);
    v.extreme_bg_color = t.canvas;
    v.faint_bg_color = t.hover;
    v.code_bg_color = t.toggle_on;
    v.hyperlink_color = t.accent;
    v.warn_fg_color = t.warning;
    v.error_fg_color = t.error;
    v.weak_text_color = Some(t.faint);
    v.panel_fill = t.chrome;
    v.window_fill = t.popup;
    v.window_stroke = Stroke::new(1.0, t.line);
    v.window_corner_radius = CornerRadius::same(measure::RADIUS_POPUP);
    v.menu_corner_radius = CornerRadius::same(measure::RADIUS_POPUP);
    v.popup_shadow = Shadow { offset: [0, 4], blur: 12, spread: 0, color: t.shadow };
    v.window_shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: t.shadow };
    // A blinking caret repaints twice a second while a field has the focus: 7 % of a core in software rendering.
    v.text_cursor = TextCursorStyle { stroke: Stroke::new(1.5, t.accent), blink: false, ..TextCursorStyle::default() };
    v.striped = false;
    // Disabled controls are painted in their own colours, not faded.
    v.disabled_alpha = 1.0;
    v
}

fn widgets(t: &Tokens) -> Widgets {
    let state = |fill: Color32, edge: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, edge),
        corner_radius: CornerRadius::same(measure::RADIUS),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: state(t.chrome, t.soft, t.text),
        inactive: state(t.canvas, t.line, t.text),
        hovered: state(t.hover, t.line_hover, t.text),
        active: state(t.toggle_on, t.line_hover, t.text),
        open: state(t.hover, t.accent, t.text),
    }
}
