//! The items of a pattern as a list of parts.

use crate::codec::Encoding;
use crate::codec::checksum::Verifier;
use crate::talk::content::{Files, file_bytes, insert_bytes, verifier};
use crate::talk::eval::{Fault, FaultKind, World, fixed_len, text_bytes};
use crate::talk::tree::{
    Capture, Expr, ExprKind, Format, HexByte, Insert, Item, ItemKind, Reading, Span, Text, TextPiece, Type,
};
use std::sync::Arc;

/// Most parts of open length in one pattern.
pub(super) const MOST_OPEN: usize = 64;

/// The parts of a pattern.
#[derive(Debug)]
pub(super) struct Items {
    pub parts: Vec<Part>,
    /// The name of each capture.
    names: Vec<Arc<str>>,
    /// For each part and the end: the length of the parts from here on, if it is always the same.
    pub tails: Vec<Option<usize>>,
    /// For each part and the end: the least length of the parts from here on.
    pub least: Vec<usize>,
    /// For each part: whether an attempt from here on depends only on its position (and on the start, if there are checks).
    pub is_free: Vec<bool>,
    pub has_checks: bool,
    pub span: Span,
}

#[derive(Debug)]
pub(super) struct Part {
    pub kind: PartKind,
    pub span: Span,
}

#[derive(Debug)]
pub(super) enum PartKind {
    /// These bytes.
    Bytes(Vec<HexByte>),
    /// The same, without `?`.
    Exact(Vec<u8>),
    /// A value. Its index in [`Prepared::inserted`](super::Prepared), where it is missing if it depends on a capture.
    Insert(Inserted, usize),
    /// Any bytes, as few as fit.
    Gap,
    /// Captures the bytes as this capture.
    Capture(Captured, usize),
    /// The check over all bytes before it.
    Check(Box<Verifier>),
}

#[derive(Debug)]
pub(super) enum Inserted {
    Typed(Insert<Type>),
    Quoted(Insert<Format>),
    File(Text),
}

#[derive(Debug)]
pub(super) enum Captured {
    /// A type of fixed length.
    Fixed(Type, usize),
    /// `bytes(n)`, `text(n)`.
    Sized(Type, Expr),
    /// `bytes`, `text` or no type: as few bytes as fit.
    Open(Type),
    /// In quotes: as few characters as fit.
    Characters,
    /// In quotes: digits, as many as there are.
    Digits(Reading),
}

impl Part {
    /// The number of bytes, if it is always the same.
    fn fixed(&self) -> Option<usize> {
        match &self.kind {
            PartKind::Bytes(bytes) => Some(bytes.len()),
            PartKind::Exact(bytes) => Some(bytes.len()),
            PartKind::Capture(Captured::Fixed(_, len), _) => Some(*len),
            PartKind::Check(verifier) => Some(verifier.value_bytes()),
            PartKind::Insert(Inserted::Typed(Insert { form: Some(form), .. }), _) => fixed_len(&form.value),
            PartKind::Insert(..) | PartKind::Gap | PartKind::Capture(..) => None,
        }
    }

    /// Whether the bytes after it decide where it ends.
    pub fn is_open(&self) -> bool {
        matches!(
            self.kind,
            PartKind::Gap | PartKind::Capture(Captured::Open(_) | Captured::Characters | Captured::Digits(_), _)
        )
    }
}

impl Items {
    pub fn new(items: &[Item], span: Span, encoding: Encoding) -> Result<Self, Fault> {
        let mut found = Self {
            parts: Vec::new(),
            names: Vec::new(),
            tails: Vec::new(),
            least: Vec::new(),
            is_free: Vec::new(),
            has_checks: false,
            span,
        };
        for item in items {
            found.push_item(item, encoding)?;
        }
        if found.parts.iter().filter(|part| part.is_open()).count() > MOST_OPEN {
            return Err(Fault::new(FaultKind::TooManyOpen { most: MOST_OPEN }, span));
        }
        found.measure();
        Ok(found)
    }

    pub fn names(&self) -> impl Iterator<Item = &Arc<str>> {
        self.names.iter()
    }

    pub fn name(&self, capture: usize) -> &Arc<str> {
        &self.names[capture]
    }

    /// Whether nothing is inserted.
    pub fn is_constant(&self) -> bool {
        self.inserts() == 0
    }

    fn push_item(&mut self, item: &Item, encoding: Encoding) -> Result<(), Fault> {
        match &item.kind {
            ItemKind::Hex(bytes) if bytes.iter().all(|byte| byte.mask == u8::MAX) => {
                self.push_exact(bytes.iter().map(|byte| byte.value).collect(), item.span);
            }
            ItemKind::Hex(bytes) => self.push(PartKind::Bytes(bytes.clone()), item.span),
            ItemKind::Text(text) => return self.push_text(text, encoding),
            ItemKind::Insert(insert) => {
                let index = self.inserts();
                self.push(PartKind::Insert(Inserted::Typed(insert.clone()), index), item.span);
            }
            ItemKind::Capture(capture) => {
                let kind = match capture.form.as_ref().map(|form| form.value.clone()) {
                    None => Captured::Open(Type::Bytes(None)),
                    Some(Type::Bytes(Some(size))) => Captured::Sized(Type::Bytes(Some(size.clone())), *size),
                    Some(Type::Text(Some(size))) => Captured::Sized(Type::Text(Some(size.clone())), *size),
                    Some(form) => match fixed_len(&form) {
                        Some(len) => Captured::Fixed(form, len),
                        None => Captured::Open(form),
                    },
                };
                self.push_capture(kind, &capture.name.value, item.span);
            }
            ItemKind::Check(name) => {
                self.has_checks = true;
                self.push(PartKind::Check(Box::new(verifier(name)?)), item.span);
            }
            // Two gaps are one.
            ItemKind::Any if matches!(self.parts.last(), Some(Part { kind: PartKind::Gap, .. })) => {}
            ItemKind::Any => self.push(PartKind::Gap, item.span),
            ItemKind::File(path) => {
                let index = self.inserts();
                self.push(PartKind::Insert(Inserted::File(path.clone()), index), item.span);
            }
        }
        Ok(())
    }

    fn push_text(&mut self, text: &Text, encoding: Encoding) -> Result<(), Fault> {
        for piece in &text.pieces {
            match piece {
                TextPiece::Chars(chars) => {
                    let bytes = encoding.encode(chars);
                    let bytes = bytes.map_err(|error| Fault::new(FaultKind::Encode(error), text.span))?;
                    self.push_exact(bytes, text.span);
                }
                TextPiece::Bytes(bytes) => self.push_exact(bytes.clone(), text.span),
                TextPiece::Insert(insert) => {
                    let index = self.inserts();
                    self.push(PartKind::Insert(Inserted::Quoted(insert.clone()), index), insert.span);
                }
                TextPiece::Capture(Capture { name, form, span }) => {
                    let reading = form.map(|form| form.value).filter(|_| encoding.is_ascii_compatible());
                    let kind = reading.map_or(Captured::Characters, Captured::Digits);
                    self.push_capture(kind, &name.value, *span);
                }
            }
        }
        Ok(())
    }

    fn push_exact(&mut self, bytes: Vec<u8>, span: Span) {
        if !bytes.is_empty() {
            self.push(PartKind::Exact(bytes), span);
        }
    }

    fn push_capture(&mut self, kind: Captured, name: &str, span: Span) {
        let index = self.names.len();
        self.names.push(name.into());
        self.push(PartKind::Capture(kind, index), span);
    }

    fn push(&mut self, kind: PartKind, span: Span) {
        self.parts.push(Part { kind, span });
    }

    fn inserts(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part.kind, PartKind::Insert(..))).count()
    }

    /// Fills in what is known about the parts from each one on.
    fn measure(&mut self) {
        let count = self.parts.len();
        (self.tails, self.least) = (vec![Some(0); count + 1], vec![0; count + 1]);
        for (index, part) in self.parts.iter().enumerate().rev() {
            let fixed = part.fixed();
            self.tails[index] = fixed.and_then(|len| len.checked_add(self.tails[index + 1]?));
            self.least[index] = self.least[index + 1] + fixed.unwrap_or(0);
        }
        self.is_free = vec![true; count + 1];
        for index in 0..count {
            let depends_on = |captured: &usize| self.uses(index, *captured);
            if let Some(first) = (0..index).find(depends_on) {
                self.is_free[first + 1..=index].fill(false);
            }
        }
    }

    /// Whether a part uses the value that the part `captured` captures.
    fn uses(&self, part: usize, captured: usize) -> bool {
        let PartKind::Capture(_, capture) = &self.parts[captured].kind else { return false };
        let name = &self.names[*capture];
        match &self.parts[part].kind {
            PartKind::Insert(Inserted::Typed(insert), _) => {
                let size = match insert.form.as_ref().map(|form| &form.value) {
                    Some(Type::Bytes(Some(size)) | Type::Text(Some(size))) => Some(&**size),
                    _ => None,
                };
                names(&insert.value, name) || size.is_some_and(|size| names(size, name))
            }
            PartKind::Insert(Inserted::Quoted(insert), _) => names(&insert.value, name),
            PartKind::Insert(Inserted::File(path), _) => text_names(path, name),
            PartKind::Capture(Captured::Sized(_, size), _) => names(size, name),
            _ => false,
        }
    }

    /// The bytes of each insertion that no capture of the pattern decides.
    pub fn inserted(&self, world: &mut dyn World, files: &mut dyn Files) -> Result<Vec<Option<Vec<u8>>>, Fault> {
        let mut all = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if let PartKind::Insert(insert, _) = &part.kind {
                let is_own = (0..index).any(|captured| self.uses(index, captured));
                all.push(if is_own { None } else { Some(insert.bytes(world, files)?) });
            }
        }
        Ok(all)
    }
}

impl Inserted {
    pub fn bytes(&self, world: &mut dyn World, files: &mut dyn Files) -> Result<Vec<u8>, Fault> {
        match self {
            Self::File(path) => file_bytes(path, world, files),
            Self::Typed(insert) => {
                let mut bytes = Vec::new();
                insert_bytes(insert, world, &mut bytes)?;
                Ok(bytes)
            }
            Self::Quoted(insert) => {
                text_bytes(&Text { pieces: vec![TextPiece::Insert(insert.clone())], span: insert.span }, world)
            }
        }
    }
}

/// Whether an expression names this name.
fn names(expr: &Expr, name: &str) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Bool(_) => false,
        ExprKind::Name(path) => path.single() == Some(name),
        ExprKind::Text(text) => text_names(text, name),
        ExprKind::Call { arguments, .. } => arguments.iter().any(|argument| names(argument, name)),
        ExprKind::Unary { operand, .. } => names(operand, name),
        ExprKind::Binary { left, right, .. } => names(left, name) || names(right, name),
        ExprKind::Between { value, low, high } => [value, low, high].into_iter().any(|part| names(part, name)),
        ExprKind::Matches { value, .. } => names(value, name),
    }
}

fn text_names(text: &Text, name: &str) -> bool {
    text.pieces.iter().any(|piece| matches!(piece, TextPiece::Insert(insert) if names(&insert.value, name)))
}
