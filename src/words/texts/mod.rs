//! What there is to say: a trait for each topic, which the table of each language implements in full.

mod basics;
mod forms;
mod labels;
mod log;
mod rules;
mod sessions;
mod view;

pub use basics::Basics;
pub use forms::Forms;
pub use labels::{Labels, Text};
pub use log::Log;
pub use rules::{ChoiceWords, FieldWords, KindWords, Rules};
pub use sessions::Sessions;
pub use view::View;

/// All that is said in one language. (The topics share their names: no two of them have a text of the same name.)
pub trait Table: Basics + Forms + Labels + Log + Rules + Sessions + View + Sync {}

impl<T: Basics + Forms + Labels + Log + Rules + Sessions + View + Sync> Table for T {}
