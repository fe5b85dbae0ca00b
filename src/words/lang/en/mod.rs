//! English.

mod basics;
mod forms;
mod labels;
mod log;
mod rules;
mod sessions;
mod view;

/// The table of the language.
#[derive(Clone, Copy, Debug)]
pub struct En;
