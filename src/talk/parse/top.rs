//! Entries at the top of a file.

use super::cursor::{Failed, Parser, Read};
use crate::talk::error::{ErrorKind, Expected};
use crate::talk::tree::{
    File, Part, Retry, Role, Rule, Session, SessionOption, Span, Spanned, Step, Top, TopKind, Trigger, Use, Var,
};

/// The version of the language that this parser reads.
const VERSION: u64 = 1;

impl Parser<'_> {
    /// The whole file.
    pub(super) fn file(&mut self) -> File {
        let mut file = File::default();
        // Whether the last entry is a step, which takes the statements that follow it.
        let mut in_step = false;
        loop {
            self.skip_separators();
            if self.at_end_of_file() {
                return file;
            }
            let start = self.at;
            if self.byte(0) == b'}' {
                let span = self.take(1);
                self.report(ErrorKind::ExtraBrace, span);
                continue;
            }
            match self.top(&mut file, in_step) {
                Ok(Some(top)) => {
                    in_step = matches!(top.kind, TopKind::Step(_));
                    file.tops.push(top);
                }
                Ok(None) => {}
                Err(Failed) => {
                    self.at = self.at.max(start);
                    self.recover(start);
                }
            }
        }
    }

    /// One entry; a statement of the step before it is added to that step.
    fn top(&mut self, file: &mut File, in_step: bool) -> Read<Option<Top>> {
        let start = self.at;
        let is_first = file.tops.is_empty() && file.version.is_none();
        let off = self.eat("off");
        if off.is_some() && !self.is_at("step") && !self.is_at("on") {
            return self.unexpected(Expected::OneOf(&["step", "on"]));
        }
        let kind = if let Some(word) = self.eat("talk") {
            file.version = Some(self.version(word, is_first)?);
            self.finish()?;
            return Ok(None);
        } else if self.eat("var").is_some() {
            let name = self.name()?;
            self.need_sign(&["="])?;
            TopKind::Var(Var { name, value: self.expr()? })
        } else if self.eat("use").is_some() {
            let path = self.text()?;
            let name = if self.eat("as").is_some() { Some(self.name()?) } else { None };
            TopKind::Use(Use { path, name, file: None })
        } else if self.eat("group").is_some() {
            TopKind::Group(self.text()?)
        } else if self.eat("session").is_some() {
            TopKind::Session(self.session()?)
        } else if let Some(word) = self.eat("part") {
            self.not_yet(word);
            TopKind::Part(self.part()?)
        } else if self.eat("step").is_some() {
            TopKind::Step(self.step(off, start)?)
        } else if self.eat("on").is_some() {
            TopKind::Rule(self.rule(off, start)?)
        } else {
            let stmt = self.statement()?;
            let Some(Top { kind: TopKind::Step(step), span }) = file.tops.last_mut().filter(|_| in_step) else {
                let span = stmt.span;
                return Ok(Some(Top { kind: TopKind::Loose(stmt), span }));
            };
            span.end = stmt.span.end;
            step.body.push(stmt);
            return Ok(None);
        };
        let span = self.since(start);
        self.finish()?;
        Ok(Some(Top { kind, span }))
    }

    fn finish(&mut self) -> Read<()> {
        if self.at_end() { Ok(()) } else { self.unexpected(Expected::EndOfStatement) }
    }

    fn version(&mut self, word: Span, is_first: bool) -> Read<Spanned<u64>> {
        let version = self.whole()?;
        if !is_first {
            return self.fail(ErrorKind::VersionNotFirst, word);
        }
        if version.value != VERSION {
            self.report(ErrorKind::Version(version.value), version.span);
        }
        Ok(version)
    }

    fn session(&mut self) -> Read<Session> {
        let name = self.name_if_any();
        let role = self.role()?;
        let endpoint = self.bare_word(Expected::Address)?;
        let onward = if self.eat("to").is_some() { Some(self.bare_word(Expected::Address)?) } else { None };
        let options = if self.at_block() { self.in_braces(Self::session_option)?.0 } else { Vec::new() };
        Ok(Session { name, role, endpoint, onward, options })
    }

    fn role(&mut self) -> Read<Spanned<Role>> {
        for (word, role) in [("connect", Role::Connect), ("listen", Role::Listen), ("forward", Role::Forward)] {
            if let Some(span) = self.eat(word) {
                return Ok(Spanned::new(role, span));
            }
        }
        self.unexpected(Expected::OneOf(&["connect", "listen", "forward"]))
    }

    fn session_option(&mut self) -> Read<SessionOption> {
        self.skip();
        let start = self.at;
        let word = self.bare_word(Expected::Word)?;
        let name = word.plain().unwrap_or_default().to_owned();
        if name.is_empty() {
            self.at = start;
            return self.unexpected(Expected::Word);
        }
        let mut values = Vec::new();
        while !self.at_end() {
            if self.byte(0) == b'{' && self.byte(1) != b'{' {
                return self.unexpected(Expected::EndOfStatement);
            }
            values.push(self.argument()?);
        }
        Ok(SessionOption { name: Spanned::new(name, word.span), values, span: self.since(start) })
    }

    fn part(&mut self) -> Read<Part> {
        let name = self.name()?;
        self.need_sign(&["("])?;
        let mut parameters = Vec::new();
        if self.eat_sign(")").is_none() {
            parameters.push(self.name()?);
            while self.eat_sign(",").is_some() {
                parameters.push(self.name()?);
            }
            self.need_sign(&[")"])?;
        }
        Ok(Part { name, parameters, body: self.block()? })
    }

    fn step(&mut self, off: Option<Span>, start: usize) -> Read<Step> {
        let name = self.text()?;
        let (mut required, mut always, mut within, mut retry, mut key) = (None, None, None, None, None);
        loop {
            if let Some(span) = self.eat("required") {
                self.once(&mut required, span)?;
            } else if let Some(span) = self.eat("always") {
                self.once(&mut always, span)?;
            } else if let Some(span) = self.eat("within") {
                let time = self.time()?;
                self.once_of(&mut within, time, span)?;
            } else if let Some(span) = self.eat("retry") {
                let times = self.whole()?;
                let every = self.time_after("every")?;
                self.once_of(&mut retry, Retry { times, every }, span)?;
            } else if let Some(span) = self.eat("key") {
                let word = self.bare_word(Expected::Word)?;
                self.once_of(&mut key, word, span)?;
            } else if self.at_end() {
                let head = self.since(start);
                return Ok(Step { off, name, required, always, within, retry, key, body: Vec::new(), head });
            } else {
                return self.unexpected(Expected::OneOf(&[
                    "required",
                    "always",
                    "within",
                    "retry",
                    "key",
                    "a new line",
                ]));
            }
        }
    }

    fn rule(&mut self, off: Option<Span>, start: usize) -> Read<Rule> {
        let also = self.eat("also");
        let session = self.session_prefix()?;
        let trigger = if let Some(span) = self.eat("open") {
            Trigger::Open(span)
        } else if let Some(span) = self.eat("close") {
            Trigger::Close(span)
        } else if self.eat("idle").is_some() {
            Trigger::Idle(self.time()?)
        } else if self.eat("every").is_some() {
            Trigger::Every(self.time()?)
        } else {
            Trigger::Pattern(Box::new(self.pattern()?))
        };
        let (mut limit, mut name) = (None, None);
        loop {
            if let Some(span) = self.eat("limit") {
                let times = self.whole()?;
                self.once_of(&mut limit, times, span)?;
            } else if let Some(span) = self.eat("as") {
                let read = self.name()?;
                self.once_of(&mut name, read, span)?;
            } else {
                break;
            }
        }
        let head = self.since(start);
        if !self.at_block() {
            return self.unexpected(Expected::OneOf(&["where", "limit", "as", "{"]));
        }
        Ok(Rule { off, also, session, trigger, limit, name, body: self.block()?, head })
    }
}
