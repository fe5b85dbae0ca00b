//! The file of a log, line by line, in bounded pieces.

use super::ImportError;
use crate::capture::OnProgress;
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{ErrorKind, NetError, Operation};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// Read at once; no head line without payload is longer.
const PIECE_BYTES: u64 = 64 * 1024;
/// Bytes between two looks at whether the import is still wanted.
const PROGRESS_BYTES: u64 = 1024 * 1024;
/// Read at once of a file in UTF-16.
const UTF_16_BYTES: usize = 8 * 1024;

/// Takes a piece of a line, whether the line begins with it, and the line's number from 1.
pub(super) type EachPiece<'a> = dyn FnMut(&[u8], bool, u64) -> Result<(), ImportError> + 'a;

/// A log behind its byte order mark.
pub(super) struct LogFile<'a> {
    path: &'a Path,
    lines: Box<dyn BufRead>,
    /// Bytes of the file, when it was opened.
    len: u64,
    /// Those that are read.
    done: Rc<Cell<u64>>,
    /// Its text is in UTF-16 and is given as UTF-8.
    pub was_utf_16: bool,
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> ImportError {
    move |error| NetError::from_io(Operation::ReadFile, path.display().to_string(), &error).into()
}

impl<'a> LogFile<'a> {
    pub fn open(path: &'a Path) -> Result<Self, ImportError> {
        let metadata = path.metadata().map_err(unreadable(path))?;
        if !metadata.is_file() {
            let why = "is no regular file";
            return Err(NetError::new(Operation::ReadFile, ErrorKind::File, path.display().to_string(), why).into());
        }
        let done = Rc::new(Cell::new(0));
        let file = Counted { file: File::open(path).map_err(unreadable(path))?, done: done.clone() };
        let mut file = BufReader::new(file);
        let start = file.fill_buf().map_err(unreadable(path))?;
        let (mark_len, utf_16) = match start {
            [0xEF, 0xBB, 0xBF, ..] => (3, None),
            [0xFF, 0xFE, ..] => (2, Some(Encoding::UTF_16LE)),
            [0xFE, 0xFF, ..] => (2, Some(Encoding::UTF_16BE)),
            _ => (0, None),
        };
        file.consume(mark_len);
        let lines: Box<dyn BufRead> = match utf_16 {
            None => Box::new(file),
            Some(encoding) => Box::new(BufReader::new(Utf16::new(file, encoding))),
        };
        Ok(Self { path, lines, len: metadata.len(), done, was_utf_16: utf_16.is_some() })
    }

    /// Lines with their numbers, in pieces of at most [`PIECE_BYTES`]. This is one `pass` (from 0) of two.
    pub fn read(
        mut self,
        pass: u64,
        progress: &mut OnProgress<'_>,
        each: &mut EachPiece<'_>,
    ) -> Result<(), ImportError> {
        let (mut piece, mut at_start, mut line) = (Vec::new(), true, 1);
        let mut told = None;
        loop {
            let done = self.done.get();
            if told.is_none_or(|told| done - told >= PROGRESS_BYTES) {
                told = Some(done);
                // It may grow meanwhile.
                let done = self.len.saturating_mul(pass).saturating_add(done.min(self.len));
                if !progress(done, self.len.saturating_mul(2)) {
                    return Err(ImportError::Cancelled);
                }
            }
            piece.clear();
            let lines = self.lines.by_ref().take(PIECE_BYTES).read_until(b'\n', &mut piece);
            if lines.map_err(unreadable(self.path))? == 0 {
                return Ok(());
            }
            each(&piece, at_start, line)?;
            at_start = piece.ends_with(b"\n");
            line += u64::from(at_start);
        }
    }
}

/// A reader that counts the bytes read.
struct Counted {
    file: File,
    done: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let len = self.file.read(out)?;
        self.done.set(self.done.get() + len as u64);
        Ok(len)
    }
}

/// UTF-16 as UTF-8; what is no character stands as escapes.
struct Utf16 {
    file: BufReader<Counted>,
    decoder: StreamDecoder,
    text: String,
    /// How much of the text was given.
    given: usize,
    is_finished: bool,
}

impl Utf16 {
    fn new(file: BufReader<Counted>, encoding: Encoding) -> Self {
        Self { file, decoder: StreamDecoder::new(encoding), text: String::new(), given: 0, is_finished: false }
    }

    fn more(&mut self) -> io::Result<()> {
        self.text.clear();
        self.given = 0;
        let mut bytes = [0; UTF_16_BYTES];
        match self.file.read(&mut bytes)? {
            0 => {
                self.is_finished = true;
                self.decoder.finish_text(&mut self.text);
            }
            len => self.decoder.feed_text(&bytes[..len], &mut self.text),
        }
        Ok(())
    }
}

impl Read for Utf16 {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.is_finished {
            self.more()?;
        }
        let left = &self.text.as_bytes()[self.given..];
        let len = left.len().min(out.len());
        out[..len].copy_from_slice(&left[..len]);
        self.given += len;
        Ok(len)
    }
}
