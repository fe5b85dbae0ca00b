//! Visits every node of a file in the order of the source.

use super::{
    Await, AwaitKind, Block, CasesKind, Expr, ExprKind, ForSource, Insert, Item, ItemKind, Match, Name, OtherwiseKind,
    Path, Pattern, Regex, Rule, Step, Stmt, StmtKind, Text, TextPiece, Time, TimeKind, Trigger, Type,
};
use crate::talk::vocabulary;

/// What is done at each node. Everything does nothing unless it is implemented.
pub trait Visitor {
    /// Before what is in the statement.
    fn statement(&mut self, _stmt: &Stmt) {}
    /// Before what is in the expression.
    fn expr(&mut self, _expr: &Expr) {}
    /// Before what is in the item.
    fn item(&mut self, _item: &Item) {}
    /// A regular expression.
    fn regex(&mut self, _regex: &Regex) {}
    /// Before what is in the pattern.
    fn pattern(&mut self, _pattern: &Pattern) {}
    /// A condition, before what is in it.
    fn condition(&mut self, _expr: &Expr) {}
    /// A value that is written as bytes of a type, before what is in it.
    fn typed(&mut self, _insert: &Insert<Type>) {}
    /// A name that gets a value.
    fn sets(&mut self, _name: &Name) {}
    /// A name whose value is needed.
    fn uses(&mut self, _path: &Path) {}
    /// A session that a line names; `None`: a line that could name one.
    fn session(&mut self, _name: Option<&Name>, _stmt: &Stmt) {}
}

/// Visits statements.
pub fn walk_statements(stmts: &[Stmt], visitor: &mut dyn Visitor) {
    for stmt in stmts {
        walk_statement(stmt, visitor);
    }
}

/// Visits the parts of a step.
pub fn walk_step(step: &Step, visitor: &mut dyn Visitor) {
    walk_text(&step.name, visitor);
    let every = step.retry.as_ref().and_then(|retry| retry.every.as_ref());
    for time in step.within.iter().chain(every) {
        walk_time(time, visitor);
    }
    walk_statements(&step.body, visitor);
}

/// Visits the parts of a rule.
pub fn walk_rule(rule: &Rule, visitor: &mut dyn Visitor) {
    match &rule.trigger {
        Trigger::Pattern(pattern) => walk_pattern(pattern, visitor),
        Trigger::Idle(time) | Trigger::Every(time) => walk_time(time, visitor),
        Trigger::Open(_) | Trigger::Close(_) => {}
    }
    walk_block(&rule.body, visitor);
}

fn walk_block(block: &Block, visitor: &mut dyn Visitor) {
    walk_statements(&block.stmts, visitor);
}

fn walk_statement(stmt: &Stmt, visitor: &mut dyn Visitor) {
    visitor.statement(stmt);
    match &stmt.kind {
        StmtKind::Send(send) => {
            visitor.session(send.session.as_ref(), stmt);
            send.items.iter().for_each(|item| walk_item(item, visitor));
            send.to.iter().for_each(|word| walk_text(word, visitor));
        }
        StmtKind::Await { what, within, otherwise } => {
            walk_await(what, stmt, visitor);
            within.iter().for_each(|time| walk_time(time, visitor));
            walk_otherwise(otherwise.as_ref().map(|otherwise| &otherwise.kind), visitor);
        }
        StmtKind::Check { condition, otherwise } => {
            walk_condition(condition, visitor);
            walk_otherwise(otherwise.as_ref().map(|otherwise| &otherwise.kind), visitor);
        }
        StmtKind::Fail(text) | StmtKind::Note(text) => walk_text(text, visitor),
        StmtKind::Wait(time) => walk_time(time, visitor),
        StmtKind::Set { name, value } | StmtKind::Sample { name, value } => {
            walk_expr(value, visitor);
            visitor.sets(name);
        }
        StmtKind::Bytes { name, items } => {
            items.iter().for_each(|item| walk_item(item, visitor));
            visitor.sets(name);
        }
        StmtKind::Open(open) => {
            visitor.session(open.session.as_ref(), stmt);
            open.within.iter().for_each(|time| walk_time(time, visitor));
        }
        StmtKind::Stop(session) => visitor.session(session.as_ref(), stmt),
        StmtKind::End(end) => {
            visitor.session(end.session.as_ref(), stmt);
            end.to.iter().for_each(|word| walk_text(word, visitor));
        }
        StmtKind::Transfer(transfer) => {
            visitor.session(transfer.session.as_ref(), stmt);
            walk_text(&transfer.what, visitor);
            transfer.options.iter().for_each(|word| walk_text(word, visitor));
        }
        _ => walk_compound(stmt, visitor),
    }
}

/// Statements with blocks.
fn walk_compound(stmt: &Stmt, visitor: &mut dyn Visitor) {
    match &stmt.kind {
        StmtKind::Cases(cases) => {
            match &cases.kind {
                CasesKind::One { within } | CasesKind::All { within } => {
                    within.iter().for_each(|time| walk_time(time, visitor));
                }
                CasesKind::Gather { time, name } => {
                    walk_time(time, visitor);
                    name.iter().for_each(|name| visitor.sets(name));
                }
            }
            for arm in &cases.arms {
                walk_await(&arm.what, stmt, visitor);
                arm.body.iter().for_each(|body| walk_block(body, visitor));
            }
            cases.otherwise.iter().for_each(|body| walk_block(body, visitor));
        }
        StmtKind::Repeat(repeat) => {
            repeat.count.iter().for_each(|count| walk_expr(count, visitor));
            repeat.every.iter().for_each(|time| walk_time(time, visitor));
            repeat.until.iter().for_each(|until| walk_condition(until, visitor));
            walk_block(&repeat.body, visitor);
        }
        StmtKind::For(each) => {
            match &each.source {
                ForSource::Tuples(tuples) => {
                    tuples.iter().flat_map(|tuple| &tuple.value).for_each(|expr| walk_expr(expr, visitor));
                }
                ForSource::Name(name) => visitor.uses(&Path { names: vec![name.clone()], span: name.span }),
                ForSource::Csv(path) => walk_text(path, visitor),
            }
            each.names.iter().for_each(|name| visitor.sets(name));
            walk_block(&each.body, visitor);
        }
        StmtKind::If(choice) => {
            for (condition, body) in &choice.branches {
                walk_condition(condition, visitor);
                walk_block(body, visitor);
            }
            choice.otherwise.iter().for_each(|body| walk_block(body, visitor));
        }
        StmtKind::Clients(clients) => {
            walk_expr(&clients.count, visitor);
            clients.over.iter().for_each(|time| walk_time(time, visitor));
            clients.name.iter().for_each(|name| visitor.sets(name));
            walk_block(&clients.body, visitor);
        }
        StmtKind::Do { arguments, .. } => arguments.iter().for_each(|expr| walk_expr(expr, visitor)),
        _ => {}
    }
}

fn walk_otherwise(otherwise: Option<&OtherwiseKind>, visitor: &mut dyn Visitor) {
    if let Some(OtherwiseKind::Block(block)) = otherwise {
        walk_block(block, visitor);
    }
}

fn walk_await(what: &Await, stmt: &Stmt, visitor: &mut dyn Visitor) {
    visitor.session(what.session.as_ref(), stmt);
    match &what.kind {
        AwaitKind::Pattern(pattern) => walk_pattern(pattern, visitor),
        AwaitKind::Silence(time) => walk_time(time, visitor),
        AwaitKind::Open { from } | AwaitKind::Close { from, .. } => {
            from.iter().for_each(|word| walk_text(word, visitor));
        }
    }
}

fn walk_pattern(pattern: &Pattern, visitor: &mut dyn Visitor) {
    visitor.pattern(pattern);
    match &pattern.body {
        Match::Regex(regex) => {
            visitor.regex(regex);
            named_groups(regex).for_each(|name| visitor.sets(&name));
        }
        Match::Items(items) => items.iter().for_each(|item| walk_item(item, visitor)),
    }
    pattern.from.iter().for_each(|word| walk_text(word, visitor));
    pattern.condition.iter().for_each(|condition| walk_condition(condition, visitor));
}

/// `(?P<name>…)` and `(?<name>…)` capture as `{{?name}}` does.
fn named_groups(regex: &Regex) -> impl Iterator<Item = Name> {
    let groups = regex.source.split("(?").skip(1).filter_map(|after| {
        let after = after.strip_prefix('P').unwrap_or(after).strip_prefix('<')?;
        let (name, _) = after.split_once('>')?;
        (!name.starts_with(['=', '!'])).then(|| name.to_owned())
    });
    groups.map(|name| Name::new(name, regex.span))
}

fn walk_item(item: &Item, visitor: &mut dyn Visitor) {
    visitor.item(item);
    match &item.kind {
        ItemKind::Text(text) | ItemKind::Check(text) | ItemKind::File(text) => walk_text(text, visitor),
        ItemKind::Insert(insert) => {
            visitor.typed(insert);
            walk_expr(&insert.value, visitor);
            insert.form.iter().for_each(|form| walk_type(&form.value, visitor));
        }
        ItemKind::Capture(capture) => {
            capture.form.iter().for_each(|form| walk_type(&form.value, visitor));
            visitor.sets(&capture.name);
        }
        ItemKind::Hex(_) | ItemKind::Any => {}
    }
}

fn walk_type(form: &Type, visitor: &mut dyn Visitor) {
    if let Type::Bytes(Some(size)) | Type::Text(Some(size)) = form {
        walk_expr(size, visitor);
    }
}

/// Visits the fields of a text.
pub fn walk_text(text: &Text, visitor: &mut dyn Visitor) {
    for piece in &text.pieces {
        match piece {
            TextPiece::Insert(insert) => walk_expr(&insert.value, visitor),
            TextPiece::Capture(capture) => visitor.sets(&capture.name),
            TextPiece::Chars(_) | TextPiece::Bytes(_) => {}
        }
    }
}

fn walk_time(time: &Time, visitor: &mut dyn Visitor) {
    if let TimeKind::Name(name) = &time.kind {
        let name = Name::new(name.clone(), time.span);
        visitor.uses(&Path { span: time.span, names: vec![name] });
    }
}

fn walk_condition(expr: &Expr, visitor: &mut dyn Visitor) {
    visitor.condition(expr);
    walk_expr(expr, visitor);
}

/// Visits an expression.
pub fn walk_expr(expr: &Expr, visitor: &mut dyn Visitor) {
    visitor.expr(expr);
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Bool(_) => {}
        ExprKind::Text(text) => walk_text(text, visitor),
        ExprKind::Name(path) => visitor.uses(path),
        // Names of sessions and rules, which have no value.
        ExprKind::Call { function, .. } if vocabulary::takes_names(function.single()) => {}
        ExprKind::Call { arguments, .. } => arguments.iter().for_each(|argument| walk_expr(argument, visitor)),
        ExprKind::Unary { operand, .. } => walk_expr(operand, visitor),
        ExprKind::Binary { left, right, .. } => {
            walk_expr(left, visitor);
            walk_expr(right, visitor);
        }
        ExprKind::Between { value, low, high } => {
            [value, low, high].into_iter().for_each(|part| walk_expr(part, visitor));
        }
        ExprKind::Matches { value, regex } => {
            walk_expr(value, visitor);
            visitor.regex(regex);
        }
    }
}
