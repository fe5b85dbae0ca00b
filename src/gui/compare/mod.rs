//! The comparison of two pieces of traffic: its computation (`state`) and its view (`panel`).

pub mod panel;
pub mod state;
