//! The window: everything with egui. [`run`] opens it; [`App`] is the application behind it, which tests drive without a window.
//!
//! From bottom to top: `theme` and `widgets`; `log`, the traffic view; `action`, what can be done; `session`, one tab; a folder for
//! each feature (`network`, `send`, `find`, …) with its state, panel and actions; `frame`, the places of the window; `app`, which
//! drains events, draws and carries out actions. Nothing here touches sockets, capture files or threads: that is `engine`, `capture`
//! and `jobs`.

mod action;
mod advice;
mod app;
mod captures;
mod compare;
mod context;
mod dialogs;
mod facts;
mod files;
mod filter;
mod find;
mod frame;
mod framing;
pub mod highlights;
pub mod icons;
mod inspector;
mod keys;
pub mod log;
mod network;
mod palette;
mod passes;
mod quick;
mod replies;
mod run;
mod send;
mod sentences;
mod session;
mod settings_page;
mod start;
mod tabs;
mod talk;
pub mod theme;
mod timing;
mod trace;
pub mod widgets;
mod window;

pub use app::{App, Boot};
pub use dialogs::{Ask, Picker};
pub use window::{refuse, run};
