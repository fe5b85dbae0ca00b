//! Declares the texts: a trait for each topic. The table of each language implements all of them.

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

pub use basics::Basics;
pub use captures::Captures;
pub use cast::Cast;
pub use composing::Composing;
pub use errors::Errors;
pub use events::Events;
pub use facts::Facts;
pub use faults::Faults;
pub use files::Files;
pub use forms::Forms;
pub use help::{Help, HelpTexts, Named, group};
pub use input::Input;
pub use keys::Keys;
pub(crate) use keys::by_id;
pub use labels::{Labels, Text};
pub use log::Log;
pub use quick::Quick;
pub use replies::ReplyTexts;
pub use reply_trace::ReplyTrace;
pub use reports::Reports;
pub use rules::{ChoiceWords, FieldWords, KindWords, Rules};
pub use run_view::RunView;
pub use runs::Runs;
pub use sessions::Sessions;
pub use talk::Talk;
pub use talk_files::TalkFiles;
pub use tls::{FaultParts, Tls};
pub use transfers::Transfers;
pub use usage::Usage;
pub use view::View;
pub use websocket::WebSocket;

macro_rules! topics {
    ($($topic:ident,)*) => {
        /// All texts of one language. Names are unique across topics.
        pub trait Table: $($topic +)* Sync {}

        impl<T: $($topic +)* Sync> Table for T {}
    };
}

topics! {
    Basics,
    Captures,
    Cast,
    Composing,
    Errors,
    Events,
    Facts,
    Faults,
    Files,
    Forms,
    Help,
    Input,
    Keys,
    Labels,
    Log,
    Quick,
    ReplyTexts,
    ReplyTrace,
    Reports,
    Rules,
    RunView,
    Runs,
    Sessions,
    Talk,
    TalkFiles,
    Tls,
    Transfers,
    Usage,
    View,
    WebSocket,
}
