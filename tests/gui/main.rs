//! The window's tests (egui_kittest): driven by accessible names, over real captures and sockets.

mod errors;
mod fonts;
mod log;
mod looks;
mod remembering;
mod sending;
mod support;
mod tasks;
mod widgets;
