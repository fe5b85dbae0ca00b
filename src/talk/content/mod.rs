//! What is sent: items to bytes, and bytes to a frame.
//!
//! The constant parts of a send are encoded once, when the file is compiled. What remains for each send is to insert values and to
//! put the frame around them.

#[cfg(test)]
mod tests;

use super::eval::{
    Fault, FaultKind, LONGEST, Value, World, evaluate, evaluate_whole, size, text_bytes, text_of, write,
};
use super::tree::{Insert, Item, ItemKind, Send, Span, Text, TextPiece, Type};
use crate::codec::checksum::Verifier;
use crate::codec::framing::Builder;
use crate::codec::{Check, Encoding};

/// Reads the files of `file` items. The caller keeps links from leaving the folder.
pub trait Files {
    /// The bytes of a file below the folder of the talk file, if there are at most `most`.
    ///
    /// # Errors
    /// It cannot be read.
    fn read(&mut self, path: &str, most: usize) -> Result<Vec<u8>, std::io::ErrorKind>;
}

/// Finds no file.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoFiles;

impl Files for NoFiles {
    fn read(&mut self, _path: &str, _most: usize) -> Result<Vec<u8>, std::io::ErrorKind> {
        Err(std::io::ErrorKind::NotFound)
    }
}

/// Items that are ready to be sent.
#[derive(Clone, Debug)]
pub struct Content {
    parts: Vec<Part>,
    /// They are the bytes on the wire.
    is_raw: bool,
    span: Span,
}

#[derive(Clone, Debug)]
enum Part {
    /// Encoded already.
    Fixed(Vec<u8>),
    /// A text with insertions.
    Text(Text),
    Insert(Insert<Type>),
    Check(Box<Verifier>, Text),
    File(Text),
}

impl Content {
    /// Compiles a send.
    ///
    /// # Errors
    /// A text does not exist in the encoding, a check is unknown, or an item belongs to patterns.
    pub fn of_send(send: &Send, span: Span, encoding: Encoding) -> Result<Self, Fault> {
        Ok(Self { is_raw: send.raw.is_some(), ..Self::new(&send.items, span, encoding)? })
    }

    /// Compiles items, whose place is `span`.
    ///
    /// # Errors
    /// See [`Content::of_send`].
    pub fn new(items: &[Item], span: Span, encoding: Encoding) -> Result<Self, Fault> {
        let mut content = Self { parts: Vec::new(), is_raw: false, span };
        for item in items {
            match &item.kind {
                ItemKind::Hex(digits) if digits.iter().any(|byte| byte.mask != u8::MAX) => {
                    return Err(Fault::new(FaultKind::PatternOnly, item.span));
                }
                ItemKind::Hex(digits) => content.push_fixed(digits.iter().map(|byte| byte.value).collect()),
                ItemKind::Text(text) => match fixed_text(text, encoding)? {
                    Some(bytes) => content.push_fixed(bytes),
                    None => content.parts.push(Part::Text(text.clone())),
                },
                ItemKind::Insert(insert) => content.parts.push(Part::Insert(insert.clone())),
                ItemKind::Check(name) => content.parts.push(Part::Check(Box::new(verifier(name)?), name.clone())),
                ItemKind::File(path) => content.parts.push(Part::File(path.clone())),
                ItemKind::Capture(_) | ItemKind::Any => return Err(Fault::new(FaultKind::PatternOnly, item.span)),
            }
        }
        Ok(content)
    }

    /// Reads the files whose names do not depend on values.
    ///
    /// # Errors
    /// A file cannot be read, or its path leaves the folder.
    pub fn load(&mut self, world: &mut dyn World, files: &mut dyn Files) -> Result<(), Fault> {
        for part in &mut self.parts {
            if let Part::File(path) = part
                && path.plain().is_some()
            {
                *part = Part::Fixed(file_bytes(path, world, files)?);
            }
        }
        Ok(())
    }

    fn push_fixed(&mut self, bytes: Vec<u8>) {
        match self.parts.last_mut() {
            Some(Part::Fixed(before)) => before.extend(bytes),
            _ => self.parts.push(Part::Fixed(bytes)),
        }
    }

    /// Whether the bytes are those on the wire, without a frame.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.is_raw
    }

    /// The place of the items in the source.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// The bytes, if they are always the same.
    #[must_use]
    pub fn fixed(&self) -> Option<&[u8]> {
        match self.parts.as_slice() {
            [] => Some(&[]),
            [Part::Fixed(bytes)] => Some(bytes),
            _ => None,
        }
    }

    /// The content: what the items say, without a frame.
    ///
    /// # Errors
    /// A value is missing or does not fit, a file cannot be read, or the whole is too long.
    pub fn bytes(&self, world: &mut dyn World, files: &mut dyn Files) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        for part in &self.parts {
            match part {
                Part::Fixed(bytes) => out.extend_from_slice(bytes),
                Part::Text(text) => out.extend(text_bytes(text, world)?),
                Part::Insert(insert) => insert_bytes(insert, world, &mut out)?,
                Part::Check(verifier, name) => {
                    let no_place = || FaultKind::CheckPlace(name.plain().unwrap_or_default().to_owned());
                    let value = verifier.value_behind(&out);
                    out.extend(value.ok_or_else(|| Fault::new(no_place(), name.span))?);
                }
                Part::File(path) => out.extend(file_bytes(path, world, files)?),
            }
            if out.len() > LONGEST {
                return Err(Fault::new(FaultKind::TooLong { most: LONGEST }, self.span));
            }
        }
        Ok(out)
    }

    /// The bytes on the wire: the frame that `builder` puts around the content, unless it is raw. In an answer, other bytes of the
    /// frame's head are those of the frame `answered`.
    ///
    /// # Errors
    /// See [`Content::bytes`]; the framing rule has no frame with this content.
    pub fn wire(
        &self,
        builder: Option<&mut Builder>,
        answered: Option<&[u8]>,
        world: &mut dyn World,
        files: &mut dyn Files,
    ) -> Result<Vec<u8>, Fault> {
        let content = self.bytes(world, files)?;
        let Some(builder) = builder.filter(|_| !self.is_raw) else { return Ok(content) };
        let built = builder.build(&content, answered);
        built.map(|built| built.bytes).map_err(|error| Fault::new(FaultKind::Build(error), self.span))
    }
}

/// The bytes of a text without insertions; `None`: it has some.
pub(super) fn fixed_text(text: &Text, encoding: Encoding) -> Result<Option<Vec<u8>>, Fault> {
    let mut bytes = Vec::new();
    for piece in &text.pieces {
        match piece {
            TextPiece::Chars(chars) => {
                let encoded = encoding.encode(chars);
                bytes.extend(encoded.map_err(|error| Fault::new(FaultKind::Encode(error), text.span))?);
            }
            TextPiece::Bytes(raw) => bytes.extend_from_slice(raw),
            TextPiece::Insert(_) => return Ok(None),
            TextPiece::Capture(capture) => return Err(Fault::new(FaultKind::PatternOnly, capture.span)),
        }
    }
    Ok(Some(bytes))
}

/// The check of a `+CHECK` item.
pub(super) fn verifier(name: &Text) -> Result<Verifier, Fault> {
    let unknown = |written: &str| Fault::new(FaultKind::UnknownCheck(written.to_owned()), name.span);
    // The name is part of the compiled file, so it cannot depend on values.
    let written = name.plain().ok_or_else(|| unknown("{{…}}"))?;
    let check: Check = written.parse().map_err(|_| unknown(written))?;
    Ok(check.verifier())
}

/// Appends an insertion outside of quotes.
pub(super) fn insert_bytes(insert: &Insert<Type>, world: &mut dyn World, out: &mut Vec<u8>) -> Result<(), Fault> {
    let is_whole = matches!(insert.form.as_ref().map(|form| &form.value), Some(Type::Int(_) | Type::Bcd { .. }));
    let value = if is_whole { evaluate_whole(&insert.value, world)? } else { evaluate(&insert.value, world)? };
    let at = |kind: FaultKind| Fault::new(kind, insert.span);
    let Some(form) = &insert.form else {
        return match &value {
            Value::Bytes(_) | Value::Text(_) => {
                write(&value, &Type::Bytes(None), None, world.encoding(), out).map_err(at)
            }
            other => Err(at(FaultKind::NeedsType(other.to_string()))),
        };
    };
    let size = match &form.value {
        Type::Bytes(Some(count)) | Type::Text(Some(count)) => Some(size(count, world)?),
        _ => None,
    };
    write(&value, &form.value, size, world.encoding(), out).map_err(at)
}

pub(super) fn file_bytes(path: &Text, world: &mut dyn World, files: &mut dyn Files) -> Result<Vec<u8>, Fault> {
    let written = text_of(path, world)?;
    if !is_below(&written) {
        return Err(Fault::new(FaultKind::PathOutside(written), path.span));
    }
    let read = files.read(&written, LONGEST);
    read.map_err(|kind| Fault::new(FaultKind::Unreadable { path: written, kind }, path.span))
}

/// Whether a relative path stays below its folder on every system: no drive, no root, no `..`.
#[must_use]
pub fn is_below(path: &str) -> bool {
    let mut parts = path.split(['/', '\\']);
    !path.is_empty() && !path.contains([':', '\0']) && parts.all(|part| !part.is_empty() && part != "..")
}
