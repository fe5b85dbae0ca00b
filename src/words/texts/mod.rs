//! What there is to say: a trait for each topic, which the table of each language implements in full.

mod basics;
mod captures;
mod errors;
mod events;
mod forms;
mod help;
mod input;
mod labels;
mod log;
mod reports;
mod rules;
mod sessions;
mod usage;
mod view;

pub use basics::Basics;
pub use captures::Captures;
pub use errors::Errors;
pub use events::Events;
pub use forms::Forms;
pub use help::{Help, HelpTexts, Named, group};
pub use input::Input;
pub use labels::{Labels, Text};
pub use log::Log;
pub use reports::Reports;
pub use rules::{ChoiceWords, FieldWords, KindWords, Rules};
pub use sessions::Sessions;
pub use usage::Usage;
pub use view::View;

macro_rules! topics {
    ($($topic:ident,)*) => {
        /// All that is said in one language. (The topics share their names: no two of them have a text of the same name.)
        pub trait Table: $($topic +)* Sync {}

        impl<T: $($topic +)* Sync> Table for T {}
    };
}

topics! {
    Basics,
    Captures,
    Errors,
    Events,
    Forms,
    Help,
    Input,
    Labels,
    Log,
    Reports,
    Rules,
    Sessions,
    Usage,
    View,
}
