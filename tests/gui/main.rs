//! The window's tests (egui_kittest): driven by accessible names, over real captures and sockets.

mod captures;
mod compare;
mod cursor;
mod dialogs;
mod errors;
mod fields;
mod find;
mod following;
mod fonts;
mod framing;
mod highlight;
mod hit_list;
mod inspector;
mod log;
mod looks;
mod remembering;
mod rules;
mod sending;
mod stall;
mod support;
mod tabs;
mod tasks;
mod timing;
mod udp;
mod under_way;
mod widgets;
