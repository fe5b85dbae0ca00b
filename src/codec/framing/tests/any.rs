//! Generates any rule with any check from the descriptions, so that new rules and options are covered without a change here.

use crate::codec::fields::{self, Choice, Field, FieldId, Kind, Value};
use crate::codec::framing::RULES;
use crate::codec::{Check, ChecksumKind, Encoding, FramingRule};
use proptest::prelude::*;
use std::collections::HashMap;
use std::time::Duration;

/// Arbitrary bytes, with the special characters of the text form overrepresented.
fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(&b"|\\' ,+:=@x0"[..])];
    prop::collection::vec(byte, 1..=most)
}

fn number(least: i64, most: i64) -> impl Strategy<Value = i64> {
    let (low, high) = (least.max(-9), most.min(least.max(-9).saturating_add(300)));
    prop_oneof![3 => low..=high, 1 => least..=most]
}

fn value(kind: Kind) -> BoxedStrategy<Value> {
    match kind {
        Kind::Flag => Just(Value::Set).boxed(),
        Kind::Number { least, most } => number(least, most).prop_map(Value::Number).boxed(),
        Kind::Size { least, most } => number(least as i64, most as i64).prop_map(Value::Number).boxed(),
        Kind::Duration => (1..86_400_000_000_u64).prop_map(|us| Value::Duration(Duration::from_micros(us))).boxed(),
        Kind::Byte => bytes(1).prop_map(Value::Bytes).boxed(),
        Kind::Bytes => bytes(5).prop_map(Value::Bytes).boxed(),
        Kind::ByteStrings => prop::collection::vec(bytes(3), 1..4).prop_map(Value::ByteStrings).boxed(),
        Kind::Swaps => prop::collection::vec((any::<u8>(), bytes(3)), 1..4).prop_map(Value::Swaps).boxed(),
        Kind::Mask => {
            (1..=u64::MAX).prop_filter_map("not 0", |mask| std::num::NonZeroU64::new(mask).map(Value::Mask)).boxed()
        }
        Kind::PlacedBytes { farthest } => {
            (number(0, farthest), bytes(4)).prop_map(|(place, bytes)| Value::PlacedBytes(place as u64, bytes)).boxed()
        }
        Kind::Choice(choices) => (0..choices.len(), any::<prop::sample::Index>())
            .prop_map(|(index, number)| Value::Choice(index, numbered(choices[index], number)))
            .boxed(),
        Kind::Encoding => {
            prop::sample::select(vec![Encoding::BIG5, Encoding::GBK, Encoding::UTF_8]).prop_map(Value::Encoding).boxed()
        }
    }
}

/// A valid number after the word, or sometimes none if the word alone is valid, too.
fn numbered(choice: Choice, number: prop::sample::Index) -> Option<i64> {
    let numbers = choice.number?;
    let count = (numbers.most - numbers.least + 1) as usize;
    let picked = number.index(count + usize::from(numbers.usual.is_none()));
    (picked < count).then(|| numbers.least + picked as i64)
}

fn values<R>(fields: &[&'static Field<R>]) -> impl Strategy<Value = HashMap<FieldId, Value>> + use<R> {
    let all: Vec<_> = fields
        .iter()
        .map(|field| {
            let id = field.id;
            prop::option::weighted(0.6, value(field.kind)).prop_map(move |value| value.map(|value| (id, value)))
        })
        .collect();
    all.prop_map(|values| values.into_iter().flatten().collect())
}

/// Sets the values that apply to `rule`; `None`: a required value is missing.
fn filled<R: Clone>(fields: &[&'static Field<R>], mut rule: R, values: &HashMap<FieldId, Value>) -> Option<R> {
    let given = |field: &'static Field<R>, rule: &R| {
        let fits = |value: &&Value| {
            let kind = field.kind_in(rule);
            field.applies(rule) && (kind == Kind::Flag || kind.read("", &kind.write(value)).is_ok())
        };
        Ok::<_, ()>(values.get(&field.id).filter(fits).cloned())
    };
    fields::fill(fields, &mut rule, given).ok()?;
    Some(rule)
}

fn check() -> impl Strategy<Value = Check> {
    let kinds: Vec<ChecksumKind> = ChecksumKind::all().collect();
    (prop::sample::select(kinds), values(&Check::fields()))
        .prop_filter_map("a check that lacks an option", |(kind, values)| {
            filled(&Check::fields(), Check::trailing(kind), &values)
        })
}

/// Any rule that the text form can express.
pub(crate) fn rule() -> impl Strategy<Value = FramingRule> {
    let bare =
        (0..RULES.len()).prop_flat_map(|kind| values(&RULES[kind].fields()).prop_map(move |values| (kind, values)));
    let boundary = bare.prop_filter_map("a rule that lacks an option", |(kind, values)| {
        filled(&RULES[kind].fields(), RULES[kind].bare(), &values)
    });
    (boundary, prop::option::of(check())).prop_map(|(rule, check)| FramingRule { check, ..rule })
}
