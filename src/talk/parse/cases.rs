//! What is waited for, and the statements with lines of their own.

use super::cursor::{Parser, Read};
use crate::talk::error::{ErrorKind, Expected};
use crate::talk::tree::{
    Await, AwaitKind, Block, CaseArm, Cases, CasesKind, Clients, CloseHow, For, ForSource, If, Spanned, StmtKind,
};

/// A line of `one of`.
enum Line {
    Arm(CaseArm),
    Else(Block),
}

impl Parser<'_> {
    /// `< … [within D] [else …]`.
    pub(super) fn awaiting(&mut self) -> Read<StmtKind> {
        let what = self.await_what()?;
        let within = self.time_after("within")?;
        Ok(StmtKind::Await { what, within, otherwise: self.otherwise()? })
    }

    fn await_what(&mut self) -> Read<Await> {
        let start = self.need_sign(&["<"])?.start;
        let session = self.session_prefix()?;
        let kind = if self.eat("silence").is_some() {
            AwaitKind::Silence(self.time()?)
        } else if self.eat("open").is_some() {
            AwaitKind::Open { from: self.word_after("from")? }
        } else if self.eat("close").is_some() {
            let how = self.close_how();
            AwaitKind::Close { how, from: self.word_after("from")? }
        } else {
            AwaitKind::Pattern(Box::new(self.pattern()?))
        };
        Ok(Await { session, kind, span: self.since(start) })
    }

    fn close_how(&mut self) -> Option<Spanned<CloseHow>> {
        for (word, how) in
            [("fin", CloseHow::Fin), ("rst", CloseHow::Rst), ("timeout", CloseHow::Timeout), ("tls", CloseHow::Tls)]
        {
            if let Some(span) = self.eat(word) {
                return Some(Spanned::new(how, span));
            }
        }
        None
    }

    /// `one of`, `all of` and `gather`, whose first word is read.
    pub(super) fn cases(&mut self, word: &str) -> Read<StmtKind> {
        let kind = if word == "gather" {
            let time = self.time()?;
            let name = if self.eat("as").is_some() { Some(self.name()?) } else { None };
            CasesKind::Gather { time, name }
        } else {
            self.need(&["of"])?;
            let within = self.time_after("within")?;
            if word == "one" { CasesKind::One { within } } else { CasesKind::All { within } }
        };
        let (lines, block) = self.in_braces(Self::case_line)?;
        let (mut arms, mut otherwise) = (Vec::new(), None);
        for line in lines {
            match line {
                Line::Arm(arm) => arms.push(arm),
                Line::Else(body) if matches!(kind, CasesKind::One { .. }) => {
                    let span = body.span;
                    if otherwise.replace(body).is_some() {
                        self.report(ErrorKind::OptionTwice("else".into()), span);
                    }
                }
                Line::Else(body) => {
                    self.report(ErrorKind::Excludes { one: "else", other: word_of(&kind) }, body.span);
                }
            }
        }
        Ok(StmtKind::Cases(Cases { kind, arms, otherwise, block }))
    }

    fn case_line(&mut self) -> Read<Line> {
        let line = if self.eat("else").is_some() {
            Line::Else(self.block()?)
        } else {
            self.skip();
            if self.byte(0) != b'<' {
                return self.unexpected(Expected::OneOf(&["<", "else", "}"]));
            }
            let what = self.await_what()?;
            let body = if self.at_block() { Some(self.block()?) } else { None };
            Line::Arm(CaseArm { what, body })
        };
        if self.at_end() { Ok(line) } else { self.unexpected(Expected::EndOfStatement) }
    }

    /// `for NAME, … in … { … }`, whose first word is read.
    pub(super) fn for_loop(&mut self) -> Read<StmtKind> {
        let mut names = vec![self.name()?];
        while self.eat_sign(",").is_some() {
            names.push(self.name()?);
        }
        self.need(&["in"])?;
        self.skip();
        let source = if self.eat("csv").is_some() {
            ForSource::Csv(self.text()?)
        } else if self.byte(0) == b'(' {
            let mut tuples = vec![self.tuple()?];
            while self.eat_sign(",").is_some() {
                tuples.push(self.tuple()?);
            }
            ForSource::Tuples(tuples)
        } else {
            ForSource::Name(self.name()?)
        };
        Ok(StmtKind::For(For { names, source, body: self.block()? }))
    }

    fn tuple(&mut self) -> Read<Spanned<Vec<crate::talk::tree::Expr>>> {
        self.skip();
        let start = self.at;
        let values = self.arguments()?;
        let span = self.since(start);
        if values.is_empty() { self.unexpected(Expected::Value) } else { Ok(Spanned::new(values, span)) }
    }

    /// `if EXPR { … } …`, whose first word is read.
    pub(super) fn condition(&mut self) -> Read<StmtKind> {
        let mut branches = Vec::new();
        loop {
            let condition = self.expr()?;
            branches.push((condition, self.block()?));
            if self.eat("else").is_none() {
                return Ok(StmtKind::If(If { branches, otherwise: None }));
            }
            if self.eat("if").is_none() {
                let otherwise = Some(self.block()?);
                return Ok(StmtKind::If(If { branches, otherwise }));
            }
        }
    }

    /// `clients VALUE [over D] [as NAME] { … }`, whose first word is read.
    pub(super) fn clients(&mut self) -> Read<StmtKind> {
        let count = self.value()?;
        let over = self.time_after("over")?;
        let name = if self.eat("as").is_some() { Some(self.name()?) } else { None };
        Ok(StmtKind::Clients(Clients { count, over, name, body: self.block()? }))
    }
}

fn word_of(kind: &CasesKind) -> &'static str {
    match kind {
        CasesKind::One { .. } => "one of",
        CasesKind::All { .. } => "all of",
        CasesKind::Gather { .. } => "gather",
    }
}
