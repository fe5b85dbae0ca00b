#![allow(clippy::needless_pass_by_value, reason = "edits are written where they are used")]

use super::*;
use proptest::prelude::*;

fn edited(source: &str, edit: Edit) -> String {
    let mut document = Document::new(source.to_owned());
    document.apply(&edit).unwrap_or_else(|error| panic!("{source}: {error:?}"));
    document.source().to_owned()
}

fn refused(source: &str, edit: Edit) -> EditError {
    let mut document = Document::new(source.to_owned());
    let error = document.apply(&edit).unwrap_err();
    assert_eq!(document.source(), source);
    error
}

const LIST: &str = "# the list\n\n> \"AT\"  # first\n< \"OK\"\n> \"ATI\"\n\ngroup \"g\"\n# about a\nstep \"a\" key F5\n> 01\nwait 20ms\non 01 { > 02 }\n";

#[test]
fn entries_are_what_a_list_shows() {
    let document = Document::new(LIST.to_owned());
    let lines: Vec<&str> = document.entries().iter().map(|entry| entry.lines.of(LIST)).collect();
    assert_eq!(
        lines,
        [
            "> \"AT\"  # first\n< \"OK\"\n",
            "> \"ATI\"\n",
            "group \"g\"\n",
            "step \"a\" key F5\n> 01\nwait 20ms\n",
            "on 01 { > 02 }\n"
        ]
    );
    assert_eq!(document.entries()[0].comment, crate::talk::tree::Span::new(12, 12));
    assert_eq!(document.entries()[3].comment.of(LIST), "# about a\n");
    let EntryKind::Command(command) = &document.entries()[0].kind else { panic!() };
    assert_eq!((command.sends.of(LIST), command.awaits), ("\"AT\"", true));
    let EntryKind::Step { key, command, .. } = &document.entries()[3].kind else { panic!() };
    assert_eq!((key.as_deref(), command.delay), (Some("F5"), Some(Duration::from_millis(20))));
}

#[test]
fn entries_move_with_their_comment() {
    assert_eq!(
        edited(LIST, Edit::Move { entry: 3, to: Place::Before(1) }),
        "# the list\n\n> \"AT\"  # first\n< \"OK\"\n# about a\nstep \"a\" key F5\n> 01\nwait 20ms\nstep \"ATI\"\n> \"ATI\"\n\ngroup \"g\"\non 01 { > 02 }\n"
    );
    assert_eq!(edited("> 01\n> 02", Edit::Move { entry: 1, to: Place::Before(0) }), "> 02\n> 01\n");
    assert_eq!(edited("> 01; > 02 # c\n> 03\n", Edit::Move { entry: 1, to: Place::End }), "> 01\n> 03\n> 02 # c\n");
}

#[test]
fn entries_are_inserted_replaced_and_deleted() {
    let list = "> 01\r\n> 02\r\n";
    assert_eq!(
        edited(list, Edit::Insert { at: Place::After(0), lines: "> 03\n> 04".into() }),
        "> 01\r\n> 03\r\n> 04\r\n> 02\r\n"
    );
    assert_eq!(edited("", Edit::Insert { at: Place::End, lines: "> 03".into() }), "> 03\n");
    assert_eq!(edited("> 01; > 02", Edit::Insert { at: Place::After(0), lines: "> 03".into() }), "> 01\n> 03\n> 02");
    assert_eq!(edited(list, Edit::Delete { entry: 0 }), "> 02\r\n");
    assert_eq!(edited("> 01; > 02; > 03\n", Edit::Delete { entry: 1 }), "> 01; > 03\n");
    assert_eq!(
        edited("# c\n\n# d\n> 01\n> 02", Edit::Replace { entry: 0, lines: "> 05".into() }),
        "# c\n\n# d\n> 05\n> 02"
    );
    assert_eq!(
        edited("step 'a'\n> 01\ngroup 'g'\n> 02\n", Edit::Delete { entry: 1 }),
        "step 'a'\n> 01\nstep \"02\"\n> 02\n"
    );
    assert!(matches!(refused(list, Edit::Insert { at: Place::End, lines: "> 0".into() }), EditError::BadLines(_)));
    assert_eq!(refused(list, Edit::Delete { entry: 2 }), EditError::NoEntry(2));
    assert_eq!(refused("> 0\n> 01\n", Edit::Delete { entry: 0 }), EditError::FileHasErrors);
}

#[test]
fn properties_change_only_their_words() {
    let rename = |entry, name: &str| Edit::Rename { entry, name: name.to_owned() };
    assert_eq!(
        edited("> \"AT\"\n> 02\n", rename(0, "读 \"x\"")),
        "step \"读 \\\"x\\\"\"\n> \"AT\"\nstep \"02\"\n> 02\n"
    );
    assert_eq!(edited("step  'a'  required # c\n", rename(0, "b")), "step  \"b\"  required # c\n");
    assert_eq!(edited("on 01 limit 3 { }\n", rename(0, "b")), "on 01 limit 3 as b { }\n");
    assert_eq!(refused("on 01 { }\n", rename(0, "a b")), EditError::BadName("a b".into()));
    assert_eq!(refused("> 01", rename(0, " ")), EditError::BadName(" ".into()));
    let off = |off| Edit::SetOff { entry: 0, off };
    assert_eq!(edited("  step 'a' # c\n> 01\n", off(true)), "  off step 'a' # c\n> 01\n");
    assert_eq!(edited("off  on 01 { }", off(false)), "on 01 { }");
    assert_eq!(edited("> 01", off(true)), "off step \"01\"\n> 01");
    let key = |key: Option<&str>| Edit::SetKey { entry: 0, key: key.map(str::to_owned) };
    assert_eq!(edited("step 'a' within 1s # c\n", key(Some("Alt+1"))), "step 'a' within 1s key Alt+1 # c\n");
    assert_eq!(edited("step 'a' key F5 within 1s\n", key(None)), "step 'a' within 1s\n");
    assert_eq!(edited("step 'a' key F5\n", key(Some("F6"))), "step 'a' key F6\n");
    let delay = |ms: Option<u64>| Edit::SetDelay { entry: 0, delay: ms.map(Duration::from_millis) };
    assert_eq!(edited("> 01 # c\n> 02\n", delay(Some(1500))), "> 01 # c\nwait 1500ms\n> 02\n");
    assert_eq!(edited("> 01; > 02\n", delay(Some(2000))), "> 01; wait 2s; > 02\n");
    assert_eq!(edited("> 01\nwait 5ms # c\n> 02\n", delay(Some(7))), "> 01\nwait 7ms # c\n> 02\n");
    assert_eq!(edited("> 01\nwait 5ms\n> 02\n", delay(None)), "> 01\n> 02\n");
    assert_eq!(edited("> 01; wait 5ms\n", delay(None)), "> 01\n");
}

#[test]
fn a_repetition_is_put_around_and_taken_away() {
    let repeat = |count, ms: Option<u64>| {
        let every = ms.map(Duration::from_millis);
        Edit::SetRepeat { entry: 0, repeat: Some(Repetition { count, every }) }
    };
    let none = Edit::SetRepeat { entry: 0, repeat: None };
    let source = "step 'a'\n> 01 # c\n< 02\nwait 1s\n";
    let wrapped = edited(source, repeat(Some(3), Some(20)));
    assert_eq!(wrapped, "step 'a'\nrepeat 3 every 20ms {\n  > 01 # c\n  < 02\n}\nwait 1s\n");
    assert_eq!(edited(&wrapped, repeat(None, None)), "step 'a'\nrepeat {\n  > 01 # c\n  < 02\n}\nwait 1s\n");
    assert_eq!(edited(&wrapped, none.clone()), source);
    assert_eq!(edited("repeat 3 until x > 1 { > 01 }", repeat(Some(4), None)), "repeat 4 until x > 1 { > 01 }");
    assert_eq!(edited("repeat 3 { > 01 }", none), "> 01");
    let document = Document::new(wrapped);
    let EntryKind::Step { command, .. } = &document.entries()[0].kind else { panic!() };
    assert_eq!(command.repeat, Some(Repetition { count: Some(3), every: Some(Duration::from_millis(20)) }));
    assert_eq!(command.delay, Some(Duration::from_secs(1)));
}

/// One entry as a user writes it.
fn entry() -> impl Strategy<Value = String> {
    let fixed = prop::sample::select(vec![
        "> 01 02",
        "> \"AT\\r\\n\"  # note",
        "> 01\n< 02 within 1s",
        "  > {{round:u16}}",
        "wait 5ms",
        "step \"读\"\n> 01\n# inside\n< \"OK\"",
        "step 'b' key F5 required\n\n> 01\nwait 20ms",
        "off step 'c'",
        "group \"组\"",
        "on 01 ?? {\n  > 02\n}",
        "off on open { > \"hi\" }",
        "var x = 1",
        "repeat 3 {\n  > 01\n}",
        "# about\n> 05",
        "repeat { > 01 }; wait 1s",
    ]);
    fixed.prop_map(str::to_owned)
}

fn source() -> impl Strategy<Value = String> {
    let gap = prop::sample::select(vec!["\n", "\n\n", "\n# gap\n\n", "\n", "; "]);
    let parts = prop::collection::vec((entry(), gap), 1..12);
    (parts, any::<bool>(), any::<bool>(), any::<bool>()).prop_map(|(parts, crlf, ends, version)| {
        let mut text = if version { "# file\ntalk 1\n".to_owned() } else { String::new() };
        let last = parts.len() - 1;
        for (at, (entry, gap)) in parts.into_iter().enumerate() {
            // A comment takes the rest of its line, also a `;`.
            let gap = if entry.contains('#') && gap == "; " { "\n" } else { gap };
            let gap = if at == last && gap == "; " { "\n" } else { gap };
            text.push_str(&entry);
            text.push_str(if at == last && !ends { "" } else { gap });
        }
        // A comment cannot follow a `;` without a line end.
        let text = text.replace("; # about\n", "\n# about\n");
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = (0..3_u8, 0..12_usize).prop_map(|(kind, at)| match kind {
        0 => Place::Before(at),
        1 => Place::After(at),
        _ => Place::End,
    });
    let n = 0..12_usize;
    prop_oneof![
        (place.clone(), entry()).prop_map(|(at, lines)| Edit::Insert { at, lines }),
        (n.clone(), entry()).prop_map(|(entry, lines)| Edit::Replace { entry, lines }),
        n.clone().prop_map(|entry| Edit::Delete { entry }),
        (n.clone(), place).prop_map(|(entry, to)| Edit::Move { entry, to }),
        (n.clone(), "[a-z读\"{\\\\]{1,5}").prop_map(|(entry, name)| Edit::Rename { entry, name }),
        (n.clone(), any::<bool>()).prop_map(|(entry, off)| Edit::SetOff { entry, off }),
        (n.clone(), prop::option::of("F[1-9]")).prop_map(|(entry, key)| Edit::SetKey { entry, key }),
        (n.clone(), prop::option::of(1..5000_u64))
            .prop_map(|(entry, ms)| Edit::SetDelay { entry, delay: ms.map(Duration::from_millis) }),
        (n, prop::option::of((prop::option::of(1..9_u64), Just(None)))).prop_map(|(entry, repeat)| Edit::SetRepeat {
            entry,
            repeat: repeat.map(|(count, every)| Repetition { count, every })
        }),
    ]
}

/// The lines of the other entries, each entry without the lines that the edit may add (`step` heads) or change.
fn others(document: &Document, without: Option<usize>) -> Vec<String> {
    let source = document.source();
    let entries = document.entries().iter().enumerate().filter(|(at, _)| Some(*at) != without);
    let texts = entries.map(|(_, entry)| entry.lines.of(source).trim_end().trim_end_matches(';').to_owned());
    texts.collect()
}

/// Whether `new` is `old` as it was, or with a `step` line before it.
fn is_as_before(old: &str, new: &str) -> bool {
    new == old || (new.starts_with("step \"") && new.split_once('\n').is_some_and(|(_, rest)| rest == old))
}

proptest! {
    #[test]
    fn edits_leave_all_other_entries_byte_for_byte(source in source(), edit in edit()) {
        let before = Document::new(source.clone());
        prop_assume!(before.errors().is_empty());
        let mut after = before.clone();
        if after.apply(&edit).is_err() {
            prop_assert_eq!(after.source(), source);
            return Ok(());
        }
        // What was written is read again as what is in memory.
        prop_assert_eq!(&Document::new(after.source().to_owned()), &after);
        prop_assert!(after.errors().is_empty(), "{}", after.source());
        let without = match edit {
            Edit::Insert { .. } | Edit::Move { .. } => None,
            _ => Some(edit.target()),
        };
        let mut left = others(&after, None);
        for old in others(&before, without) {
            let found = left.iter().position(|new| is_as_before(&old, new));
            prop_assert!(found.is_some(), "{old:?} is gone from {:?}", after.source());
            left.remove(found.unwrap_or(0));
        }
        // Comments stay as well. (One between the statements of a step is a part of it.)
        let comments = |text: &str| text.lines().filter(|line| line.trim_start().starts_with("# gap")).count();
        if !matches!(edit, Edit::Replace { .. } | Edit::Delete { .. }) {
            prop_assert_eq!(comments(after.source()), comments(&source));
        }
        if matches!(edit, Edit::Move { .. } | Edit::Rename { .. } | Edit::SetOff { .. } | Edit::SetKey { .. }) {
            prop_assert_eq!(after.entries().len(), before.entries().len(), "{}", after.source());
        }
    }

    #[test]
    fn the_source_is_kept(source in source()) {
        let document = Document::new(source.clone());
        prop_assert_eq!(document.source(), &source);
        let pieces = super::pieces::cut(&document);
        prop_assert_eq!(super::pieces::join(&pieces, "\n"), source);
    }
}
