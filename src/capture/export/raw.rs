//! The payload bytes and nothing else.

use super::SaveError;
use super::form::Form;
use super::walk::{Data, Sink};
use crate::model::Direction;
use std::io::Write;

/// The format. Bytes of both directions in one file cannot be distinguished, so both are written only on request.
pub(super) const FORM: Form = Form {
    name: "raw",
    extension: "bin",
    menu_place: 6,
    is_binary: true,
    has_text: false,
    usual_direction: Some(Direction::Received),
    sink: |_, _, _| Box::new(Raw),
};

/// See the module documentation.
pub(super) struct Raw;

impl Sink for Raw {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        // Pings and close frames are not what the peers exchange.
        if data.head.record.form().is_control() {
            return Ok(true);
        }
        data.parts(&mut |part| Ok(out.write_all(part)?))?;
        Ok(true)
    }
}
