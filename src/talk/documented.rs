//! Checks the examples, the talk files in the documentation and the grammar for editors.

use super::{Outside, read, vocabulary};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn assert_good(name: &str, source: &str) {
    let errors = read(source, &Outside::default()).errors;
    let places: Vec<_> = errors.iter().map(|error| (error.span.of(source), &error.kind)).collect();
    assert!(errors.is_empty(), "{name}: {places:?}\n{source}");
}

/// The blocks of a page that are marked as talk files.
fn blocks(page: &str) -> Vec<&str> {
    page.split("```talk\n").skip(1).filter_map(|block| block.split("```").next()).collect()
}

#[test]
fn every_example_is_without_errors() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "talk") {
            assert_good(&path.display().to_string(), &fs::read_to_string(&path).unwrap());
            count += 1;
        }
    }
    assert!(count >= 6, "{count}");
}

#[test]
fn every_talk_file_of_the_pages_is_without_errors() {
    let pages = ["docs/TALK.md", "docs/TALK.zh-CN.md"].map(|page| fs::read_to_string(root().join(page)).unwrap());
    let counts = pages.each_ref().map(|page| blocks(page).len());
    assert!(counts[0] >= 8 && counts[0] == counts[1], "both languages have the same examples: {counts:?}");
    for page in &pages {
        blocks(page).into_iter().for_each(|block| assert_good("a page", block));
        // Each word of the language and each function is explained.
        for word in vocabulary::TOP.iter().chain(vocabulary::STATEMENTS).chain(vocabulary::INNER) {
            assert!(has_word(page, word), "`{word}` is not in a page");
        }
        for function in vocabulary::FUNCTIONS {
            assert!(has_word(page, function.name), "`{}` is not in a page", function.name);
        }
    }
}

#[test]
fn the_grammar_for_editors_knows_every_word() {
    let text = fs::read_to_string(Path::new(&root()).join("assets/editors/talk.tmLanguage.json")).unwrap();
    let grammar: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(grammar["scopeName"], "source.talk");
    let words = grammar["repository"]["word"].to_string();
    for word in vocabulary::TOP.iter().chain(vocabulary::STATEMENTS).chain(vocabulary::INNER) {
        assert!(has_word(&words, word), "{word}");
    }
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '_';
        !text[..at].ends_with(is_letter) && !text[at + word.len()..].starts_with(is_letter)
    })
}
