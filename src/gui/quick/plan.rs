//! What quick commands send: their items evaluated, as one plan for the session's worker.

use crate::codec::framing::Builder;
use crate::codec::{Encoding, FramingRule};
use crate::engine::{Make, Maker, SendContent, SendItem, SendPlan, Unmade};
use crate::gui::quick::list::statements;
use crate::model::{PeerId, Target, parse_address};
use crate::talk::Counts;
use crate::talk::content::{Content, NoFiles};
use crate::talk::edit::Document;
use crate::talk::eval::{Fault, Names, Value, World, evaluate};
use crate::talk::tree::{
    ExprKind, ItemKind, Number, Path, Repeat, Send, Span, Stmt, StmtKind, Text, TimeKind, TopKind,
};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Items of one plan at most. A longer list is run statement by statement.
const MOST_ITEMS: usize = 10_000;

/// How the session reads and writes.
pub struct Surroundings<'a> {
    /// The encoding of texts.
    pub encoding: Encoding,
    /// What `>` puts around its content, unless it is `raw`.
    pub framing: &'a FramingRule,
}

/// Why commands are not one plan.
#[derive(Clone, Debug, PartialEq)]
pub enum NoPlan {
    /// They wait for answers, count without end, or do something else than sending: they must be run statement by statement.
    Steps,
    /// A value is missing or does not fit.
    Fault(Fault),
    /// They send nothing.
    Nothing,
}

/// The plan of commands, one behind the other. `loops`: again and again. `counts` goes up by what is sent.
///
/// # Errors
/// See [`NoPlan`]; `counts` is unchanged then.
pub fn plan(
    document: &Document,
    entries: &[usize],
    loops: bool,
    counts: &Counts,
    surroundings: &Surroundings<'_>,
) -> Result<SendPlan, NoPlan> {
    let mut making = Making {
        source: document.source(),
        surroundings,
        vars: variables(document).map_err(NoPlan::Fault)?,
        counts,
        sent: BTreeMap::new(),
        builder: Builder::new(surroundings.framing),
        items: Vec::new(),
        delay: Duration::ZERO,
        varied: Vec::new(),
        is_repeated: false,
        name: String::new(),
    };
    let only = if let [only] = entries { Some(*only) } else { None };
    let single = only.and_then(|entry| endless(document, entry)).filter(|_| !loops);
    making.is_repeated = loops || single.is_some();
    for entry in entries {
        making.name = document.name_of(*entry).unwrap_or_default();
        let stmts = statements(document, *entry).ok_or(NoPlan::Nothing)?;
        match single {
            Some(repeat) => making.round(repeat.body.stmts.iter(), Some(0))?,
            None => making.statements(stmts.into_iter())?,
        }
    }
    if making.items.is_empty() {
        return Err(NoPlan::Nothing);
    }
    making.vary(single.is_some());
    let (every, rounds) = match (single, loops) {
        (Some(repeat), _) => (Some(fixed_time(repeat.every.as_ref())?.unwrap_or(Duration::from_millis(1))), None),
        (None, true) => (Some(round(&making)), None),
        (None, false) => (None, Some(1)),
    };
    for (command, sent) in &making.sent {
        counts.raise(command, counts.of(command).saturating_add(*sent));
    }
    Ok(SendPlan { items: making.items, every, rounds })
}

/// From the start of one round of a list to the next: its delays, and a second where it has none.
fn round(making: &Making<'_>) -> Duration {
    let delays = making.items.iter().map(|item| item.delay).sum::<Duration>() + making.delay;
    if delays.is_zero() { Duration::from_secs(1) } else { delays }
}

/// The repeat without a number of rounds that an entry is.
fn endless(document: &Document, entry: usize) -> Option<&Repeat> {
    let stmts = statements(document, entry)?;
    let first = stmts.first()?;
    let is_all = matches!(stmts.as_slice(), [_] | [_, Stmt { kind: StmtKind::Wait(_), .. }]);
    match &first.kind {
        StmtKind::Repeat(repeat) if is_all && repeat.count.is_none() && repeat.until.is_none() => Some(repeat),
        _ => None,
    }
}

/// Whether an entry repeats until it is stopped.
pub fn is_endless(document: &Document, entry: usize) -> bool {
    endless(document, entry).is_some()
}

/// The bytes on the wire of one line `> …`, if they do not depend on values.
pub fn wire_of(line: &str, encoding: Encoding, framing: &FramingRule) -> Option<Vec<u8>> {
    let document = Document::new(line.to_owned());
    let surroundings = Surroundings { encoding, framing };
    let plan = plan(&document, &[0], false, &Counts::default(), &surroundings).ok()?;
    match plan.items.as_slice() {
        [SendItem { content: crate::engine::SendContent::Bytes(bytes), .. }] => Some(bytes.to_vec()),
        _ => None,
    }
}

/// The values of the variables of a file.
fn variables(document: &Document) -> Result<Names, Fault> {
    let mut names = Names::default();
    for top in &document.file().tops {
        if let TopKind::Var(var) = &top.kind {
            let mut sight = Sight { vars: &names, encoding: Encoding::UTF_8, sends: 0, round: None };
            let value = match std::env::var(format!("WIREBENCH_VAR_{}", var.name.value)) {
                Ok(text) => Value::text(text),
                Err(_) => evaluate(&var.value, &mut sight)?,
            };
            names.set(&var.name.value, value);
        }
    }
    Ok(names)
}

/// A plan while it is made.
struct Making<'a> {
    source: &'a str,
    surroundings: &'a Surroundings<'a>,
    vars: Names,
    counts: &'a Counts,
    /// How often the plan sends each command.
    sent: BTreeMap<&'a str, u64>,
    builder: Builder,
    items: Vec<SendItem>,
    /// The waits behind the last item.
    delay: Duration,
    /// The rounds follow each other without end.
    is_repeated: bool,
    /// The items whose bytes each round makes for itself, with the commands that they belong to.
    varied: Vec<(usize, Varied)>,
    name: String,
}

impl Making<'_> {
    fn statements<'s>(&mut self, stmts: impl Iterator<Item = &'s Stmt>) -> Result<(), NoPlan> {
        self.round(stmts, None)
    }

    fn round<'s>(&mut self, stmts: impl Iterator<Item = &'s Stmt>, round: Option<u64>) -> Result<(), NoPlan> {
        for stmt in stmts {
            match &stmt.kind {
                StmtKind::Send(send) => self.send(send, stmt.span, round)?,
                StmtKind::Wait(time) => self.delay += fixed_time(Some(time))?.unwrap_or_default(),
                StmtKind::Repeat(repeat) if repeat.until.is_none() => self.repeat(repeat)?,
                _ => return Err(NoPlan::Steps),
            }
        }
        Ok(())
    }

    fn repeat(&mut self, repeat: &Repeat) -> Result<(), NoPlan> {
        let count = match repeat.count.as_ref().map(|count| &count.kind) {
            Some(ExprKind::Number(Number::Int(count))) => *count,
            _ => return Err(NoPlan::Steps),
        };
        let every = fixed_time(repeat.every.as_ref())?.unwrap_or_default();
        for round in 0..count {
            let before = self.items.len();
            self.round(repeat.body.stmts.iter(), Some(round))?;
            // The rest of the round.
            let took: Duration =
                self.items.iter().skip(before + 1).map(|item| item.delay).sum::<Duration>() + self.delay;
            if round + 1 < count {
                self.delay += every.saturating_sub(took);
            }
        }
        Ok(())
    }

    fn send(&mut self, send: &Send, span: Span, round: Option<u64>) -> Result<(), NoPlan> {
        // Files are read from the disk, which is not for the thread of the window.
        if send.items.iter().any(|item| matches!(item.kind, ItemKind::File(_))) || self.items.len() >= MOST_ITEMS {
            return Err(NoPlan::Steps);
        }
        let Surroundings { encoding, framing } = *self.surroundings;
        let content = Content::of_send(send, span, encoding).map_err(NoPlan::Fault)?;
        let varies = self.is_repeated && content.fixed().is_none() && send.items.iter().any(|item| varies(&item.kind));
        let command = span.of(self.source);
        let sends = self.counts.of(command) + self.sent.get(command).copied().unwrap_or(0);
        let mut sight = Sight { vars: &self.vars, encoding, sends, round };
        let builder = (*framing != FramingRule::default()).then_some(&mut self.builder);
        let bytes = content.wire(builder, None, &mut sight, &mut NoFiles).map_err(NoPlan::Fault)?;
        let mut item = SendItem::bytes(bytes).after(std::mem::take(&mut self.delay)).named(&self.name);
        if let Some(to) = &send.to {
            item = item.to(self.target(to)?);
        }
        if varies {
            let framing = (*framing != FramingRule::default()).then(|| framing.clone());
            let (vars, written) = (self.vars.clone(), command.to_owned());
            let varied = Varied { content, vars, encoding, framing, sends, step: 1, round, is_round: false, written };
            self.varied.push((self.items.len(), varied));
        }
        self.items.push(item);
        *self.sent.entry(command).or_default() += 1;
        Ok(())
    }

    /// Lets each round make the bytes of items with values. `is_round`: the rounds are those of the command itself.
    fn vary(&mut self, is_round: bool) {
        for (index, varied) in self.varied.drain(..) {
            let step = self.sent.get(&*varied.written).copied().unwrap_or(1);
            if let Some(item) = self.items.get_mut(index) {
                item.content = SendContent::Made(Maker::new(Varied { step, is_round, ..varied }));
            }
        }
    }

    /// `all`, a number of a peer, or an address.
    fn target(&self, to: &Text) -> Result<Target, NoPlan> {
        let word = to.plain().unwrap_or_else(|| to.span.of(self.source));
        let number = word.trim_start_matches('#').parse::<u32>().ok();
        match (word, number, parse_address(word)) {
            ("all", ..) => Ok(Target::All),
            (_, Some(number), _) => Ok(Target::Peer(PeerId(number))),
            (_, _, Some(address)) => Ok(Target::Address(address)),
            _ => Err(NoPlan::Steps),
        }
    }
}

/// What is sent in each round of a repeat, with values of its own.
#[derive(Debug)]
struct Varied {
    content: Content,
    vars: Names,
    encoding: Encoding,
    framing: Option<FramingRule>,
    /// How often the command was sent before the first round.
    sends: u64,
    /// How often it is sent in each round.
    step: u64,
    round: Option<u64>,
    /// The rounds are those of the command itself.
    is_round: bool,
    written: String,
}

impl Make for Varied {
    fn make(&self, round: u64) -> Result<Arc<[u8]>, Unmade> {
        let sends = self.sends.saturating_add(round.saturating_mul(self.step));
        let own = if self.is_round { Some(round) } else { self.round };
        let mut sight = Sight { vars: &self.vars, encoding: self.encoding, sends, round: own };
        let mut builder = self.framing.as_ref().map(Builder::new);
        let bytes = self.content.wire(builder.as_mut(), None, &mut sight, &mut NoFiles);
        bytes.map(Into::into).map_err(|_| Unmade { written: self.written.clone() })
    }
}

/// An item that may differ from send to send.
fn varies(item: &ItemKind) -> bool {
    match item {
        ItemKind::Insert(_) => true,
        ItemKind::Text(text) => text.plain().is_none(),
        _ => false,
    }
}

fn fixed_time(time: Option<&crate::talk::tree::Time>) -> Result<Option<Duration>, NoPlan> {
    match time.map(|time| &time.kind) {
        Some(TimeKind::Fixed(time)) => Ok(Some(*time)),
        Some(TimeKind::Name(_)) => Err(NoPlan::Steps),
        None => Ok(None),
    }
}

/// What expressions see.
struct Sight<'a> {
    vars: &'a Names,
    encoding: Encoding,
    sends: u64,
    round: Option<u64>,
}

impl World for Sight<'_> {
    fn value(&mut self, name: &Path) -> Option<Value> {
        let dotted = name.dotted();
        if let Some(value) = self.vars.get(&dotted) {
            return Some(value.clone());
        }
        match dotted.as_str() {
            "n" => Some(Value::Int(self.sends.into())),
            "round" => self.round.map(|round| Value::Int(round.into())),
            _ => None,
        }
    }

    fn encoding(&self) -> Encoding {
        self.encoding
    }

    fn now(&mut self) -> jiff::Zoned {
        jiff::Zoned::now()
    }

    fn random(&mut self) -> u64 {
        crate::model::random_bits()
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(source: &str, entries: &[usize], loops: bool, framing: &str) -> Result<SendPlan, NoPlan> {
        let document = Document::new(source.to_owned());
        assert_eq!(document.errors(), []);
        let framing = if framing == "none" { FramingRule::default() } else { framing.parse().unwrap() };
        let surroundings = Surroundings { encoding: Encoding::GBK, framing: &framing };
        plan(&document, entries, loops, &Counts::default(), &surroundings)
    }

    fn shown(plan: &SendPlan) -> Vec<(String, u128)> {
        let bytes = |item: &SendItem| match &item.content {
            SendContent::Bytes(bytes) => crate::codec::hex::spaced_upper(bytes),
            _ => panic!("no bytes"),
        };
        plan.items.iter().map(|item| (bytes(item), item.delay.as_millis())).collect()
    }

    fn rows(source: &str, entries: &[usize], framing: &str) -> Vec<(String, u128)> {
        shown(&made(source, entries, false, framing).unwrap())
    }

    fn row(bytes: &str, delay: u128) -> (String, u128) {
        (bytes.to_owned(), delay)
    }

    #[test]
    fn commands_become_items_with_names_and_delays() {
        let source = "var unit = 7\nstep \"a\"\n> {{unit:u8}} \"你\"\nwait 20ms\n> 02 to 3\ngroup \"g\"\n> 03\n";
        assert_eq!(rows(source, &[1, 3], "none"), [row("07 C4 E3", 0), row("02", 20), row("03", 0)]);
        let plan = made(source, &[1], false, "none").unwrap();
        assert_eq!(plan.items[0].name.as_deref(), Some("a"));
        assert_eq!((plan.items[0].target, plan.items[1].target), (None, Some(Target::Peer(PeerId(3)))));
        assert_eq!((plan.every, plan.rounds), (None, Some(1)));
    }

    #[test]
    fn content_gets_the_frame_of_the_session_and_raw_bytes_do_not() {
        let source = "> 01 03 0000 000A\n> raw 01 03\n";
        assert_eq!(rows(source, &[0, 1], "modbus-rtu"), [row("01 03 00 00 00 0A C5 CD", 0), row("01 03", 0)]);
    }

    #[test]
    fn repeats_are_rounds_and_count() {
        assert_eq!(
            rows("repeat 3 every 50ms { > {{n:u8}} {{round:u8}} }\n> {{n:u8}}\n", &[0, 1], "none"),
            [row("00 00", 0), row("01 01", 50), row("02 02", 50), row("00", 0)]
        );
        let plan = made("repeat every 1s { > 01; wait 100ms; > 02 }\n", &[0], false, "none").unwrap();
        assert_eq!(
            (shown(&plan), plan.every, plan.rounds),
            (vec![row("01", 0), row("02", 100)], Some(Duration::from_secs(1)), None)
        );
        let plan = made("> 01\nwait 30ms\n> 02\nwait 70ms\n", &[0, 1], true, "none").unwrap();
        assert_eq!((plan.every, plan.rounds), (Some(Duration::from_millis(100)), None));
        let plan = made("> 01\n> 02\n", &[0, 1], true, "none").unwrap();
        assert_eq!(plan.every, Some(Duration::from_secs(1)), "a list without delays does not flood");
    }

    #[test]
    fn what_waits_is_run_by_statements() {
        for source in ["> 01\n< 02\n", "> file \"a\"\n", "repeat 9999999 { > 01 }\n"] {
            assert_eq!(made(source, &[0], false, "none"), Err(NoPlan::Steps), "{source}");
        }
        assert_eq!(made("check 1 == 1\n", &[0], false, "none"), Err(NoPlan::Steps));
        assert!(matches!(made("> {{300:u8}}\n", &[0], false, "none"), Err(NoPlan::Fault(_))));
        assert_eq!(made("wait 1s\n", &[0], false, "none"), Err(NoPlan::Nothing));
    }

    #[test]
    fn a_repeat_without_end_has_other_values_in_each_round() {
        let of_round = |plan: &SendPlan, index: usize, round| match &plan.items[index].content {
            SendContent::Made(maker) => maker.make(round).unwrap().to_vec(),
            SendContent::Bytes(bytes) => bytes.to_vec(),
            _ => panic!("no bytes"),
        };
        let beat = made("repeat every 1s { > {{n:u8}} {{round:u8}}; > 09 }\n", &[0], false, "none").unwrap();
        assert_eq!((of_round(&beat, 0, 0), of_round(&beat, 0, 3)), (vec![0, 0], vec![3, 3]));
        assert_eq!(of_round(&beat, 1, 3), [9], "it is always the same");
        let list = made("> raw {{n:u8}}\n> {{n:u8}} 00 00 00 00 01\n", &[0, 1], true, "modbus-rtu").unwrap();
        assert_eq!(of_round(&list, 0, 5), [5]);
        assert_eq!(of_round(&list, 1, 1)[..6], [1, 0, 0, 0, 0, 1]);
        assert_eq!(of_round(&list, 1, 1).len(), 8, "each has its check");
        let SendContent::Made(maker) = &list.items[0].content else { panic!("it varies") };
        assert_eq!(maker.make(256), Err(Unmade { written: "> raw {{n:u8}}".to_owned() }));
    }

    #[test]
    fn sends_are_counted_from_one_run_to_the_next() {
        let document = Document::new("> {{n:u8}}\n> \"x{{n}}\"\n".to_owned());
        let framing = FramingRule::default();
        let surroundings = Surroundings { encoding: Encoding::UTF_8, framing: &framing };
        let counts = Counts::default();
        let next = |entry| shown(&plan(&document, &[entry], false, &counts, &surroundings).unwrap());
        assert_eq!(
            (next(0), next(0), next(1), next(0)),
            (vec![row("00", 0)], vec![row("01", 0)], vec![row("78 30", 0)], vec![row("02", 0)])
        );
    }
}
