//! Statements and blocks.

use super::cursor::{Failed, Parser, Read};
use crate::talk::error::{ErrorKind, Expected, Found};
use crate::talk::tree::{
    Block, End, EndHow, OpenFailure, OpenStmt, Otherwise, OtherwiseKind, Repeat, Send, ServeKind, Span, Spanned, Stmt,
    StmtKind, Transfer, TransferKind,
};
use crate::talk::vocabulary::{STATEMENTS, TOP, near};

impl Parser<'_> {
    /// A statement that nothing else follows on its line.
    pub(super) fn statement(&mut self) -> Read<Stmt> {
        self.skip();
        let start = self.at;
        let kind = self.deeper(Self::statement_kind)?;
        let span = self.since(start);
        if !self.at_end() {
            return self.unexpected(Expected::EndOfStatement);
        }
        Ok(Stmt { kind, span })
    }

    fn statement_kind(&mut self) -> Read<StmtKind> {
        if self.eat_sign(">").is_some() {
            return self.send();
        }
        if self.byte(0) == b'<' {
            return self.awaiting();
        }
        let word = self.word();
        let span = Span::new(self.at, self.at + word.len());
        if !STATEMENTS.contains(&word) {
            return self.no_statement(word, span);
        }
        self.take(word.len());
        if matches!(word, "all" | "gather" | "bytes" | "sample" | "for" | "if" | "clients" | "do") {
            self.not_yet(span);
        }
        match word {
            "check" => {
                let condition = self.expr()?;
                Ok(StmtKind::Check { condition, otherwise: self.otherwise()? })
            }
            "fail" => Ok(StmtKind::Fail(self.text()?)),
            "note" => Ok(StmtKind::Note(self.text()?)),
            "wait" => Ok(StmtKind::Wait(self.time()?)),
            "open" => self.open(),
            "stop" => Ok(StmtKind::Stop(self.name_if_any())),
            "close" => self.ending(EndHow::Close),
            "reset" => self.ending(EndHow::Reset),
            "shutdown" => self.ending(EndHow::Shutdown),
            "repeat" => self.repeat(),
            "get" => self.transfer(TransferKind::Get),
            "put" => self.transfer(TransferKind::Put),
            "serve" => self.transfer(TransferKind::Serve(ServeKind::Files)),
            "receive" => self.transfer(TransferKind::Receive),
            _ => self.longer_statement(word),
        }
    }

    fn longer_statement(&mut self, word: &str) -> Read<StmtKind> {
        match word {
            "set" | "sample" => {
                let name = self.name()?;
                self.need_sign(&["="])?;
                let value = self.expr()?;
                Ok(if word == "set" { StmtKind::Set { name, value } } else { StmtKind::Sample { name, value } })
            }
            "bytes" => {
                let name = self.name()?;
                self.need_sign(&["="])?;
                Ok(StmtKind::Bytes { name, items: self.items(Expected::Item)? })
            }
            "do" => {
                let part = self.path()?;
                Ok(StmtKind::Do { part, arguments: self.arguments()? })
            }
            "for" => self.for_loop(),
            "if" => self.condition(),
            "clients" => self.clients(),
            word => self.cases(word),
        }
    }

    /// The error of a line that begins with no statement.
    fn no_statement<T>(&mut self, word: &str, span: Span) -> Read<T> {
        if word == "else" {
            return self.fail(ErrorKind::ElseOnNewLine, span);
        }
        let run = self.rest_of_line();
        let run = &run[..run.find([' ', '\t', ';', '{', '}']).unwrap_or(run.len())];
        let is_hex = run.len() >= 2 && run.bytes().all(|byte| byte.is_ascii_hexdigit());
        if is_hex || matches!(self.byte(0), b'"' | b'\'') || (self.byte(0), self.byte(1)) == (b'{', b'{') {
            let span = Span::new(self.at, self.at + run.len());
            return self.fail(ErrorKind::NoArrow, span);
        }
        if word.is_empty() {
            return self.unexpected(Expected::Statement);
        }
        let near = near(word, STATEMENTS.iter().chain(TOP).copied());
        self.fail(ErrorKind::UnknownWord { word: word.to_owned(), near }, span)
    }

    /// Reports a word of the second level. Reading goes on: the grammar has it.
    pub(super) fn not_yet(&mut self, span: Span) {
        let word = span.of(self.source).to_owned();
        self.report(ErrorKind::NotYet(word), span);
    }

    fn send(&mut self) -> Read<StmtKind> {
        let session = self.session_prefix()?;
        let raw = self.eat("raw");
        let items = self.items(Expected::Item)?;
        let to = self.word_after("to")?;
        Ok(StmtKind::Send(Send { session, raw, items, to }))
    }

    /// `word WORD`, if it is the next.
    pub(super) fn word_after(&mut self, word: &str) -> Read<Option<crate::talk::tree::Text>> {
        if self.eat(word).is_some() { self.bare_word(Expected::Word).map(Some) } else { Ok(None) }
    }

    /// `else continue`, `else stop`, `else { … }`, if it is the next.
    pub(super) fn otherwise(&mut self) -> Read<Option<Otherwise>> {
        let Some(word) = self.eat("else") else { return Ok(None) };
        let kind = if self.eat("continue").is_some() {
            OtherwiseKind::Continue
        } else if self.eat("stop").is_some() {
            OtherwiseKind::Stop
        } else if self.at_block() {
            OtherwiseKind::Block(self.block()?)
        } else {
            return self.unexpected(Expected::OneOf(&["continue", "stop", "{"]));
        };
        Ok(Some(Otherwise { kind, span: self.since(word.start) }))
    }

    fn open(&mut self) -> Read<StmtKind> {
        let session = self.name_if_any();
        let fails = self.eat("fails");
        let mut how = None;
        if fails.is_some() {
            for (word, failure) in [
                ("refused", OpenFailure::Refused),
                ("timeout", OpenFailure::Timeout),
                ("tls", OpenFailure::Tls),
                ("unreachable", OpenFailure::Unreachable),
            ] {
                if let Some(span) = self.eat(word) {
                    how = Some(Spanned::new(failure, span));
                    break;
                }
            }
        }
        let within = self.time_after("within")?;
        Ok(StmtKind::Open(OpenStmt { session, fails, how, within }))
    }

    fn ending(&mut self, how: EndHow) -> Read<StmtKind> {
        let session = self.name_if_any();
        let to = self.word_after("to")?;
        Ok(StmtKind::End(End { how, session, to }))
    }

    fn repeat(&mut self) -> Read<StmtKind> {
        let counts = !self.at_block() && !self.is_at("every") && !self.is_at("until");
        let count = if counts { Some(self.value()?) } else { None };
        let every = self.time_after("every")?;
        let until = if self.eat("until").is_some() { Some(self.expr()?) } else { None };
        Ok(StmtKind::Repeat(Repeat { count, every, until, body: self.block()? }))
    }

    fn transfer(&mut self, kind: TransferKind) -> Read<StmtKind> {
        let session = self.session_prefix()?;
        let mut kind = kind;
        if matches!(kind, TransferKind::Serve(_)) && !self.at_text() {
            let word = self.bare_word(Expected::Text)?;
            kind = TransferKind::Serve(match word.plain() {
                Some("modbus-tcp") => ServeKind::ModbusTcp,
                Some("modbus-rtu") => ServeKind::ModbusRtu,
                _ => {
                    let found = Found::Text(word.span.of(self.source).to_owned());
                    let expected = Expected::OneOf(&["modbus-tcp", "modbus-rtu", "\""]);
                    return self.fail(ErrorKind::Unexpected { found, expected }, word.span);
                }
            });
        }
        let what = self.text()?;
        let mut options = Vec::new();
        while !self.at_end() {
            options.push(self.bare_word(Expected::Word)?);
        }
        Ok(StmtKind::Transfer(Transfer { kind, session, what, options }))
    }

    /// `{ … }`.
    pub(super) fn block(&mut self) -> Read<Block> {
        let (stmts, span) = self.in_braces(Self::statement)?;
        Ok(Block { stmts, span })
    }

    /// Lines between braces. What cannot be read is left out; its error is in the list.
    pub(super) fn in_braces<T>(&mut self, read: fn(&mut Self) -> Read<T>) -> Read<(Vec<T>, Span)> {
        if !self.at_block() {
            return self.unexpected(Expected::OneOf(&["{"]));
        }
        let opened = self.take(1);
        let mut found = Vec::new();
        loop {
            self.skip_separators();
            if self.byte(0) == b'}' {
                self.take(1);
                return Ok((found, self.since(opened.start)));
            }
            if self.at_end_of_file() || self.at_top_word() {
                self.missing_brace(opened);
                return Ok((found, self.since(opened.start)));
            }
            let start = self.at;
            match read(self) {
                Ok(one) => found.push(one),
                Err(Failed) => self.recover(start),
            }
        }
    }

    /// Whether an entry of the top begins here.
    fn at_top_word(&mut self) -> bool {
        let word = self.word();
        TOP.contains(&word)
    }
}
