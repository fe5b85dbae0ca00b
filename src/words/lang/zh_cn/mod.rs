//! Simplified Chinese.

mod basics;
mod captures;
mod cast;
mod composing;
mod errors;
mod events;
mod facts;
mod faults;
mod files;
mod forms;
mod help;
mod input;
mod keys;
mod known;
mod labels;
mod log;
mod quick;
mod replies;
mod reply_trace;
mod reports;
mod rules;
mod run_view;
mod runs;
mod sessions;
mod talk;
mod talk_files;
mod tls;
mod transfers;
mod usage;
mod view;
mod websocket;

/// The table of the language.
#[derive(Clone, Copy, Debug)]
pub struct ZhCn;
