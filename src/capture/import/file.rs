//! Reads the file of a log line by line, in bounded pieces.

use super::ImportError;
use crate::capture::OnProgress;
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{ErrorKind, NetError, Operation};
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// Bytes per read; also the maximum length of a head line without payload.
const PIECE_BYTES: u64 = 64 * 1024;
/// Bytes read between two calls of the progress callback.
const PROGRESS_BYTES: u64 = 1024 * 1024;
/// Bytes per read of a UTF-16 file.
const UTF_16_BYTES: usize = 8 * 1024;

/// Receives a piece of a line, whether the line starts with it, and the line number counted from 1.
pub(super) type EachPiece<'a> = dyn FnMut(&[u8], bool, u64) -> Result<(), ImportError> + 'a;

/// A log file, positioned after its byte order mark.
pub(super) struct LogFile<'a> {
    path: &'a Path,
    lines: Box<dyn BufRead>,
    /// Size of the file in bytes when it was opened.
    len: u64,
    /// Bytes read so far.
    done: Rc<Cell<u64>>,
    /// The file is UTF-16 and converted to UTF-8.
    pub was_utf_16: bool,
}

fn unreadable(path: &Path) -> impl Fn(io::Error) -> ImportError {
    move |error| NetError::from_io(Operation::ReadFile, path.display().to_string(), &error).into()
}

impl<'a> LogFile<'a> {
    pub fn open(path: &'a Path) -> Result<Self, ImportError> {
        let metadata = path.metadata().map_err(unreadable(path))?;
        if !metadata.is_file() {
            let why = "not a regular file";
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

    /// Passes numbered lines to `each` in pieces of at most [`PIECE_BYTES`]. `pass` is 0 or 1.
    pub fn read(
        mut self,
        pass: u64,
        progress: &mut OnProgress<'_>,
        each: &mut EachPiece<'_>,
    ) -> Result<(), ImportError> {
        let (mut piece, mut at_start, mut line) = (Vec::new(), true, 1);
        let mut reported = None;
        loop {
            let done = self.done.get();
            if reported.is_none_or(|reported| done - reported >= PROGRESS_BYTES) {
                reported = Some(done);
                // The file may grow meanwhile.
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

/// Converts UTF-16 to UTF-8; invalid code units become escapes.
struct Utf16 {
    file: BufReader<Counted>,
    decoder: StreamDecoder,
    text: String,
    /// Bytes of the text that were already returned.
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
