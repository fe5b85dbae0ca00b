//! The context menu of a widget: by right click, or from the keyboard by the Menu key and Shift+F10.

use egui::{Key, Modifiers, Popup, Pos2, Response};

/// The context menu of `response`. A key opens it at `at`, if the widget has the focus.
pub fn context_menu(response: &Response, at: Pos2) -> Popup<'static> {
    let (ctx, id) = (&response.ctx, Popup::default_response_id(response));
    let by_key = response.has_focus() && !Popup::is_any_open(ctx) && ctx.input_mut(pressed);
    if by_key {
        ctx.data_mut(|data| data.insert_temp(id, at));
        Popup::open_id(ctx, id);
    } else if response.secondary_clicked() || !Popup::is_id_open(ctx, id) {
        ctx.data_mut(|data| data.remove::<Pos2>(id));
    }
    let menu = Popup::context_menu(response);
    match ctx.data(|data| data.get_temp::<Pos2>(id)) {
        Some(at) => menu.at_position(at),
        None => menu,
    }
}

/// Takes the keys that open a context menu.
fn pressed(input: &mut egui::InputState) -> bool {
    input.consume_key(Modifiers::SHIFT, Key::F10) || input.consume_key(Modifiers::NONE, Key::Menu)
}

/// Whether one of the keys that open a context menu is pressed. They stay for the menu.
pub fn opens_context_menu(input: &egui::InputState) -> bool {
    input.key_pressed(Key::Menu) || input.modifiers.shift && input.key_pressed(Key::F10)
}
