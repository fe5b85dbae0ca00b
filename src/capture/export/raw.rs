//! The payload bytes and nothing else.

use super::SaveError;
use super::walk::{Data, Sink};
use std::io::Write;

/// See the module.
pub(super) struct Raw;

impl Sink for Raw {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        data.parts(&mut |part| Ok(out.write_all(part)?))?;
        Ok(true)
    }
}
