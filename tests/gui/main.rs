//! The window's tests (egui_kittest): driven by accessible names, over real captures and sockets.

mod log;
mod widgets;
