//! The controls of the window. They are painted by hand where egui's own would not match the design. Each has an accessible name
//! (separate from its label; screen readers and tests use the same name), a keyboard focus ring, a disabled state
//! (`ui.disable()` / `ui.add_enabled`), and both themes.

mod banner;
mod button;
mod checkbox;
mod combo;
mod context_menu;
mod dialog;
mod field;
mod focus;
mod group;
mod key_caps;
mod lamp;
mod menu;
pub mod paint;
mod popover;
mod progress;
mod segmented;
mod status_chip;
mod switch;
mod toast;

pub use banner::{Banner, BannerAnswer, BannerKind};
pub use button::{Button, IconButton};
pub use checkbox::Checkbox;
pub use combo::{Combo, EditableCombo, LIST_BUTTON, list_button};
pub(in crate::gui) use context_menu::{context_menu, opens_context_menu};
pub use dialog::{dialog, overlay};
pub use field::Field;
pub use focus::focus_later;
pub(in crate::gui) use focus::take_focus;
pub use group::{GroupHeader, form_label, form_row};
pub use key_caps::key_caps;
pub use lamp::{Lamp, lamp};
pub use menu::{MenuItem, list_height, menu_hairline, menu_rows, popup_frame, tooltip};
pub use popover::{Closed, Side, popover};
pub use progress::{Chip, ProgressBar};
pub use segmented::Segmented;
pub use status_chip::{Clicked, StatusChip};
pub use switch::Switch;
pub use toast::{Toasts, Tone};
