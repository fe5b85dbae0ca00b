//! The commands of the window in one table: id, names, icon, group, default keys. Shortcuts, palette, key sheet, and the hints in
//! menus and tooltips read it.

mod actions;
mod bindings;
mod command;
mod focus;
pub mod place;
pub mod sheet;
mod shortcut;

pub use bindings::Bindings;
pub use command::{Command, FIXED, Group};
pub use shortcut::Shortcut;
