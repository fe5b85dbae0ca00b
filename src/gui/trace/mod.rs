//! The drawer tab of the reply trace: which rule answers each received frame, or why none does.

pub mod panel;
pub mod state;
