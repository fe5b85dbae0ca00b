//! File transfers with headers, and remote commands.
//!
//! ```text
//! driver     the thread that carries transfers out over a session: records in, commands out
//! protocol   what each role does with received bytes; pure, without files and sockets
//! folder     the one folder that names from the wire lead to
//! head       JSON heads with a length before them
//! answer     answers of remote commands: a length, then the output
//! shell      runs a command for a peer, where the user has switched this on
//! ```
//!
//! The protocols are described in `docs/TRANSFERS.md`. Received bytes are read from the capture in order; nothing that a peer sends
//! sizes memory, and no name from the wire leaves the chosen folder.

mod answer;
mod driver;
mod folder;
mod head;
mod protocol;
mod shell;

pub use answer::{AnswerPart, AnswerReader, LengthForm};
pub use driver::{Transfer, TransferEvent, TransferHandle, TransferOptions, Work};
pub use folder::{Folder, Overwrite};
pub use protocol::{Kind, Stage, UploadForm};
