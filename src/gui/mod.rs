//! The window: everything with egui. [`run`] opens it; [`App`] is the application behind it, which tests drive without a window.
//!
//! `app` holds state and does what was asked; `panels` draw and queue actions; `session` is one tab; `log`, `hit_list`, `widgets` and
//! `theme` are what panels are made of. Nothing here touches sockets, capture files or threads: that is `engine`, `capture` and `jobs`.

mod app;
mod dialogs;
pub mod highlight;
mod hit_list;
pub mod icons;
pub mod log;
mod panels;
mod sentences;
mod session;
pub mod theme;
pub mod widgets;
mod window;

pub use app::{App, Boot};
pub use dialogs::{Ask, Picker};
pub use window::{refuse, run};
