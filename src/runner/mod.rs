//! Runs the steps of talk files over sessions of the engine.
//!
//! One thread carries out the statements in order. It gives the workers commands, reads what arrived from their captures, and waits
//! with deadlines of its own; the user can end every wait. Rules of a file do not run here but in the workers.
//!
//! ```text
//! Script     a talk file, read and checked
//! run        opens the sessions, runs each step, returns a RunOutcome
//! steps      statements                 waits    what `<` waits for
//! transfers  get, put, serve, receive
//! streams    its part for bytes without frames
//! link       one session: arrivals in order, connections with their places
//! rules      compiles the rules of a file for a session of a front end
//! over       a session that the front end has opened    handle    a run in its own thread
//! ```

mod act;
mod casting;
mod files;
mod handle;
mod link;
mod opening;
mod over;
pub mod report;
mod rules;
mod run;
mod script;
mod steps;
mod streams;
#[cfg(test)]
mod tests;
mod tls;
mod trace;
mod transfers;
mod waits;
mod websocket;
mod world;

pub use files::FolderFiles;
pub use handle::{RunEvent, RunHandle};
pub use opening::{Opening, WITHIN};
pub use over::{Feed, OpenSession, Plays};
pub use rules::{CompiledRules, RuleSession, has_steps};
pub use run::{Observer, OnFailure, RunOptions, run};
pub use script::{Script, StepLines};
pub use trace::{Trace, TracedFrame, TracedRule, trace};
