//! Framing rules: the choice of a rule, and the editor with its form, sample and preview.

pub mod actions;
pub mod choice;
pub mod choices;
pub mod editor;
pub mod form;
pub mod preview;
pub mod sample;
pub mod state;
