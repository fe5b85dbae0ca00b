//! What there is to say: a trait for each topic, which the table of each language implements in full.

mod labels;

pub use labels::{Labels, Text};

/// All that is said in one language.
pub trait Table: Labels + Sync {}

impl<T: Labels + Sync> Table for T {}
