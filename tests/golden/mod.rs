//! Golden files: a test compares an output with a file in the repository, so that a change is visible in review.
//! `UPDATE_GOLDEN=1` rewrites the files after an intended change.
//!
//! The tests inside the library include this file too.

use std::ffi::OsStr;
use std::path::Path;

/// Whether the value of `UPDATE_GOLDEN` asks for rewriting. Empty counts as unset: a script may pass the variable on empty.
fn asks_to_rewrite(value: Option<&OsStr>) -> bool {
    value.is_some_and(|value| !value.is_empty())
}

/// The first difference between `output` and `file` below the root of the repository; `None` if there is none, or if the file was
/// rewritten.
pub fn difference(file: &str, output: &[u8]) -> Option<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if asks_to_rewrite(std::env::var_os("UPDATE_GOLDEN").as_deref()) {
        let folder = path.parent().expect("a file of the repository is in a folder");
        std::fs::create_dir_all(folder).expect("create the folder of a golden file");
        std::fs::write(&path, output).expect("write a golden file");
        return None;
    }
    let Ok(mut written) = std::fs::read(&path) else { return Some(format!("{file}: cannot be read")) };
    if !output.contains(&b'\r') {
        // Git may check out text with the line ends of Windows.
        written = String::from_utf8_lossy(&written).replace("\r\n", "\n").into_bytes();
    }
    compared(&written, output).map(|difference| format!("{file}:{difference}; UPDATE_GOLDEN=1 rewrites it"))
}

fn compared(written: &[u8], output: &[u8]) -> Option<String> {
    if written == output {
        return None;
    }
    let [old, new] = [written, output].map(|bytes| bytes.split(|byte| *byte == b'\n').collect::<Vec<_>>());
    let at = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let shown =
        |lines: &[&[u8]]| lines.get(at).map_or("nothing".into(), |line| format!("{:?}", String::from_utf8_lossy(line)));
    Some(format!("{}: {} instead of {}", at + 1, shown(&new), shown(&old)))
}

#[test]
fn an_empty_variable_rewrites_nothing() {
    for (value, expected) in [(None, false), (Some(""), false), (Some("1"), true)] {
        assert_eq!(asks_to_rewrite(value.map(OsStr::new)), expected, "{value:?}");
    }
}

#[test]
fn the_first_difference_is_named() {
    assert_eq!(compared(b"a\nb\n", b"a\nb\n"), None);
    assert_eq!(compared(b"a\nb\n", b"a\nc\n"), Some("2: \"c\" instead of \"b\"".into()));
    assert_eq!(compared(b"a", b"a\nb"), Some("2: \"b\" instead of nothing".into()));
}
