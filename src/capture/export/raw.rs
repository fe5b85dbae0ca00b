//! The payload bytes and nothing else.

use super::SaveError;
use super::form::Form;
use super::walk::{Data, Sink};
use crate::model::Direction;
use std::io::Write;

/// The form. Bytes of both directions in one file could not be told apart: both are written only when that is chosen.
pub(super) const FORM: Form = Form {
    name: "raw",
    extension: "bin",
    is_binary: true,
    has_text: false,
    usual_direction: Some(Direction::Received),
    sink: |_, _, _| Box::new(Raw),
};

/// See the module.
pub(super) struct Raw;

impl Sink for Raw {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        data.parts(&mut |part| Ok(out.write_all(part)?))?;
        Ok(true)
    }
}
