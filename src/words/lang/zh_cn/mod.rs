//! Simplified Chinese.

mod labels;

/// The table of the language.
#[derive(Clone, Copy, Debug)]
pub struct ZhCn;
